"""Problems: alarms and stopped orders as Saleor's dashboard lists them for an app."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from saleor_picqer.domain.alarms import RULES, Alarm, AlarmKey

# Saleor's limits: problems of an app, and characters of a text.
MOST: Final = 100
LONGEST: Final = 2048
# Causes of failures that are named for each channel; rarer ones are counted together.
NAMED: Final = 20

_RETRY: Final = "Mend the cause, then retry the orders on Picqer's page in the dashboard."
_FLAGGED: Final = (
    "Orders that need attention: {n}. Picqer's page in the dashboard lists them, and says what to"
    " do."
)
_OTHERS: Final = "Orders that have failed for other reasons: {n}."


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of the app. `key` is the same as long as the cause is the same."""

    key: str
    message: str
    count: int
    is_critical: bool


@dataclass(frozen=True, slots=True)
class StoppedOrders:
    """Orders of a channel, stopped by one cause.

    `cause` is empty for orders that have not failed, and need attention for various reasons.
    """

    channel: str
    cause: str
    count: int


def find_problems(
    alarms: Iterable[Alarm], stopped: Collection[StoppedOrders], slugs: Mapping[str, str]
) -> list[Problem]:
    """Return one problem for each alarm and each cause, the alarms first.

    `stopped` begins with the most frequent cause. `slugs` are those of the channels.
    """
    # Each cause says more than the alarm that orders have failed.
    told = (alarm for alarm in alarms if alarm.key is not AlarmKey.ORDERS_FAILED)
    found = chain((_of_alarm(one, slugs) for one in told), _of_orders(stopped, slugs))
    return list(islice(found, MOST))


def _of_alarm(alarm: Alarm, slugs: Mapping[str, str]) -> Problem:
    rule = RULES[alarm.key]
    text = f"{alarm.message} {rule.advice}"
    key = f"alarm:{alarm.key.value}:{alarm.channel}"
    return Problem(key, _text(alarm.channel, text, slugs), alarm.count, rule.is_critical)


def _of_orders(stopped: Iterable[StoppedOrders], slugs: Mapping[str, str]) -> Iterator[Problem]:
    by_channel: dict[str, list[StoppedOrders]] = defaultdict(list)
    for one in stopped:
        by_channel[one.channel].append(one)
    for channel, found in by_channel.items():
        failed = [one for one in found if one.cause]
        for one in failed[:NAMED]:
            text = _text(channel, f"{one.cause} {_RETRY}", slugs)
            yield Problem(f"failed:{channel}:{_digest(one.cause)}", text, one.count, True)
        if others := sum(one.count for one in failed[NAMED:]):
            text = _text(channel, f"{_OTHERS.format(n=others)} {_RETRY}", slugs)
            yield Problem(f"failed:{channel}", text, others, True)
        if flagged := sum(one.count for one in found if not one.cause):
            text = _text(channel, _FLAGGED.format(n=flagged), slugs)
            yield Problem(f"attention:{channel}", text, flagged, False)


def _text(channel: str, text: str, slugs: Mapping[str, str]) -> str:
    place = f"Channel {slugs.get(channel, channel)}: " if channel else ""
    whole = f"{place}{text}"
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


def _digest(cause: str) -> str:
    return hashlib.sha256(cause.encode(errors="replace")).hexdigest()[:16]
