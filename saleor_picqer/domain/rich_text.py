"""Plain text of the rich text that Saleor keeps: Editor.js (3), Draft.js (2.10) or HTML.

Other programs may have written anything: a part that makes no sense is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, Final

# Characters. Picqer documents no limit; this one keeps a product's page in Picqer readable.
LONGEST: Final = 5000
# Levels of nested lists; deeper ones are left out.
_DEEPEST: Final = 20

# Tags that begin a new line.
_LINES: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure"),
        *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
# Tags whose content is not text.
_SILENT: Final = frozenset({"script", "style", "template", "title"})
# Keys of an Editor.js block's data with text, in the sequence in which readers see them.
_TEXT_KEYS: Final = ("title", "text", "message", "code", "html", "caption")


def plain_text(content: Any) -> str:
    """Return the text without markup, a line for each paragraph, of at most `LONGEST` characters.

    `content` is a rich text document as parsed JSON, or a text with HTML. List items begin with
    "- ", or with their number.
    """
    lines = _of_text(content) if isinstance(content, str) else _of_document(content)
    return shorten("\n".join(_tidy(lines)))


def shorten(text: str, longest: int = LONGEST) -> str:
    """Cut a text between two words, and mark the cut with an ellipsis."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    # A text without blanks is cut anywhere.
    at_blank = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:at_blank] if at_blank > longest // 2 else cut).rstrip() + "…"


def _tidy(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines that are not blank, with single blanks between words."""
    for line in lines:
        # NUL, which JSON can hold, is refused by many databases.
        if tidy := " ".join(line.replace("\x00", "").split()):
            yield tidy


# --- documents


def _of_document(document: Any) -> Iterator[str]:
    blocks = document.get("blocks") if isinstance(document, Mapping) else None
    number = 0
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Mapping):
            continue
        number = number + 1 if block.get("type") == "ordered-list-item" else 0
        if isinstance(block.get("text"), str):
            yield from _draft_lines(block, number)
        elif isinstance(data := block.get("data"), Mapping):
            yield from _editor_lines(data)


def _draft_lines(block: Mapping[str, Any], number: int) -> Iterator[str]:
    """Yield the lines of a Draft.js block, whose text has no markup."""
    kinds = {"unordered-list-item": "- ", "ordered-list-item": f"{number}. "}
    mark = kinds.get(str(block.get("type")), "")
    for line in block["text"].splitlines():
        yield f"{mark}{line}" if line.strip() else ""
        mark = ""


def _editor_lines(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of an Editor.js block: text, quote, code, list, checklist or table."""
    for key in _TEXT_KEYS:
        if isinstance(data.get(key), str):
            yield from _of_text(data[key])
    yield from _items(data.get("items"), ordered=data.get("style") == "ordered", depth=1)
    rows = data.get("content")
    for row in rows if isinstance(rows, list) else ():
        cells = [_inline(cell) for cell in row] if isinstance(row, list) else []
        yield " | ".join(filter(None, cells))


def _items(items: Any, *, ordered: bool, depth: int) -> Iterator[str]:
    """Yield the lines of a list, which may have lists in it."""
    if not isinstance(items, list) or depth > _DEEPEST:
        return
    number = 0
    for item in items:
        nested = item if isinstance(item, Mapping) else {}
        text = _inline(nested.get("content", nested.get("text")) if nested else item)
        if text:
            number += 1
            yield f"{number}. {text}" if ordered else f"- {text}"
        yield from _items(nested.get("items"), ordered=ordered, depth=depth + 1)


# --- HTML


def _inline(value: Any) -> str:
    return " ".join(" ".join(_of_text(value)).split()) if isinstance(value, str) else ""


def _of_text(html: str) -> Iterator[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    yield from "".join(reader.parts).splitlines()


class _Reader(HTMLParser):
    """Collects the text of HTML, with a line break at each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if not self._silent and tag in _SILENT:
            self._silent = tag
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)

    def _break(self, tag: str) -> None:
        if tag in _LINES:
            self.parts.append("\n")
