"""Lists: pages of at most 100 records, `offset`, and filters that must all match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from picqer_simulator.core.options import Options

PAGE_SIZE = 100

Query = Mapping[str, str]
Filters = Mapping[str, Callable[[Any, str], bool]]


def page[R](
    options: Options, records: Iterable[R], query: Query, filters: Filters | None = None
) -> list[R]:
    """Return one page of the matching records. Unknown parameters have no effect."""
    found = list(records)
    for name, test in (filters or {}).items():
        if name in query:
            found = [record for record in found if test(record, query[name])]
    if options.list_order == "newest_first":
        found.reverse()
    offset = _offset(query)
    return found[offset : offset + PAGE_SIZE]


def _offset(query: Query) -> int:
    """Return the offset of a query; an invalid offset counts as 0."""
    text = query.get("offset", "0")
    return int(text) if text.isdigit() else 0


def equals(attribute: str) -> Callable[[object, str], bool]:
    """Return a filter that compares an attribute with the wanted text."""
    return lambda record, wanted: str(getattr(record, attribute)) == wanted


def is_true(attribute: str) -> Callable[[object, str], bool]:
    """Return a filter that compares a boolean attribute with the wanted value."""
    return lambda record, wanted: getattr(record, attribute) == is_set(wanted)


def since_id(attribute: str) -> Callable[[object, str], bool]:
    """Return a filter for attributes above the given id."""
    return lambda record, bound: bound.isdigit() and getattr(record, attribute) > int(bound)


def before_id(attribute: str) -> Callable[[object, str], bool]:
    """Return a filter for attributes below the given id."""
    return lambda record, bound: bound.isdigit() and getattr(record, attribute) < int(bound)


def since(attribute: str) -> Callable[[object, str], bool]:
    """Return a filter for attributes at or after the given moment."""
    return lambda record, moment: (getattr(record, attribute) or "") >= moment


def until(attribute: str) -> Callable[[object, str], bool]:
    """Return a filter for attributes at or before the given moment."""
    # A record without the timestamp never matches an upper bound.
    return lambda record, moment: "" < (getattr(record, attribute) or "") <= moment


def contains(*attributes: str) -> Callable[[object, str], bool]:
    """Return a filter for attributes that contain the words in any case."""

    def test(record: object, words: str) -> bool:
        texts = (str(getattr(record, attribute) or "") for attribute in attributes)
        return any(words.casefold() in text.casefold() for text in texts)

    return test


def is_set(value: str) -> bool:
    """Return whether a query parameter means true."""
    return value.lower() not in ("false", "0")
