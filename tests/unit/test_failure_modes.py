"""Each failure mode is named by a test.

Their numbers are those of the project's list of failures that integrations of this kind have met;
a test names its own in its docstring: "Failure mode F12".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "tests", ROOT / "simulator/tests")
NAMED = re.compile(r"[Ff]ailure modes? (F\d+(?:(?:, | and )F\d+)*)")

# The highest number of the list.
LAST = 123


def _test_files() -> list[Path]:
    found = [path for folder in FOLDERS for path in folder.rglob("test_*.py")]
    return [path for path in found if path != Path(__file__)]


def named() -> frozenset[str]:
    sources = (path.read_text() for path in _test_files())
    groups = (group for source in sources for group in NAMED.findall(source))
    return frozenset(name for group in groups for name in re.findall(r"F\d+", group))


@pytest.mark.parametrize("number", range(1, LAST + 1))
def test_failure_mode_is_named_by_a_test(number: int) -> None:
    assert f"F{number}" in named()
