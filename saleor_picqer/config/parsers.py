"""Parsers of the settings' texts. Each raises ValueError saying what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.names import normal_name
from saleor_picqer.domain.percentages import parse_percentage

# Characters. Picqer documents no maximum length of a reference; this leaves room for the number.
_LONGEST_PREFIX: Final = 30
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
# Characters of a token that cannot be guessed.
_SHORTEST_TOKEN: Final = 20
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]*")
_EMAIL_ADDRESS: Final = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:.]+(\.[^\s@<>(),;:.]+)+")


def email_address(text: str) -> str:
    """Return the address as it was written."""
    # More than its form only a message to the address would show.
    if not _EMAIL_ADDRESS.fullmatch(text):
        raise ValueError("write an e-mail address such as ops@example.com")
    return text


def email_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a list separated by commas."""
    return tuple(email_address(part.strip()) for part in text.split(",") if part.strip())


def percentage(text: str) -> Decimal | None:
    """Return the percentage, or None for an empty text."""
    if not text:
        return None
    try:
        return parse_percentage(text)
    except ValueError:
        raise ValueError("write a percentage such as 21") from None


def seconds(longest: int) -> Callable[[str], int]:
    """Return a parser of whole seconds from 0 to `longest`; an empty text is 0."""

    def parse(text: str) -> int:
        if text and not (text.isascii() and text.isdecimal() and int(text) <= longest):
            raise ValueError(f"write whole seconds from 0 to {longest}")
        return int(text or 0)

    return parse


def whole_number(text: str) -> int | None:
    """Return the number, or None for an empty text."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("write a whole number such as 2")
    return int(text)


def moment(text: str) -> datetime | None:
    """Return a date, with or without a time, as a moment in UTC; None for an empty text."""
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write a date such as 2026-03-01, or 2026-03-01 08:30") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


@dataclass(frozen=True)
class OneOf[E: StrEnum]:
    """A parser of one of an enum's values, in upper or lower case."""

    choices: type[E]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(one.value for one in self.choices)

    def __call__(self, text: str) -> E:
        try:
            return self.choices(" ".join(text.lower().split()))
        except ValueError:
            allowed = " or ".join(f'"{value}"' for value in self.choices)
            raise ValueError(f"write {allowed}") from None


def choice[E: StrEnum](choices: type[E]) -> OneOf[E]:
    """Return a parser of one of the enum's values, in upper or lower case."""
    return OneOf(choices)


def by_shipping_method(text: str) -> Mapping[str, str]:
    """Parse `Parcel = 12; Courier = Express; * = 3` into values by normal method name."""
    return _pairs(text, "method = id or name")


def adoptions(text: str) -> Mapping[str, str]:
    """Parse `Main = amsterdam; 3 = Shop floor` into values by normal name in Picqer."""
    return _pairs(text, "warehouse in Picqer = warehouse in Saleor")


def _pairs(text: str, form: str) -> Mapping[str, str]:
    found = {}
    for entry in filter(None, map(str.strip, text.split(";"))):
        name, equals, value = entry.rpartition("=")
        if not (equals and name.strip() and value.strip()):
            raise ValueError(f'write "{form}", entries separated by semicolons')
        found[normal_name(name)] = value.strip()
    return found


def language(text: str) -> str:
    """Return a code of a language in lower case, or an empty text."""
    code = text.lower().replace("_", "-")
    if code and not _LANGUAGE.fullmatch(code):
        raise ValueError("write a code such as nl or pt-br")
    return code


def reference_prefix(text: str) -> str:
    """Return the prefix as it was written."""
    if len(text) > _LONGEST_PREFIX:
        raise ValueError(f"write at most {_LONGEST_PREFIX} characters")
    return text


def time_of_day(text: str) -> time | None:
    """Return the time of day; None for `off` or an empty text."""
    if text.lower() in ("", "off"):
        return None
    try:
        parsed = datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - only the time counts
    except ValueError:
        raise ValueError("write a time such as 02:30, or off") from None
    return parsed.time()


def token(text: str) -> str:
    """Return the token as it was written; blank when there is none."""
    if text and (len(text) < _SHORTEST_TOKEN or not _TOKEN.fullmatch(text)):
        raise ValueError(
            f"write at least {_SHORTEST_TOKEN} characters, of A to Z, a to z, 0 to 9, - and _"
        )
    return text
