"""Names and titles given by people in both systems."""

from __future__ import annotations


def normal_name(name: str) -> str:
    """Return the name without case and surplus blanks, for comparisons."""
    return " ".join(name.split()).casefold()


def split_titles(text: str) -> tuple[str, ...]:
    """Return the titles in a comma-separated text."""
    return tuple(filter(None, map(str.strip, text.split(","))))
