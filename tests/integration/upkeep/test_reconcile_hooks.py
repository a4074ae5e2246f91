"""Reconciles of dead webhooks, and reconciles that are interrupted."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.utils import timezone

from saleor_picqer import reconciling
from saleor_picqer.domain.remote_orders import RemoteOrder
from saleor_picqer.models import ReconcileRun
from saleor_picqer.store import backlog
from saleor_picqer.store.reconcile import Cause, queue
from saleor_picqer.sync.orders import follow
from saleor_picqer.sync.orders.claim import ClaimedOrder
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.reconciles import lose_webhooks, reconcile, record_orders


def states_of_hooks(connected_shop: ConnectedShop) -> dict[int, bool]:
    """Return of each hook in Picqer whether it is on, by id."""
    found = connected_shop.picqer_api("GET", "/hooks")
    return {hook["idhook"]: hook["active"] for hook in found}


def switch_off_hooks(connected_shop: ConnectedShop) -> None:
    """Switch all hooks off as Picqer does after too many failures."""
    for hook_id in states_of_hooks(connected_shop):
        connected_shop.picqer_api("DELETE", f"/hooks/{hook_id}")


def test_dead_hooks_are_listed_then_repaired_and_the_outage_is_made_up_for(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F1: the hooks go on with their ids, and orders and stock are read again."""
    order = stocked_shop.order(BEANS=1)
    before = states_of_hooks(stocked_shop)
    switch_off_hooks(stocked_shop)
    stocked_shop.ship(order)
    stocked_shop.stock("BEANS", 4)
    stocked_shop.run_until_idle()

    listed = reconcile(stocked_shop, apply=False, cause=Cause.REQUEST)
    assert set(states_of_hooks(stocked_shop).values()) == {False}
    repaired = reconcile(stocked_shop, cause=Cause.REQUEST)
    stocked_shop.pass_time()

    assert (listed.counts, listed.repaired) == ({"hooks": 1, "order_completed": 1}, 0)
    assert (repaired.counts, repaired.symptoms) == ({"hooks": 1, "order_completed": 1}, 2)
    assert states_of_hooks(stocked_shop) == before
    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert stocked_shop.shop.available("BEANS") == 4
    assert reconcile(stocked_shop, cause=Cause.REQUEST).found == 0


def test_hooks_are_compared_on_request_although_they_were_checked_within_the_hour(
    stocked_shop: ConnectedShop,
) -> None:
    switch_off_hooks(stocked_shop)

    assert reconcile(stocked_shop, apply=False, cause=Cause.SCHEDULE).counts == {}
    assert reconcile(stocked_shop, apply=False, cause=Cause.REQUEST).counts == {"hooks": 1}


def test_rows_are_counted_once_when_the_connection_is_lost_between_them(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_orders(stocked_shop, 150, stage="failed", last_error="Unknown SKU.")
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)

    def lose_connection(_channel: str) -> int:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(backlog, "failed_deliveries", lose_connection)
        assert reconciling.carry_on(run.pk) == 60
    ReconcileRun.objects.update(not_before=None)

    assert reconciling.carry_on(run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.counts) == ("done", {"order_failed": 150})


def test_rows_are_counted_once_when_the_worker_is_killed_between_them(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_orders(stocked_shop, 150, stage="failed", last_error="Unknown SKU.")
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)

    def kill(_channel: str) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(backlog, "failed_deliveries", kill)
        with pytest.raises(KeyboardInterrupt):
            reconciling.carry_on(run.pk)
    ReconcileRun.objects.update(held_until=timezone.now())

    assert reconciling.carry_on(run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.counts) == ("done", {"order_failed": 150})


def test_order_with_an_unexpected_error_is_reported_and_the_others_are_repaired(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F60: and the report has no text that may contain personal data."""
    poison, other = stocked_shop.order(BEANS=1), stocked_shop.order(BEANS=1)
    poisonous = stocked_shop.row(poison).remote_id
    stocked_shop.ship(poison)
    stocked_shop.ship(other)
    lose_webhooks(stocked_shop)
    catch_up = follow.catch_up

    def fail(claimed: ClaimedOrder) -> RemoteOrder | None:
        if claimed.entry.remote_id == poisonous:
            raise ValueError("anna@example.org")
        return catch_up(claimed)

    monkeypatch.setattr(follow, "catch_up", fail)

    run = reconcile(stocked_shop)

    assert (run.status, run.repaired) == ("done", 1)
    assert run.counts == {"order_unreadable": 1, "order_completed": 1}
    (finding,) = [one for one in run.findings if one["kind"] == "order_unreadable"]
    assert finding["order_pk"] == str(poison)
    assert finding["detail"].startswith("Unexpected error: ValueError.")
    assert stocked_shop.shop.order(other).status == "FULFILLED"


def test_reconcile_fails_when_all_orders_meet_an_unexpected_error(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in [stocked_shop.order(BEANS=1) for _ in range(5)]:
        stocked_shop.ship(order)
    lose_webhooks(stocked_shop)

    def fail(_claimed: ClaimedOrder) -> None:
        raise ValueError("anna@example.org")

    monkeypatch.setattr(follow, "catch_up", fail)

    run = reconcile(stocked_shop)

    assert (run.status, run.repaired) == ("failed", 0)
    assert run.problem == "Unexpected error. See the worker's log."
