"""Pick-up points, parsed from JSON into what Picqer accepts (Picqer API: pickup point data)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

_TEXTS: Final = (
    "carrier",
    "id",
    "name",
    "street",
    "house_number",
    "zipcode",
    "city",
    "location_code",
    "retail_network_id",
)
_ADDRESS: Final = ("street", "zipcode", "city", "country")
_LONGEST: Final = 4000
_LARGEST_NUMBER: Final = 2**31


def pickup_point(text: str) -> dict[str, Any]:
    """Return the parts of a pick-up point known to Picqer, without other parts.

    Raises ValueError or RecursionError.
    """
    # The shop's visitors can write this text, so everything that Picqer or the JSON encoder could
    # fail on is refused.
    if len(text) > _LONGEST:
        raise ValueError("too long")
    given = _object(json.loads(text, parse_constant=_no_number))
    parts = {name: _text(given.get(name)) for name in _TEXTS}
    parts["country"] = country_code(country) if (country := _text(given.get("country"))) else ""
    point: dict[str, Any] = {name: part for name, part in parts.items() if part}
    if "carrier" not in point or not ("id" in point or all(part in point for part in _ADDRESS)):
        raise ValueError("no point")
    if options := _options(given.get("options")):
        point["options"] = options
    json.dumps(point, ensure_ascii=False).encode()  # lone surrogates are not UTF-8
    return point


def country_code(text: str) -> str:
    """Return the code in upper case; raises ValueError for other texts than two letters."""
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError("no country code")
    return text.upper()


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - the text is wrong, not the program
    return value


def _text(value: object) -> str:
    # Shops write house numbers and ids as numbers, too.
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("no text")  # noqa: TRY004
    return str(value).strip()


def _options(value: object) -> dict[str, Any]:
    options = dict(_object(value or {}))
    if not all(_is_plain(option) for option in options.values()):
        raise ValueError("no plain option")
    return options


def _is_plain(option: object) -> bool:
    if isinstance(option, int):
        return abs(option) < _LARGEST_NUMBER
    return isinstance(option, str)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
