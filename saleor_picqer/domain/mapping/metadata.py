"""Values in the metadata of orders, lines and shipping methods: texts to be parsed.

Staff and apps write private metadata: a value that makes no sense stops the order with an error
that names the key. Visitors can write public metadata (Saleor copies it from the checkout): a value
that makes no sense is ignored, so that no visitor can stop an order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from saleor_picqer.domain.mapping.pickup_points import country_code, pickup_point
from saleor_picqer.domain.names import split_titles
from saleor_picqer.domain.percentages import parse_percentage
from saleor_picqer.errors import DataError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value with a parser."""

    # What the text has to be, for staff and docs.
    description: str
    # Raises ValueError for another text.
    read: Callable[[str], Any]
    # What clears the field in Picqer.
    blank: str | None = None


def private_value(kind: Kind, key: str, texts: Mapping[str, str], owner: str) -> Any:
    """Return the value under `key`, None for a missing or blank text.

    Raises DataError that names the key without the plugin's prefix and the owner ("the order"),
    but not the value, which may be personal data.
    """
    return metadata_value(kind, key, texts, owner, "Private metadata")


def metadata_value(
    kind: Kind, key: str, texts: Mapping[str, str], owner: str, called: str = "Metadata"
) -> Any:
    """Return the value under `key` of metadata that only staff and apps can write, public or not.

    `called` is what the error calls the metadata; otherwise like `private_value`.
    """
    try:
        return _read(kind, texts.get(key))
    except ValueError:
        problem = f'{called} "{key}" of {owner} should be {kind.description}'
    # Outside the `except`, so that the value does not travel along as the error's context.
    raise DataError(f"{problem}. Correct it in Saleor.")


def public_value(kind: Kind, key: str, texts: Mapping[str, str]) -> Any:
    """Return the value under `key`, None for a missing, blank or invalid text."""
    try:
        return _read(kind, texts.get(key))
    except ValueError:
        return None


def _read(kind: Kind, text: object) -> Any:
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    if not isinstance(text, str):
        raise ValueError("no text")  # noqa: TRY004 - metadata that another program wrote
    try:
        return kind.read(text.strip())
    except RecursionError as error:
        raise ValueError(type(error).__name__) from None


# --- readers


_FLAGS: Final = {
    **dict.fromkeys(("true", "yes", "1", "on"), True),
    **dict.fromkeys(("false", "no", "0", "off"), False),
}


def _flag(text: str) -> bool:
    return _choice(_FLAGS, text.lower())


def _language(text: str) -> str:
    return _choice({"nl": "nl", "en": "en"}, text.lower())


def _choice[T](choices: Mapping[str, T], text: str) -> T:
    if text not in choices:
        raise ValueError("none of the choices")
    return choices[text]


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ValueError("no id")
    return int(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("no whole number")
    return int(text)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError("no number") from None
    if not (amount.is_finite() and 0 <= amount < 10**9):
        raise ValueError("no amount")
    return amount


def _ids(text: str) -> list[int]:
    return [_id(part.strip()) for part in text.split(",")]


# --- kinds

TEXT: Final = Kind("a text", str, blank="")
FLAG: Final = Kind("`true` or `false`", _flag)
PERCENTAGE: Final = Kind("a percentage such as `12.5`", parse_percentage)
NUMBER: Final = Kind("a whole number such as `12`", _number)
AMOUNT: Final = Kind("an amount such as `12.50`", _amount)
ID: Final = Kind("an id of Picqer's, such as `12`", _id)
IDS: Final = Kind("ids of Picqer's, such as `12, 18`", _ids)
LANGUAGE: Final = Kind("`nl` or `en`", _language)
COUNTRY: Final = Kind("a country code of two letters", country_code)
DATE: Final = Kind("a date such as `2026-03-31`", date.fromisoformat)
TITLES: Final = Kind("titles, separated by commas", split_titles)
POINT: Final = Kind(
    "JSON with `carrier` and either `id` or `street`, `zipcode`, `city` and `country`",
    pickup_point,
)
