"""The examples in docs/testing.md are the tests that run."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "testing.md"
EXAMPLE = re.compile(r"<!-- source: (\S+)::(\S+) -->\n+```python\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(GUIDE.read_text())


def source(path: str, name: str) -> str:
    """Return the function or method with its decorators, without indentation."""
    text = (ROOT / path).read_text()
    node: ast.AST = ast.parse(text)
    for part in name.split("."):
        (node,) = [
            child
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.FunctionDef | ast.ClassDef) and child.name == part
        ]
    assert isinstance(node, ast.FunctionDef)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return dedent("\n".join(text.splitlines()[first - 1 : node.end_lineno])) + "\n"


def test_guide_has_an_example_for_each_source() -> None:
    assert len(EXAMPLES) == GUIDE.read_text().count("<!-- source: ") >= 7


@pytest.mark.parametrize(
    ("path", "name", "example"), EXAMPLES, ids=[name for _, name, _ in EXAMPLES]
)
def test_example_is_the_source_of_a_test(path: str, name: str, example: str) -> None:
    assert example == source(path, name)
