"""The pull of every night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from saleor_picqer import sync_runs
from saleor_picqer.models import SyncRun, WarehouseLink
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.runs import stock_silently

SweepAt = Callable[[str], list[str]]


@pytest.fixture
def sweep_at(monkeypatch: pytest.MonkeyPatch) -> SweepAt:
    """Return a function to sweep for due pulls at a time tomorrow, or `+1` days later.

    The function ends queued runs, and returns the kinds.
    """
    tomorrow = timezone.now().astimezone(UTC).date() + timedelta(days=1)

    def sweep(when: str) -> list[str]:
        clock, _, days = when.partition("+")
        day = tomorrow + timedelta(days=int(days or 0))
        moment = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), UTC)  # noqa: DTZ007
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: moment)
            sync_runs.queue_scheduled()
            queued = SyncRun.objects.filter(status="queued")
            kinds = list(queued.values_list("kind", flat=True))
            queued.update(status="done")
            return kinds

    return sweep


@pytest.fixture
def shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop whose first full sync was in the evening, whatever the time of the test."""
    connected_shop.full_sync()
    evening = timezone.now().astimezone(UTC).replace(hour=22)
    SyncRun.objects.update(queued_at=evening)
    return connected_shop


def test_stock_is_pulled_every_night_once(shop: ConnectedShop, sweep_at: SweepAt) -> None:
    assert sweep_at("02:29") == []
    assert sweep_at("02:30") == ["stock"]
    assert sweep_at("02:31") == []
    assert sweep_at("23:59") == []
    assert sweep_at("02:31+1") == ["stock"]


def test_missed_nights_are_made_up_for_once(shop: ConnectedShop, sweep_at: SweepAt) -> None:
    assert sweep_at("11:00+3") == ["stock"]
    assert sweep_at("11:01+3") == []


def test_time_of_the_settings_counts(shop: ConnectedShop, sweep_at: SweepAt) -> None:
    shop.connect(pull_schedule="04:15")

    assert sweep_at("04:14") == []
    assert sweep_at("04:15") == ["stock"]


@pytest.mark.parametrize("off", ["off", "Off", ""])
def test_nothing_is_pulled_when_the_schedule_is_off(
    shop: ConnectedShop, sweep_at: SweepAt, off: str
) -> None:
    shop.connect(pull_schedule=off)

    assert sweep_at("02:30") == []


def test_first_pull_is_left_to_staff(connected_shop: ConnectedShop, sweep_at: SweepAt) -> None:
    """Failure mode F100: the first pull may sell out the shop."""
    WarehouseLink.objects.all().delete()

    assert sweep_at("02:30") == []


def test_a_full_sync_of_the_night_counts_as_the_pull(
    shop: ConnectedShop, sweep_at: SweepAt
) -> None:
    SyncRun.objects.update(queued_at=timezone.now() + timedelta(days=1, hours=10))

    assert sweep_at("11:00") == []


@pytest.mark.skipif(not IS_SALEOR_3, reason="there is only one channel")
def test_account_of_two_channels_is_pulled_once(shop: ConnectedShop, sweep_at: SweepAt) -> None:
    outlet = ConnectedShop(
        shop.shop.open("outlet"), shop.server, shop.worker, shop.webhooks, shop.run_until_idle
    )
    outlet.connect(reference_prefix="OUT-", pull_schedule="05:00")
    shop.run_until_idle()

    assert sweep_at("02:30") == ["stock"]
    assert sweep_at("05:00") == []


def test_sweeper_starts_the_pull(shop: ConnectedShop) -> None:
    shop.offer(BEANS=5)
    stock_silently(shop, 8, "BEANS")
    SyncRun.objects.update(queued_at=timezone.now() - timedelta(days=2))

    shop.worker.send("sweep")
    shop.run_until_idle()

    assert shop.shop.available("BEANS") == 8


def test_sweep_by_cron_pulls_without_celery(shop: ConnectedShop) -> None:
    shop.offer(BEANS=5)
    stock_silently(shop, 8, "BEANS")
    SyncRun.objects.update(queued_at=timezone.now() - timedelta(days=2))

    manage_picqer("sweep")

    assert shop.shop.available("BEANS") == 8


def test_setting_is_refused_when_it_is_no_time(shop: ConnectedShop) -> None:
    with pytest.raises(Exception, match="write a time such as 02:30, or off"):
        shop.connect(pull_schedule="at night")
