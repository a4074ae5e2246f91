"""Plain text of rich text, as a reader sees the text, also for broken documents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.rich_text import LONGEST, plain_text, shorten

EDITOR_JS = {
    "time": 1,
    "version": "2.24.3",
    "blocks": [
        {"id": "a", "type": "header", "data": {"text": "Red <b>mug</b>", "level": 2}},
        {
            "id": "b",
            "type": "paragraph",
            "data": {"text": "Tea &amp;&nbsp;coffee.<br>Hot&lt;cold."},
        },
        {"id": "c", "type": "list", "data": {"style": "ordered", "items": ["Fill", "Drink"]}},
        {
            "id": "d",
            "type": "list",
            "data": {
                "style": "unordered",
                "items": [
                    {"content": "Blue", "items": [{"content": "Sky", "items": []}]},
                    {"content": "Green", "items": []},
                ],
            },
        },
        {"id": "e", "type": "quote", "data": {"text": "Great", "caption": "Jan"}},
        {"id": "f", "type": "delimiter", "data": {}},
        {"id": "g", "type": "table", "data": {"content": [["Size", "<i>ml</i>"], ["S", "200"]]}},
        {"id": "h", "type": "checklist", "data": {"items": [{"text": "Safe", "checked": True}]}},
    ],
}

DRAFT_JS = {
    "blocks": [
        {"key": "a", "text": "Red mug", "type": "header-two", "depth": 0, "data": {}},
        {"key": "b", "text": "Tea < coffee\nHot", "type": "unstyled", "data": {}},
        {"key": "c", "text": "Fill", "type": "ordered-list-item", "data": {}},
        {"key": "d", "text": "Drink", "type": "ordered-list-item", "data": {}},
        {"key": "e", "text": "Blue", "type": "unordered-list-item", "data": {}},
        {"key": "f", "text": "", "type": "unstyled", "data": {}},
        {"key": "g", "text": "Great", "type": "blockquote", "data": {}},
    ],
    "entityMap": {},
}


def test_editor_js_becomes_lines() -> None:
    assert plain_text(EDITOR_JS).splitlines() == [
        "Red mug",
        "Tea & coffee.",
        "Hot<cold.",
        "1. Fill",
        "2. Drink",
        "- Blue",
        "- Sky",
        "- Green",
        "Great",
        "Jan",
        "Size | ml",
        "S | 200",
        "- Safe",
    ]


def test_draft_js_becomes_lines() -> None:
    assert plain_text(DRAFT_JS).splitlines() == [
        "Red mug",
        "Tea < coffee",
        "Hot",
        "1. Fill",
        "2. Drink",
        "- Blue",
        "Great",
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain text", "Plain text"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<ul><li>A</li><li>B</li></ul>", "A\nB"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("2 < 3 &amp; 4 > 3", "2 < 3 & 4 > 3"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
def test_html_loses_its_markup(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "content",
    [
        None,
        5,
        [],
        {},
        {"blocks": None},
        {"blocks": [None, 1, "text", {}, {"data": None}, {"data": {"items": 3, "content": "x"}}]},
        {"blocks": [{"data": {"items": [None, 3, {"content": None, "items": "x"}]}}]},
    ],
)
def test_nothing_comes_of_what_makes_no_sense(content: Any) -> None:
    assert plain_text(content) == ""


def test_lists_end_when_they_nest_without_end() -> None:
    item: dict[str, Any] = {"content": "deepest", "items": []}
    for number in range(900):
        item = {"content": str(number), "items": [item]}

    lines = plain_text({"blocks": [{"data": {"items": [item]}}]}).splitlines()

    assert lines[0] == "- 899"
    assert len(lines) == 20


def test_long_text_is_cut_between_two_words() -> None:
    text = plain_text("mug " * LONGEST)

    assert len(text) <= LONGEST
    assert text.endswith("mug…")
    assert len(plain_text("m" * 2 * LONGEST)) == LONGEST


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KEYS = st.sampled_from(["text", "items", "content", "data", "type", "style", "caption", "x"])
BLOCKS = st.lists(
    st.dictionaries(KEYS, st.recursive(JSON, lambda v: st.dictionaries(KEYS, v), max_leaves=5))
)


@given(st.one_of(JSON, BLOCKS.map(lambda blocks: {"blocks": blocks})))
def test_any_document_gives_a_bounded_text_that_can_be_stored(content: Any) -> None:
    text = plain_text(content)

    assert len(text) <= LONGEST
    assert "\x00" not in text
    assert all(line.strip() for line in text.splitlines())
    json.dumps(text)


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), max_size=10))
def test_every_word_stays_in_its_paragraph(paragraphs: list[str]) -> None:
    blocks = [{"type": "paragraph", "data": {"text": f"<b>{text}</b>"}} for text in paragraphs]

    assert plain_text({"blocks": blocks}).splitlines() == paragraphs


@given(st.text(), st.integers(1, 50))
def test_shortened_text_is_a_beginning_of_the_text(text: str, longest: int) -> None:
    short = shorten(text, longest)

    assert len(short) <= longest
    assert short == text or text.startswith(short.removesuffix("…"))
