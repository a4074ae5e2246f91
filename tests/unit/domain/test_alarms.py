"""Which alarms hold, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_picqer.domain.alarms import (
    LIMITS,
    RULES,
    AlarmKey,
    ChannelHealth,
    attempts_within,
    find_alarms,
    find_no_worker,
)
from saleor_picqer.domain.outbox import retry_delay

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(**duration: int) -> datetime:
    return NOW - timedelta(**duration)


def keys(**values: Any) -> list[AlarmKey]:
    return [alarm.key for alarm in find_alarms(ChannelHealth("1", NOW, **values))]


def test_no_alarm_holds_when_all_is_well() -> None:
    assert keys(swept_until=ago(minutes=1), hooks_checked_at=ago(minutes=59)) == []


@pytest.mark.parametrize(
    ("key", "values"),
    [
        (AlarmKey.KEY_REFUSED, {"refused_since": ago(minutes=1)}),
        (AlarmKey.KEY_REFUSED, {"orders_refused": 1}),
        (AlarmKey.UNREACHABLE, {"unreachable_since": ago(minutes=31)}),
        (AlarmKey.HOOKS_DEAD, {"hooks_stale_since": ago(minutes=31)}),
        (AlarmKey.HOOKS_DEAD, {"hooks_checked_at": ago(minutes=91)}),
        (AlarmKey.SILENCE, {"repaired": 1, "untold": 1}),
        (AlarmKey.SILENCE, {"repaired": 1, "untold": 1, "last_delivery_at": ago(hours=25)}),
        (AlarmKey.REPAIRED, {"repaired": 1, "untold": 1, "last_delivery_at": ago(hours=23)}),
        (AlarmKey.REPAIRED, {"repaired": 1, "last_delivery_at": ago(hours=25)}),
        (AlarmKey.SILENCE, {"untold_stock": 3}),
        (AlarmKey.SILENCE, {"untold_stock": 3, "last_stock_at": ago(hours=25)}),
        (AlarmKey.BACKLOG, {"orders_due": 1}),
        (AlarmKey.BACKLOG, {"deliveries_due": 1}),
        (AlarmKey.NOT_SWEPT, {"swept_until": ago(minutes=11)}),
        (AlarmKey.ORDERS_FAILED, {"orders_failed": 1}),
        (AlarmKey.ORDERS_WAITING, {"orders_waiting": 1}),
        (AlarmKey.ORDERS_PROCESSING, {"orders_processing": 1}),
        (AlarmKey.DELIVERIES_FAILED, {"deliveries_failed": 1}),
    ],
)
def test_alarm_holds(key: AlarmKey, values: Mapping[str, Any]) -> None:
    assert keys(**values) == [key]


@pytest.mark.parametrize(
    "values",
    [
        {"unreachable_since": ago(minutes=29)},
        {"hooks_stale_since": ago(minutes=29)},
        {"last_delivery_at": ago(days=9)},
        {"untold_stock": 3, "last_stock_at": ago(hours=23)},
        {"last_stock_at": ago(days=9)},
    ],
)
def test_alarm_waits_for_its_limit(values: Mapping[str, Any]) -> None:
    assert keys(**values) == []


def test_limit_is_the_shops_own() -> None:
    limits = {**LIMITS, "hooks_minutes": 5}

    assert keys(hooks_stale_since=ago(minutes=6), limits=limits) == [AlarmKey.HOOKS_DEAD]


def test_message_tells_the_number_and_the_limit() -> None:
    (alarm,) = find_alarms(ChannelHealth("1", NOW, orders_waiting=3))

    assert alarm.message.endswith(": 3.")
    assert "30 minutes" in alarm.message


@pytest.mark.parametrize(("minutes", "holds"), [(9, False), (11, True)])
def test_sweeper_is_missed_when_it_has_not_finished(minutes: int, holds: bool) -> None:
    """Failure mode F112."""
    assert bool(find_no_worker(ago(minutes=minutes), NOW, LIMITS)) is holds
    assert find_no_worker(None, NOW, LIMITS) is not None


def test_every_alarm_says_what_to_do() -> None:
    assert RULES.keys() == {*AlarmKey}
    assert all(rule.advice.endswith((".", "`")) for rule in RULES.values())


def test_attempts_tell_how_long_an_order_has_failed() -> None:
    attempts = attempts_within(30)

    passed = sum((retry_delay(number) for number in range(attempts)), timedelta())
    assert passed >= timedelta(minutes=30)
    assert passed - retry_delay(attempts - 1) < timedelta(minutes=30)
