"""The Django setting `SALEOR_PICQER`: the shop's own fields, a Celery queue, unencrypted hosts.

    SALEOR_PICQER = {
        "order_fields": "shop.picqer.order_fields",
        "order_line_fields": "shop.picqer.order_line_fields",
        "product_fields": "shop.picqer.product_fields",
        "pull_fields": "shop.picqer.pull_fields",
        "metadata_prefix": "picqer.",
        "queue": "picqer",
        "plain_http_hosts": ["picqer-simulator"],
        "gather_stock_seconds": 2,
        "dashboard": True,
        "alarm_limits": {"waiting_minutes": 60},
        "inbox_retention_days": 14,
    }

`order_fields(order)` receives Saleor's `Order`, `order_line_fields(line)` Saleor's `OrderLine` with
`line.order` already loaded, `product_fields(variant)` Saleor's `ProductVariant` with
`variant.product` already loaded. Each returns a mapping of Picqer's field names to values.
`pull_fields(product)` receives a product of Picqer's as a mapping and returns fields of Saleor's
variant. All are given as a dotted path or as the callable itself. `queue` names the Celery queue
of the plugin's tasks; without it they go to Celery's default queue. `plain_http_hosts` lists the
host names whose Picqer address may begin with `http://`; this machine always may.
`gather_stock_seconds` is how long products whose stock is to be read again are gathered, to be read
100 a request; 2 unless set. `dashboard` says whether Saleor's dashboard shows the plugin's app; it
does by default. `inbox_retention_days` says how long the bodies of handled webhook deliveries are
kept; 14 unless set. `alarm_limits` has the limits at which alarms are raised, as named in
`saleor_picqer.domain.alarms.LIMITS`. Every key is optional.

A problem with the setting is an error of a system check when Saleor starts, and a `SettingsError`
when an order or product needs the setting, which then waits until the setting is corrected.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeGuard

from django.conf import settings
from django.utils.module_loading import import_string

from saleor_picqer.domain.alarms import LIMITS
from saleor_picqer.errors import SettingsError

logger = logging.getLogger(__name__)

SETTING: Final = "SALEOR_PICQER"
DEFAULT_PREFIX: Final = "picqer."
CALLABLES: Final = ("order_fields", "order_line_fields", "product_fields", "pull_fields")
_HOST_NAME: Final = re.compile(r"[\w.:-]+").fullmatch
KEYS: Final = (
    *CALLABLES,
    "metadata_prefix",
    "queue",
    "plain_http_hosts",
    "gather_stock_seconds",
    "dashboard",
    "alarm_limits",
    "inbox_retention_days",
)
_GATHER_SECONDS: Final = 2
DEFAULT_RETENTION_DAYS: Final = 14
# Longer than ten years is as good as for ever.
MAX_RETENTION_DAYS: Final = 3650


class ExtensionProblem(NamedTuple):
    """A reason why the setting is not valid; `code` is the code of the system check."""

    code: str
    message: str


def order_fields(order: Any) -> dict[str, Any]:
    """Return the fields that the shop's code adds to a Saleor order. Raises SettingsError."""
    return _fields("order_fields", order)


def order_line_fields(line: Any) -> dict[str, Any]:
    """Return the fields that the shop's code adds to a Saleor order line. Raises SettingsError."""
    return _fields("order_line_fields", line)


def product_fields(variant: Any) -> dict[str, Any]:
    """Return the fields that the shop's code adds to a Saleor variant. Raises SettingsError."""
    return _fields("product_fields", variant)


def pull_fields(product: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the shop's code takes from a product of Picqer's. Raises SettingsError."""
    return _fields("pull_fields", product)


def metadata_prefix() -> str:
    """Return the prefix of the metadata keys that the plugin reads. Raises SettingsError."""
    prefix = _value().get("metadata_prefix", DEFAULT_PREFIX)
    _raise_first(_validate_prefix(prefix))
    return str(prefix)


def queue() -> str | None:
    """Return the Celery queue of the plugin's tasks; None for Celery's default queue."""
    value = getattr(settings, SETTING, {})
    # Saleor reads this while it starts; a system check then reports a value that is not valid.
    named = value.get("queue") if isinstance(value, Mapping) else None
    return named if isinstance(named, str) and named else None


def is_dashboard_on() -> bool:
    """Return whether Saleor's dashboard shows the plugin's app."""
    value = getattr(settings, SETTING, {})
    # A value that is not valid is reported by a system check, and hides nothing.
    return not isinstance(value, Mapping) or value.get("dashboard") is not False


def inbox_retention_days() -> int:
    """Return for how many days bodies of handled deliveries are kept."""
    value = getattr(settings, SETTING, {})
    # Bodies have personal data, so a value that is not valid keeps none for ever.
    days = value.get("inbox_retention_days") if isinstance(value, Mapping) else None
    return days if _is_retention(days) else DEFAULT_RETENTION_DAYS


def plain_http_hosts() -> frozenset[str]:
    """Return the hosts to which requests may go without encryption. Raises SettingsError."""
    hosts = _value().get("plain_http_hosts", ())
    _raise_first(_validate_plain_http_hosts(hosts))
    return frozenset(host.lower() for host in hosts)


def gather_seconds() -> float:
    """Return how many seconds products are gathered before their stock is read.

    Raises SettingsError.
    """
    seconds = _value().get("gather_stock_seconds", _GATHER_SECONDS)
    _raise_first(_validate_gather_seconds(seconds))
    return float(seconds)


def alarm_limits() -> Mapping[str, int]:
    """Return the limits at which alarms are raised; those that are not valid are the defaults."""
    value = getattr(settings, SETTING, {})
    given = value.get("alarm_limits", {}) if isinstance(value, Mapping) else {}
    # A system check reports the others: an alarm must not be missing for want of a number.
    is_valid = not any(_validate_alarm_limits(given))
    return {**LIMITS, **given} if is_valid else LIMITS


def validate() -> Iterator[ExtensionProblem]:
    """Yield every problem with the setting."""
    value = getattr(settings, SETTING, {})
    yield from _validate_keys(value)
    if isinstance(value, Mapping):
        for key in CALLABLES:
            yield from _validate_callable(key, value.get(key))
        yield from _validate_prefix(value.get("metadata_prefix", DEFAULT_PREFIX))
        yield from _validate_queue(value.get("queue"))
        yield from _validate_plain_http_hosts(value.get("plain_http_hosts", ()))
        yield from _validate_gather_seconds(value.get("gather_stock_seconds", _GATHER_SECONDS))
        yield from _validate_dashboard(value.get("dashboard", True))
        yield from _validate_alarm_limits(value.get("alarm_limits", {}))
        yield from _validate_retention(value.get("inbox_retention_days", DEFAULT_RETENTION_DAYS))


def _value() -> Mapping[str, Any]:
    value: Any = getattr(settings, SETTING, {})
    _raise_first(_validate_keys(value))
    found: Mapping[str, Any] = value
    return found


def _raise_first(problems: Iterator[ExtensionProblem]) -> None:
    """Raise SettingsError for the first problem, if any."""
    for problem in problems:
        raise SettingsError(SETTING, problem.message)


def _validate_keys(value: object) -> Iterator[ExtensionProblem]:
    if not isinstance(value, Mapping):
        yield ExtensionProblem("E001", f"the value must be a dict with the keys {', '.join(KEYS)}")
        return
    for key in sorted(map(str, value.keys() - set(KEYS))):
        yield ExtensionProblem(
            "E002", f'"{key}" is not a valid key; valid keys are {", ".join(KEYS)}'
        )


def _validate_callable(key: str, named: Any) -> Iterator[ExtensionProblem]:
    if named is None or callable(named):
        return
    try:
        found = import_string(named)
    except (ImportError, AttributeError, TypeError):
        yield ExtensionProblem("E003", f'{key} "{named}" cannot be imported')
        return
    if not callable(found):
        yield ExtensionProblem("E003", f'{key} "{named}" is not callable')


def _validate_prefix(prefix: object) -> Iterator[ExtensionProblem]:
    if not (isinstance(prefix, str) and prefix.strip()):
        yield ExtensionProblem("E004", 'metadata_prefix must be a text such as "picqer."')


def _validate_alarm_limits(limits: object) -> Iterator[ExtensionProblem]:
    if not isinstance(limits, Mapping):
        yield ExtensionProblem("E009", "alarm_limits must be a dict of limits")
        return
    for name, value in limits.items():
        is_number = isinstance(value, int) and not isinstance(value, bool) and value > 0
        if name not in LIMITS or not is_number:
            yield ExtensionProblem(
                "E009",
                f'alarm_limits: "{name}" must be one of {", ".join(LIMITS)}, and a whole number'
                " above zero",
            )


def _validate_queue(queue: object) -> Iterator[ExtensionProblem]:
    if queue is not None and not (isinstance(queue, str) and queue.strip()):
        yield ExtensionProblem("E005", 'queue must be a text such as "picqer"')


def _validate_plain_http_hosts(hosts: object) -> Iterator[ExtensionProblem]:
    names = hosts if isinstance(hosts, list | tuple | set | frozenset) else [None]
    if not all(isinstance(name, str) and _HOST_NAME(name) for name in names):
        yield ExtensionProblem(
            "E006", 'plain_http_hosts must be a list of host names such as ["picqer-simulator"]'
        )


def _validate_gather_seconds(seconds: object) -> Iterator[ExtensionProblem]:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= 60:  # type: ignore[operator]  # a number
        yield ExtensionProblem("E007", "gather_stock_seconds must be a number from 0 to 60")


def _validate_dashboard(switch: object) -> Iterator[ExtensionProblem]:
    if not isinstance(switch, bool):
        yield ExtensionProblem("E008", "dashboard must be True or False")


def _validate_retention(days: object) -> Iterator[ExtensionProblem]:
    if not _is_retention(days):
        yield ExtensionProblem(
            "E009", f"inbox_retention_days must be a number of days from 1 to {MAX_RETENTION_DAYS}"
        )


def _is_retention(days: object) -> TypeGuard[int]:
    return type(days) is int and 1 <= days <= MAX_RETENTION_DAYS


# --- calling the shop's own code


def _fields(key: str, subject: Any) -> dict[str, Any]:
    named = _value().get(key)
    if named is None:
        return {}
    _raise_first(_validate_callable(key, named))
    function: Callable[[Any], Any] = named if callable(named) else import_string(named)
    found, outcome = _call(function, subject)
    if not isinstance(found, Mapping):
        raise SettingsError(SETTING, f'{key} "{_name(named)}" {outcome}')
    return {str(name): value for name, value in found.items()}


def _call(function: Callable[[Any], Any], subject: Any) -> tuple[Any, str]:
    """Return the function's result, and in words what it did if the result is not a dict."""
    try:
        found = function(subject)
    except Exception as error:
        pk = getattr(subject, "pk", "")
        logger.exception("%s failed for %s %s.", _name(function), type(subject).__name__, pk)
        # Without the error's text, which may contain personal data.
        return None, f"raised {type(error).__name__}; see the worker's log"
    return found, f"returned {type(found).__name__}, not a dict"


def _name(named: Any) -> str:
    if isinstance(named, str):
        return named
    return f"{named.__module__}.{getattr(named, '__qualname__', type(named).__name__)}"
