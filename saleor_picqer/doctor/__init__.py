"""The doctor: examines the shop and its channels, and says of each finding what to do.

What is examined and how it is judged stands in `domain.doctor.checks`; this package reads the facts
from Saleor, from Picqer and from the plugin's tables.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Any, Final

from saleor_picqer.doctor.channel_readings import CHANNEL_READINGS
from saleor_picqer.doctor.examination import Examination, NotExaminedError
from saleor_picqer.doctor.shop_readings import SHOP_READINGS
from saleor_picqer.domain.doctor.checks import CHECKS, Check, Scope
from saleor_picqer.domain.doctor.findings import (
    CheckKey,
    Diagnosis,
    Finding,
    Level,
    error,
    warning,
)

__all__ = ["NONE_ACTIVE", "examine_channel", "examine_shop", "lacks_migrations"]

logger = logging.getLogger(__name__)

NONE_ACTIVE: Final = Diagnosis(
    CheckKey.SETTINGS,
    "",
    warning(
        "The Picqer plugin is not switched on in any channel.",
        "Enter address and API key in the plugin's settings, and switch the plugin on.",
    ),
)


def examine_shop() -> list[Diagnosis]:
    """Examine what all channels share: no request, and a fixed number of statements.

    Ends with the migrations where some are missing, as every other check reads the tables.
    """
    found: list[Diagnosis] = []
    for key, check in _of(Scope.SHOP):
        found += [Diagnosis(key, "", one) for one in _examine(check, SHOP_READINGS[key])]
        if lacks_migrations(found):
            break
    return found


def lacks_migrations(found: Iterable[Diagnosis]) -> bool:
    """Return whether the plugin's tables are not as this release needs them."""
    migrations = (one.finding for one in found if one.check is CheckKey.MIGRATIONS)
    return any(finding.level is not Level.OK for finding in migrations)


def examine_channel(configuration: Any) -> list[Diagnosis]:
    """Examine a channel, given the plugin's stored configuration in the channel.

    Sends one request to Saleor's public address, and 9 requests to Picqer, one more for each list
    that settings name and for each further hundred webhooks. Takes half a minute at most. The
    number of statements does not depend on the number of products and orders.
    """
    one = Examination(configuration)
    found = []
    try:
        for key, check in _of(Scope.CHANNEL):
            read = partial(CHANNEL_READINGS[key], one)
            findings = _examine(check, read, one)
            found += [Diagnosis(key, one.channel, finding) for finding in findings]
    finally:
        one.close()
    return found


def _of(scope: Scope) -> Iterator[tuple[CheckKey, Check]]:
    return ((key, check) for key, check in CHECKS.items() if check.scope is scope)


def _examine(
    check: Check, read: Callable[[], Any], one: Examination | None = None
) -> Collection[Finding]:
    """Return what a check finds; a check that fails itself does not stop the others."""
    try:
        if one is not None and check.asks_picqer:
            _ = one.inspection
        return tuple(check.judge(read()))
    except NotExaminedError as reason:
        return [warning(f"Not examined, because {reason}.", "Correct that first, then try again.")]
    except Exception as problem:
        logger.exception("The doctor's check %s failed.", check.title)
        text = f"The check failed itself ({type(problem).__name__})."
        return [error(text, "Saleor's log has the reason. Please report it.")]
