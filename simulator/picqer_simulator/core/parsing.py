"""Readers of request bodies: one function per kind of field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from picqer_simulator.core.countries import COUNTRIES
from picqer_simulator.core.errors import INVALID_COUNTRY, MISSING_PARAMETER, ApiError
from picqer_simulator.core.models import Wire
from picqer_simulator.core.options import Options

Reader = Callable[[str, Any], Any]
Readers = Mapping[str, Reader]


def read(
    options: Options, body: Wire, readers: Readers, *, also: frozenset[str] = frozenset()
) -> Wire:
    """Return the checked fields of `body` that have a reader; raise ApiError 5 or 9.

    `also` names fields that the caller reads.
    """
    # The documentation does not say how Picqer treats unknown fields.
    unknown = body.keys() - readers.keys() - also
    if unknown and options.unknown_fields == "refuse":
        raise ApiError(MISSING_PARAMETER, f"Unknown: {', '.join(sorted(unknown))}")
    return {name: reader(name, body[name]) for name, reader in readers.items() if name in body}


def require(body: Wire, *names: str) -> None:
    """Raise ApiError 5 unless every name has a value that is neither null nor blank."""
    for name in names:
        if body.get(name) is None or not str(body[name]).strip():
            raise ApiError(MISSING_PARAMETER, f"Required: {name}")


def text(name: str, value: object) -> str:
    """Read a text; null becomes an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise _invalid(name, "a text")
    return str(value)


def integer(name: str, value: Any) -> int:
    """Read an integer, also from text."""
    try:
        # PHP accepts 2.0 and "2" as integers.
        number = float(value)
    except (TypeError, ValueError):
        raise _invalid(name, "an integer") from None
    if isinstance(value, bool) or not number.is_integer():
        raise _invalid(name, "an integer")
    return int(number)


def number(name: str, value: Any) -> float:
    """Read a number, also from text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _invalid(name, "a number")
    try:
        return float(value)
    except ValueError:
        raise _invalid(name, "a number") from None


def boolean(name: str, value: object) -> bool:
    """Read a boolean, also from text; null is false."""
    if value in (True, "true", "1"):
        return True
    if value in (False, None, "false", "0", ""):
        return False
    raise _invalid(name, "true or false")


def country(_name: str, value: object) -> str:
    """Read a country code; raise ApiError 9 for an unknown code."""
    if not isinstance(value, str) or value not in COUNTRIES:
        raise ApiError(INVALID_COUNTRY)
    return value


def mapping(name: str, value: object) -> Wire:
    """Read an object."""
    if not isinstance(value, dict):
        raise _invalid(name, "an object")
    return value


def choice(*choices: str) -> Reader:
    """Return a reader that accepts only the given values."""

    def reader(name: str, value: object) -> object:
        if value not in choices:
            raise _invalid(name, f"one of {', '.join(choices)}")
        return value

    return reader


def optional(inner: Reader) -> Reader:
    """Return a reader that accepts null and the empty text as null."""

    def reader(name: str, value: object) -> Any:
        return None if value is None or value == "" else inner(name, value)

    return reader


def _invalid(name: str, kind: str) -> ApiError:
    """Build the error for a field of the wrong kind."""
    return ApiError(MISSING_PARAMETER, f"{name} is not {kind}")
