"""Alarms: what staff have to know although no order tells of it, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from saleor_picqer.domain.outbox import retry_delay


class AlarmKey(StrEnum):
    """What an alarm is about."""

    KEY_REFUSED = "key_refused"
    UNREACHABLE = "unreachable"
    HOOKS_DEAD = "hooks_dead"
    SILENCE = "silence"
    REPAIRED = "repaired"
    BACKLOG = "backlog"
    NO_WORKER = "no_worker"
    NOT_SWEPT = "not_swept"
    ORDERS_FAILED = "orders_failed"
    ORDERS_WAITING = "orders_waiting"
    ORDERS_PROCESSING = "orders_processing"
    DELIVERIES_FAILED = "deliveries_failed"


# The limits at which alarms are raised: name -> default.
LIMITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "unreachable_minutes": 30,
        "hooks_minutes": 30,
        "silence_hours": 24,
        "backlog_minutes": 15,
        "sweep_minutes": 10,
        "waiting_minutes": 30,
        "processing_days": 7,
    }
)


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """What the plugin's tables tell of a channel in which the plugin is switched on."""

    channel: str
    now: datetime
    # Since when Picqer refuses the key, and how many orders wait for another key.
    refused_since: datetime | None = None
    orders_refused: int = 0
    # Since when Picqer does not answer.
    unreachable_since: datetime | None = None
    # Since when the webhooks have to be repaired, and when Picqer's list last showed them right.
    hooks_stale_since: datetime | None = None
    hooks_checked_at: datetime | None = None
    # What the last reconcile has repaired, how much of that a webhook should have told, and when a
    # webhook about an order came last.
    repaired: int = 0
    untold: int = 0
    last_delivery_at: datetime | None = None
    # Stocks that the last of several pulls has changed, and when a webhook about stock came last.
    untold_stock: int = 0
    last_stock_at: datetime | None = None
    # Orders and deliveries that are due for longer than the limit.
    orders_due: int = 0
    deliveries_due: int = 0
    deliveries_failed: int = 0
    swept_until: datetime | None = None
    orders_failed: int = 0
    orders_waiting: int = 0
    orders_processing: int = 0
    limits: Mapping[str, int] = field(default_factory=lambda: LIMITS)

    def is_longer(self, since: datetime | None, **limit: int) -> bool:
        """Return whether `since` is longer ago than the given duration."""
        return since is not None and self.now - since > timedelta(**limit)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A raised alarm. `channel` is a primary key, empty for an alarm about the whole shop."""

    key: AlarmKey
    channel: str
    count: int
    message: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table of alarms.

    `count` returns how often the alarm holds for a channel, 0 where it does not. In `text`, `{n}`
    is that number and other names are limits. A critical alarm tells that orders do not arrive.
    """

    text: str
    advice: str
    count: Callable[[ChannelHealth], int]
    is_critical: bool = False


def _hooks_dead(health: ChannelHealth) -> int:
    minutes = health.limits["hooks_minutes"]
    is_stale = health.is_longer(health.hooks_stale_since, minutes=minutes)
    # The check itself is due every hour.
    return int(is_stale or health.is_longer(health.hooks_checked_at, minutes=60 + minutes))


def _is_silent(health: ChannelHealth) -> bool:
    return health.untold > 0 and _has_not_told(health, health.last_delivery_at)


def _has_not_told(health: ChannelHealth, last: datetime | None) -> bool:
    return last is None or health.is_longer(last, hours=health.limits["silence_hours"])


def _changes_in_silence(health: ChannelHealth) -> int:
    """Return how many changes no webhook of their kind has told of, for a long time."""
    orders = health.untold if _is_silent(health) else 0
    return orders + (health.untold_stock if _has_not_told(health, health.last_stock_at) else 0)


RULES: Final[Mapping[AlarmKey, Rule]] = {
    AlarmKey.KEY_REFUSED: Rule(
        "Picqer does not accept the API key.",
        "Enter a valid key in the plugin's settings; waiting orders are then sent.",
        lambda health: health.orders_refused or int(health.refused_since is not None),
        is_critical=True,
    ),
    AlarmKey.UNREACHABLE: Rule(
        "Picqer has not answered for more than {unreachable_minutes} minutes.",
        "Orders wait and are sent as soon as Picqer answers. Check Picqer's status page, and the"
        " network of Celery's workers.",
        lambda health: int(
            health.is_longer(health.unreachable_since, minutes=health.limits["unreachable_minutes"])
        ),
        is_critical=True,
    ),
    AlarmKey.HOOKS_DEAD: Rule(
        "The webhooks in Picqer are not as they should be, or could not be checked, for more than"
        " {hooks_minutes} minutes.",
        "Shipments and stock changes arrive late. `manage.py picqer doctor` names the cause.",
        _hooks_dead,
    ),
    AlarmKey.SILENCE: Rule(
        "Picqer has not sent a webhook about orders, or about stock, for more than {silence_hours}"
        " hours, although the last reconcile or pull of the stock found {n} changes.",
        "Check that Picqer can reach Saleor's public address, and that no proxy or firewall refuses"
        " its requests.",
        _changes_in_silence,
    ),
    AlarmKey.REPAIRED: Rule(
        "The last reconcile repaired {n} differences that webhooks and workers should have"
        " prevented.",
        "`picqerStatus { reconciles }` lists them. If this happens often, look into the worker's"
        " log for the cause.",
        lambda health: 0 if _is_silent(health) else health.repaired,
    ),
    AlarmKey.BACKLOG: Rule(
        "Orders and webhook deliveries due for more than {backlog_minutes} minutes: {n}.",
        "Check that Celery's workers take the plugin's tasks, and that there are enough of them.",
        lambda health: health.orders_due + health.deliveries_due,
        is_critical=True,
    ),
    AlarmKey.NO_WORKER: Rule(
        "The sweeper has not finished for more than {sweep_minutes} minutes.",
        'Check that Celery beat runs the schedule "picqer-sweep", and that a worker takes its task'
        " saleor_picqer.sweep. A shop without Celery runs `manage.py picqer sweep` from cron.",
        lambda _: 0,
        is_critical=True,
    ),
    AlarmKey.NOT_SWEPT: Rule(
        "The channel's orders could not be read for more than {sweep_minutes} minutes.",
        "Orders that no hook told of are not sent. The worker's log names the cause.",
        lambda health: int(
            health.is_longer(health.swept_until, minutes=health.limits["sweep_minutes"])
        ),
        is_critical=True,
    ),
    AlarmKey.ORDERS_FAILED: Rule(
        "Orders that have failed for good: {n}.",
        "`manage.py picqer orders --attention` lists them. Mend the cause, then retry the orders.",
        lambda health: health.orders_failed,
        is_critical=True,
    ),
    AlarmKey.ORDERS_WAITING: Rule(
        "Orders that may be sent, and have not arrived in Picqer for more than {waiting_minutes}"
        " minutes: {n}.",
        "`manage.py picqer explain` says of each order why.",
        lambda health: health.orders_waiting,
        is_critical=True,
    ),
    AlarmKey.ORDERS_PROCESSING: Rule(
        "Orders in Picqer's warehouse for more than {processing_days} days: {n}.",
        "Look for them in Picqer: they may be on backorder or paused.",
        lambda health: health.orders_processing,
    ),
    AlarmKey.DELIVERIES_FAILED: Rule(
        "Webhook deliveries that the plugin has given up within a week: {n}.",
        "The worker's log names the cause. Mend it, then run `manage.py picqer replay --failed`."
        " Until then the nightly reconcile compares the open orders, and the nightly pull reads the"
        " stock.",
        lambda health: health.deliveries_failed,
    ),
}


def find_alarms(health: ChannelHealth) -> Iterator[Alarm]:
    """Yield the alarms that hold for a channel."""
    for key, rule in RULES.items():
        if count := rule.count(health):
            yield Alarm(key, health.channel, count, _text(rule, count, health.limits))


def find_no_worker(
    last_sweep: datetime | None, now: datetime, limits: Mapping[str, int]
) -> Alarm | None:
    """Return the alarm about a sweeper that does not run; None while it runs."""
    if last_sweep is not None and now - last_sweep <= timedelta(minutes=limits["sweep_minutes"]):
        return None
    text = _text(RULES[AlarmKey.NO_WORKER], 1, limits)
    return Alarm(AlarmKey.NO_WORKER, "", 1, text, last_sweep)


def attempts_within(minutes: int) -> int:
    """Return the number of failed attempts at an order after which so many minutes have passed."""
    attempts, passed = 0, timedelta()
    while passed < timedelta(minutes=minutes):
        passed += retry_delay(attempts)
        attempts += 1
    return attempts


def _text(rule: Rule, count: int, limits: Mapping[str, int]) -> str:
    return rule.text.format(n=count, **limits)
