"""The sweeper: when enqueued, by whom run, and repairs of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone
from saleor.plugins.models import PluginConfiguration

from saleor_picqer import tasks, wiring
from saleor_picqer.models import ChannelState, OutboxOrder, PeriodicTask
from tests.integration.support.connected_shop import ConnectedShop


def test_sweep_is_enqueued_when_the_database_does_not_answer(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler gets a new connection, and the message is sent all the same."""
    closed: list[bool] = []

    def fail() -> bool:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(wiring.sweeper, "may_enqueue", fail)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: closed.append(True))

    tasks.sweep.apply_async()

    assert stocked_shop.worker.pending == ["sweep"]
    assert closed == [True]


def test_sweep_does_nothing_when_another_worker_sweeps(stocked_shop: ConnectedShop) -> None:
    stocked_shop.place(BEANS=1)
    stocked_shop.worker.queue.clear()
    OutboxOrder.objects.update(enqueued_at=None)
    later = timezone.now() + timedelta(minutes=1)
    PeriodicTask.objects.update_or_create(name="sweep", defaults={"leased_until": later})

    tasks.sweep()

    assert stocked_shop.worker.pending == []


def test_orders_find_their_channel_when_their_former_one_is_gone(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F70: a deleted channel leaves its rows behind."""
    order = stocked_shop.order(BEANS=1)
    OutboxOrder.objects.update(channel="77")
    state = ChannelState.objects.get()
    state.pk, state.channel = None, "77"
    state.save()

    stocked_shop.pass_time()

    assert stocked_shop.row(order).channel == stocked_shop.shop.channel_pk
    assert [found.channel for found in ChannelState.objects.all()] == [stocked_shop.shop.channel_pk]


def test_hooks_are_removed_when_the_configuration_is_deleted(stocked_shop: ConnectedShop) -> None:
    """Failure mode F71: Saleor deletes it together with the channel."""
    PluginConfiguration.objects.filter(identifier="picqer").delete()
    stocked_shop.pass_time()

    assert not [hook for hook in stocked_shop.picqer_api("GET", "/hooks") if hook["active"]]


def test_stock_is_read_by_the_next_sweep_when_the_rate_limit_has_no_room(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F90: no worker sleeps until Picqer has room again."""
    stocked_shop.fail_next("GET", "/products/{idproduct}", "429", times=50)
    stocked_shop.stock("BEANS", 7)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.available("BEANS") == 10

    stocked_shop.control("DELETE", "/faults")
    cache.clear()
    stocked_shop.pass_time()

    assert stocked_shop.shop.available("BEANS") == 7
