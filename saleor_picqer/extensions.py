"""What a shop adds to its orders in Picqer: the Django setting `SALEOR_PICQER`.

    SALEOR_PICQER = {
        "order_fields": "shop.picqer.order_fields",
        "order_line_fields": "shop.picqer.order_line_fields",
        "metadata_prefix": "picqer.",
    }

`order_fields(order)` gets Saleor's `Order`, `order_line_fields(line)` its `OrderLine`, whose
`line.order` is at hand; each returns a mapping of Picqer's field names to values. They are named by
their dotted path or are the callables themselves. All keys may be left out.

What is wrong with the setting is a system check's error when Saleor starts, and a `SettingsError`
when it is used all the same: orders then wait until it is mended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from saleor_picqer.errors import SettingsError

logger = logging.getLogger(__name__)

SETTING: Final = "SALEOR_PICQER"
DEFAULT_PREFIX: Final = "picqer."
CALLABLES: Final = ("order_fields", "order_line_fields")
KEYS: Final = (*CALLABLES, "metadata_prefix")


class Problem(NamedTuple):
    """Something wrong with the setting; `code` is that of the system check."""

    code: str
    message: str


def order_fields(order: Any) -> dict[str, Any]:
    """What the shop's own code adds to this order (Saleor's). Raises SettingsError."""
    return _fields("order_fields", order)


def order_line_fields(line: Any) -> dict[str, Any]:
    """What the shop's own code adds to this line (Saleor's). Raises SettingsError."""
    return _fields("order_line_fields", line)


def metadata_prefix() -> str:
    """What the keys of metadata that is meant for us begin with. Raises SettingsError."""
    prefix = _value().get("metadata_prefix", DEFAULT_PREFIX)
    _refuse(_problems_of_prefix(prefix))
    return str(prefix)


def problems() -> Iterator[Problem]:
    """All that is wrong with the setting."""
    value = getattr(settings, SETTING, {})
    yield from _problems_of_shape(value)
    if isinstance(value, Mapping):
        for key in CALLABLES:
            yield from _problems_of_callable(key, value.get(key))
        yield from _problems_of_prefix(value.get("metadata_prefix", DEFAULT_PREFIX))


def _value() -> Mapping[str, Any]:
    value: Any = getattr(settings, SETTING, {})
    _refuse(_problems_of_shape(value))
    found: Mapping[str, Any] = value
    return found


def _refuse(found: Iterator[Problem]) -> None:
    """Raises SettingsError for the first problem there is."""
    for problem in found:
        raise SettingsError(SETTING, problem.message)


def _problems_of_shape(value: object) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem("E001", f"it has to be a dict with the keys {', '.join(KEYS)}")
        return
    for key in sorted(map(str, value.keys() - set(KEYS))):
        yield Problem("E002", f'"{key}" is none of its keys, which are {", ".join(KEYS)}')


def _problems_of_callable(key: str, named: Any) -> Iterator[Problem]:
    if named is None or callable(named):
        return
    try:
        found = import_string(named)
    except (ImportError, AttributeError, TypeError):
        yield Problem("E003", f'{key} "{named}" cannot be imported')
        return
    if not callable(found):
        yield Problem("E003", f'{key} "{named}" is no function')


def _problems_of_prefix(prefix: object) -> Iterator[Problem]:
    if not (isinstance(prefix, str) and prefix.strip()):
        yield Problem("E004", 'metadata_prefix has to be a text such as "picqer."')


# --- calling the shop's own code


def _fields(key: str, subject: Any) -> dict[str, Any]:
    named = _value().get(key)
    if named is None:
        return {}
    _refuse(_problems_of_callable(key, named))
    function: Callable[[Any], Any] = named if callable(named) else import_string(named)
    found, outcome = _call(function, subject)
    if not isinstance(found, Mapping):
        raise SettingsError(SETTING, f'{key} "{_name(named)}" {outcome}')
    return {str(name): value for name, value in found.items()}


def _call(function: Callable[[Any], Any], subject: Any) -> tuple[Any, str]:
    """What it returns, and in words what came of that; an error's text may be personal data."""
    try:
        found = function(subject)
    except Exception as error:
        pk = getattr(subject, "pk", "")
        logger.exception("%s failed for %s %s", _name(function), type(subject).__name__, pk)
        return None, f"raised {type(error).__name__}: see the worker's log"
    return found, f"returned {type(found).__name__}, not a dict"


def _name(named: Any) -> str:
    if isinstance(named, str):
        return named
    return f"{named.__module__}.{getattr(named, '__qualname__', type(named).__name__)}"
