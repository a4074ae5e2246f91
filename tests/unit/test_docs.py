"""The documents agree with the code and with each other."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# mkdocs checks the links of the pages in docs/; these are outside its site.
OUTSIDE_SITE = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
DOCUMENTS = [*OUTSIDE_SITE, *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob(".github/*.md"))]
FOLDERS = "devtools|docs|example_project|requirements|saleor_picqer|simulator|tests"

CODE = re.compile(r"^ *```\w*\n(?P<block>.*?)^ *```|`(?P<span>[^`\n]+)`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
CODE_PATH = re.compile(rf"`((?:{FOLDERS})/[\w./*-]*)`")
MAKE = re.compile(r"\bmake ((?:[a-z][a-z-]*\b ?)+)")
COMMAND = re.compile(r"manage\.py picqer ([a-z][a-z-]*)")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub and mkdocs make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    words = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return frozenset(re.sub(r"\s+", "-", text) for text in words)


def code(path: Path) -> Iterator[str]:
    """Yield the fenced blocks and code spans of a page."""
    for found in CODE.finditer(path.read_text()):
        yield found["block"] or found["span"]


def test_generated_tables_are_up_to_date() -> None:
    command = [sys.executable, "-m", "devtools.write_docs", "--check"]

    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603

    assert result.returncode == 0, f"{result.stderr}run: make docs"


@pytest.mark.parametrize("document", OUTSIDE_SITE, ids=relative)
def test_links_lead_to_a_file_and_a_heading(document: Path) -> None:
    for target, anchor in LINK.findall(document.read_text()):
        path = document.parent / target if target else document
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), f"{target}#{anchor}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_named_files_exist(document: Path) -> None:
    for name in CODE_PATH.findall(document.read_text()):
        assert any(ROOT.glob(name.rstrip("/"))), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word for text in code(document) for words in MAKE.findall(text) for word in words.split()
    }

    assert named <= targets, named - targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_words_of_the_command_exist(document: Path) -> None:
    sources = (ROOT / "saleor_picqer/management/actions").glob("*.py")
    known = {
        word for source in sources for word in re.findall(r'name = "([\w-]+)"', source.read_text())
    }
    named = set(COMMAND.findall(document.read_text()))

    assert named <= known, named - known


def test_dependency_decision_names_every_required_package() -> None:
    (decision,) = ROOT.glob("docs/decisions/0002-*.md")
    required = {
        re.split(r"[\s<>=\[;]", line, maxsplit=1)[0]
        for source in ROOT.glob("requirements/*.in")
        for line in source.read_text().splitlines()
        if line[:1].isalpha()
    }
    named = set(re.findall(r"[\w-]+", decision.read_text()))

    assert required <= named, required - named
