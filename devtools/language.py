"""Measure how the project reads: docstrings, comments and avoided words.

    python -m devtools.language [--list] [PATH...]

The figures cover every tracked file, or the given files and folders. `--list` adds each place that
counts against a figure. `tests/unit/test_language.py` holds the figures.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
AREAS: Final = ("saleor_picqer", "simulator", "devtools", "example_project", "tests")

# Written in parts, so that the pattern does not match the line it stands on.
AVOIDED: Final = re.compile(r"\b(?:some|no)bod(?:y|ies)\b|\bwho(?:ever)\b", re.IGNORECASE)
OWNS: Final = re.compile(r"Owns\b")

STAND_INS: Final = frozenset(
    """
    it its itself they them their theirs themselves this that these those here there one ones
    who whose whom someone anyone everyone something anything nothing everything such so
    """.split()  # noqa: SIM905
)
# Verbs with which a docstring may begin, in the imperative. Add one that is missing.
VERBS: Final = frozenset((ROOT / "devtools" / "verbs.txt").read_text().split())
# After one of these words, a first word that can be both is a noun: "Count of orders".
_NOUN_FOLLOWERS: Final = {"of", "per", "as", "by", "is", "are", "was"}
_DIRECTIVES: Final = re.compile(r"#\s*(?:noqa|type:|pragma|fmt:|ruff:|codespell:|!)")

_ROW: Final = "{:16} {:>11} {:>11} {:>15} {:>18}"

type Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """A line that counts against a figure."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass
class Figures:
    """Counts for a set of files, with the places behind them."""

    function_docstrings: int = 0
    words: int = 0
    stand_ins: int = 0
    code_lines: int = 0
    comment_lines: int = 0
    without_verb: list[Place] = field(default_factory=list)
    many_stand_ins: list[Place] = field(default_factory=list)
    avoided: list[Place] = field(default_factory=list)
    owns: list[Place] = field(default_factory=list)

    @property
    def verb_share(self) -> float:
        """Percentage of function docstrings that begin with a verb."""
        if not self.function_docstrings:
            return 100.0
        return 100 * (1 - len(self.without_verb) / self.function_docstrings)

    @property
    def stand_in_share(self) -> float:
        """Percentage of docstring words that are pronouns or stand-ins."""
        return 100 * self.stand_ins / max(self.words, 1)

    @property
    def comment_density(self) -> float:
        """Comment lines per 100 lines of code."""
        return 100 * self.comment_lines / max(self.code_lines, 1)

    def places(self) -> list[Place]:
        return [*self.avoided, *self.owns, *self.without_verb, *self.many_stand_ins]


def tracked_files(*paths: str) -> list[Path]:
    """Return the tracked Python and Markdown files below the paths, relative to the root.

    Without paths, return all of them.
    """
    command = ["git", "ls-files", "-z", "--", *paths]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = (Path(name) for name in listed.split("\0") if name)
    # `exists`: a file that was just moved is still in git's index.
    return [file for file in files if file.suffix in {".py", ".md"} and (ROOT / file).exists()]


def measure(paths: Iterable[Path]) -> Figures:
    """Count docstrings, comments and avoided words in the files; paths are relative to the root."""
    figures = Figures()
    for path in paths:
        text = (ROOT / path).read_text(encoding="utf-8")
        _count_avoided(figures, path, text)
        if path.suffix == ".py":
            documented = list(_docstrings(ast.parse(text)))
            _count_docstrings(figures, path, documented)
            _count_comments(figures, text, _docstring_lines(documented))
    return figures


def begins_with_verb(docstring: str) -> bool:
    """Tell whether the first word is a verb in the imperative."""
    first, second = [*_words(docstring)[:2], "", ""][:2]
    return first in VERBS and second not in _NOUN_FOLLOWERS


def _count_avoided(figures: Figures, path: Path, text: str) -> None:
    figures.avoided += [
        Place(path, number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if AVOIDED.search(line)
    ]


def _count_docstrings(
    figures: Figures, path: Path, documented: Iterable[tuple[Documented, str]]
) -> None:
    for node, docstring in documented:
        words = _words(docstring)
        stand_ins = sum(word in STAND_INS for word in words)
        figures.words += len(words)
        figures.stand_ins += stand_ins
        place = Place(path, getattr(node, "lineno", 1), _first_sentence(docstring))
        # A docstring of few words may hold a stand-in; in a long one, every tenth is many.
        if stand_ins > max(1, len(words) // 10):
            figures.many_stand_ins.append(place)
        if OWNS.match(docstring):
            figures.owns.append(place)
        if _is_measured_function(node):
            figures.function_docstrings += 1
            if not begins_with_verb(docstring):
                figures.without_verb.append(place)


def _is_measured_function(node: Documented) -> bool:
    """Tell whether the docstring should begin with a verb.

    A test's name says what it checks, and a property is read like an attribute.
    """
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    is_property = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
    return not is_property and not node.name.startswith("test_")


def _count_comments(figures: Figures, text: str, docstring_lines: set[int]) -> None:
    code, comments = set[int](), set[int]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            if not _DIRECTIVES.match(token.string):
                comments.add(token.start[0])
        elif token.string.strip() and token.type != tokenize.ENDMARKER:
            code.update(range(token.start[0], token.end[0] + 1))
    figures.code_lines += len(code - docstring_lines)
    figures.comment_lines += len(comments)


def _docstrings(node: ast.AST) -> Iterator[tuple[Documented, str]]:
    """Yield every module, class and function with a docstring, and the docstring."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        docstring = ast.get_docstring(node)
        if docstring:
            yield node, docstring
    for child in ast.iter_child_nodes(node):
        # Expressions hold no definitions: without them, the walk takes a fifth of the time.
        if not isinstance(child, ast.expr):
            yield from _docstrings(child)


def _docstring_lines(documented: Iterable[tuple[Documented, str]]) -> set[int]:
    lines = set[int]()
    for node, _ in documented:
        statement = node.body[0]
        lines.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+(?:-[a-z]+)*", text.lower())


def _first_sentence(docstring: str) -> str:
    return " ".join(docstring.split("\n\n", 1)[0].split())


def _print_row(name: str, figures: Figures) -> None:
    avoided = len(figures.avoided) + len(figures.owns)
    shares = f"{figures.verb_share:.1f} %", f"{figures.stand_in_share:.1f} %"
    print(_ROW.format(name, *shares, avoided, f"{figures.comment_density:.1f}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Return 0, whatever they are."""
    parser = argparse.ArgumentParser(prog="python -m devtools.language")
    parser.add_argument("--list", action="store_true", help="also list what counts against them")
    parser.add_argument("paths", nargs="*", help="files and folders (default: everything tracked)")
    options = parser.parse_args(arguments)
    files = tracked_files(*options.paths)
    print(_ROW.format("", "verb first", "stand-ins", "avoided words", "comments per 100"))
    for area in AREAS:
        if part := [file for file in files if file.parts[0] == area]:
            _print_row(area, measure(part))
    figures = measure(files)
    _print_row("all", figures)
    if options.list:
        print(*figures.places(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
