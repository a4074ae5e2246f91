"""Names and titles that people give things in both systems."""

from __future__ import annotations


def normal_name(name: str) -> str:
    """Return the name without case and surplus blanks, to compare it with another."""
    return " ".join(name.split()).casefold()


def split_titles(text: str) -> tuple[str, ...]:
    """Return the titles in a text that separates them by commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))
