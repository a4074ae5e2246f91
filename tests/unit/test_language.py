"""The language of code and documents: plain words, verbs first, reasons in comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtools.language import AVOIDED, begins_with_verb, measure, tracked_files

MIN_VERB_SHARE = 70
MAX_STAND_IN_SHARE = 4
MIN_COMMENT_DENSITY, MAX_COMMENT_DENSITY = 2, 5


@pytest.mark.parametrize("docstring", ["Return the order.", "Re-read it", "Count the orders."])
def test_sees_a_verb_when_the_docstring_begins_with_one(docstring: str) -> None:
    assert begins_with_verb(docstring)


@pytest.mark.parametrize("docstring", ["The order.", "Count of orders.", "Returns the order."])
def test_sees_no_verb_when_the_docstring_begins_otherwise(docstring: str) -> None:
    assert not begins_with_verb(docstring)


def test_sees_avoided_words_in_any_case() -> None:
    assert AVOIDED.search("Some" + "body else")
    assert not AVOIDED.search("some body of text")


def test_counts_comments_and_docstrings_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "example.py"
    file.write_text('"""The example."""\n\n# A reason.\nONE = 1\n\n\ndef f():\n    """It."""\n')

    found = measure([file])

    assert (found.code_lines, found.comment_lines) == (2, 1)
    assert (found.words, found.stand_ins) == (3, 1)
    assert [place.line for place in found.without_verb] == [7]


def test_code_and_documents_keep_to_plain_words() -> None:
    # A single test: reading every file takes seconds, in each worker that needs the figures.
    figures = measure(tracked_files())

    assert [str(place) for place in (*figures.avoided, *figures.owns)] == []
    assert figures.verb_share >= MIN_VERB_SHARE, "see: make language ARGS=--list"
    assert figures.stand_in_share <= MAX_STAND_IN_SHARE, "see: make language ARGS=--list"
    assert MIN_COMMENT_DENSITY <= figures.comment_density <= MAX_COMMENT_DENSITY
