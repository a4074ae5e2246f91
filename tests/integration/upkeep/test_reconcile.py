"""Reconciles: what differs between Saleor and Picqer is listed, then repaired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone
from saleor.warehouse.models import Stock

from saleor_picqer import reconciling, tasks, wiring
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import ChannelState, InboxEvent, OutboxOrder, ReconcileRun
from saleor_picqer.store.reconcile import Cause, HeldReconcile, claim, queue
from saleor_picqer.store.work import MAX_FAILURES
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.reconciles import lose_webhooks, reconcile, record_orders

RECONCILE = """
mutation Reconcile($channel: String, $apply: Boolean) {
  picqerReconcile(channel: $channel, apply: $apply) {
    run { id apply status }
    errors { field code message }
  }
}
"""
RECONCILES = """
query Reconciles($channel: String) {
  picqerStatus(channel: $channel) {
    reconciles {
      cause apply status compared found repaired counts { kind count }
      differences { kind orderId number detail repaired } problem finishedAt
    }
  }
}
"""


# --- orders


def test_shipped_order_is_fulfilled_when_its_webhooks_were_lost(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F14: listed first, repaired on request."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)

    listed = reconcile(stocked_shop, apply=False)
    assert stocked_shop.shop.order(order).status == "UNFULFILLED"
    repaired = reconcile(stocked_shop)

    assert (listed.counts, listed.found, listed.repaired) == ({"order_completed": 1}, 1, 0)
    assert (repaired.counts, repaired.repaired) == ({"order_completed": 1}, 1)
    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert reconcile(stocked_shop).found == 0


def test_cancelled_order_is_cancelled_when_its_webhooks_were_lost(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.picqer_api("DELETE", f"/orders/{stocked_shop.row(order).remote_id}?force=true")
    lose_webhooks(stocked_shop)

    assert reconcile(stocked_shop, apply=False).counts == {"order_cancelled": 1}
    assert reconcile(stocked_shop).repaired == 1

    assert stocked_shop.shop.order(order).status == "CANCELED"


def test_part_of_an_order_is_fulfilled_when_its_webhooks_were_lost(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=2)
    stocked_shop.ship(order, lines={"BEANS": 1})
    lose_webhooks(stocked_shop)

    assert reconcile(stocked_shop, apply=False).counts == {"order_shipped": 1}
    assert reconcile(stocked_shop).repaired == 1

    assert stocked_shop.shop.order(order).status == "PARTIALLY_FULFILLED"
    assert reconcile(stocked_shop).found == 0


def test_pause_is_told_when_its_webhook_was_lost(stocked_shop: ConnectedShop) -> None:
    """Failure mode F55: the order is known by its id, whatever staff do to its reference."""
    order = stocked_shop.order(BEANS=1)
    remote_id = stocked_shop.row(order).remote_id
    stocked_shop.picqer_api("PUT", f"/orders/{remote_id}", reference="Renamed")
    stocked_shop.picqer_api("POST", f"/orders/{remote_id}/pause", reason="Flood")
    lose_webhooks(stocked_shop)

    assert reconcile(stocked_shop).counts == {"order_status": 1}

    assert stocked_shop.shop.order(order).picqer["status"] == "paused"
    assert reconcile(stocked_shop).found == 0


def test_order_is_reported_when_picqer_no_longer_has_it(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    del stocked_shop.server.account.state.orders[stocked_shop.row(order).remote_id or 0]

    run = reconcile(stocked_shop)

    assert (run.counts, run.repaired) == ({"order_missing": 1}, 0)
    assert run.findings[0]["order_pk"] == str(order)


def test_orders_of_others_are_left_alone(stocked_shop: ConnectedShop) -> None:
    """Failure mode F54."""
    stocked_shop.order(BEANS=1)
    other = stocked_shop.enter_in_picqer("W-77", TEA=1)
    stocked_shop.picqer_api("POST", f"/orders/{other}/process")
    stocked_shop.order(BEANS=1)
    stocked_shop.reset_requests()

    run = reconcile(stocked_shop)

    assert (run.compared, run.found) == (2, 0)
    assert stocked_shop.requests() == {"GET /orders": 1}


def test_concept_and_processed_orders_are_compared(stocked_shop: ConnectedShop) -> None:
    stocked_shop.order(BEANS=1)
    draft = stocked_shop.enter_in_picqer("W-78", TEA=1)
    entry = OutboxOrder.objects.get()
    OutboxOrder.objects.create(
        order_pk="77",
        channel=entry.channel,
        account=entry.account,
        stage="created",
        remote_id=draft,
    )
    stocked_shop.reset_requests()

    run = reconcile(stocked_shop, apply=False)

    assert (run.compared, run.found) == (2, 0)
    assert stocked_shop.requests() == {"GET /orders": 2}


def test_order_is_left_to_the_worker_that_holds_it(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)
    soon = timezone.now() + timedelta(minutes=1)
    OutboxOrder.objects.update(lease="another", leased_until=soon)

    assert reconcile(stocked_shop).compared == 0


# --- its costs, and interruptions


def fill(connected_shop: ConnectedShop, number: int) -> None:
    """Put a number of orders into Picqer and the outbox, as if sent by the shop."""
    account = connected_shop.server.account
    first = OutboxOrder.objects.get()
    model = account.state.orders[first.remote_id or 0]
    rows = []
    for remote_id in range(1000, 1000 + number - 1):
        copy = type(model)(**{**vars(model), "idorder": remote_id})
        account.state.orders[remote_id] = copy
        rows.append(
            OutboxOrder(
                order_pk=f"copy-{remote_id}",
                channel=first.channel,
                account=first.account,
                stage=first.stage,
                remote_id=remote_id,
                remote_status=first.remote_status,
            )
        )
    OutboxOrder.objects.bulk_create(rows)


@pytest.mark.parametrize(("orders", "requests"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_reconcile_costs_a_request_for_a_hundred_orders_when_nothing_is_wrong(
    stocked_shop: ConnectedShop, orders: int, requests: int
) -> None:
    stocked_shop.order(BEANS=1)
    fill(stocked_shop, orders)
    stocked_shop.reset_requests()

    run = reconcile(stocked_shop)

    assert (run.compared, run.found) == (orders, 0)
    assert stocked_shop.requests() == {"GET /orders": requests}


def test_reconcile_goes_on_where_it_stopped_when_picqer_fails(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.order(BEANS=1)
    fill(stocked_shop, 250)
    stocked_shop.fail_next("GET", "/orders", "500", skip=2, times=20)
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)
    assert reconciling.carry_on(run.pk) == 60
    stocked_shop.control("DELETE", "/faults")
    ReconcileRun.objects.update(not_before=None)
    stocked_shop.reset_requests()

    assert reconciling.carry_on(run.pk) is None

    run.refresh_from_db()
    assert (run.status, run.compared) == ("done", 250)
    assert stocked_shop.requests() == {"GET /orders": 1}


def test_reconcile_is_carried_out_in_parts(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked_shop.order(BEANS=1)
    fill(stocked_shop, 250)
    monkeypatch.setattr(tasks, "RUN_SECONDS", 1e-9)
    parts = iter([False, True] * 20)
    monkeypatch.setattr(HeldReconcile, "time_is_up", lambda _: next(parts))
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)
    tasks.reconcile.delay(run.pk)

    stocked_shop.run_until_idle()

    run.refresh_from_db()
    assert (run.status, run.compared) == ("done", 250)


def test_reconcile_fails_saying_why_when_picqer_stays_silent(stocked_shop: ConnectedShop) -> None:
    stocked_shop.order(BEANS=1)
    stocked_shop.fail_next("GET", "/orders", "500", times=200)
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)

    while reconciling.carry_on(run.pk) is not None:
        ReconcileRun.objects.update(not_before=None)

    run.refresh_from_db()
    assert run.status == "failed"
    assert run.problem.startswith("Picqer reports a fault")


@pytest.mark.parametrize("status", [500, 403])
def test_reconcile_goes_on_when_the_requests_of_one_order_fail(
    stocked_shop: ConnectedShop, status: int
) -> None:
    poison, other = stocked_shop.order(BEANS=1), stocked_shop.order(BEANS=1)
    stocked_shop.ship(other)
    idpicklist = stocked_shop.close_picklist(poison)
    lose_webhooks(stocked_shop)
    path = f"/picklists/{idpicklist}"
    stocked_shop.fail_next("GET", path, "html", status=status, times=200)

    run = reconcile(stocked_shop)

    (first,) = [one for one in run.findings if one["order_pk"] == str(poison)]
    assert (run.status, run.found, run.repaired) == ("done", 2, 1)
    assert f"HTTP {status}" in first["detail"]
    assert stocked_shop.shop.order(other).status == "FULFILLED"


def test_reconcile_is_given_up_when_each_worker_is_killed(stocked_shop: ConnectedShop) -> None:
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)

    for _ in range(MAX_FAILURES + 1):
        assert claim(run.pk) is not None
        ReconcileRun.objects.update(held_until=timezone.now() - timedelta(minutes=1))

    assert reconciling.carry_on(run.pk) is None
    run.refresh_from_db()
    assert run.status == "failed"
    assert "The worker of this run was stopped" in run.problem


def test_reconcile_does_not_fail_when_it_waits_for_its_turn(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F84: the plugin's own rate limiter lets orders go first."""
    stocked_shop.order(BEANS=1)
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)

    def wait(*_: object) -> None:
        raise TryLaterError("Orders go first.", delay=7)

    with monkeypatch.context() as busy:
        busy.setattr(reconciling, "_go_on", wait)
        for _ in range(MAX_FAILURES + 2):
            assert reconciling.carry_on(run.pk) == 7
            ReconcileRun.objects.update(not_before=None)

    assert reconciling.carry_on(run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.failures) == ("done", 0)


def test_reconcile_is_taken_by_one_worker(stocked_shop: ConnectedShop) -> None:
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)
    ReconcileRun.objects.update(
        worker="another", held_until=timezone.now() + timedelta(minutes=1), status="running"
    )

    assert reconciling.carry_on(run.pk) is None

    run.refresh_from_db()
    assert run.worker == "another"


# --- rows that no worker takes


def test_order_that_was_never_recorded_is_sent(stocked_shop: ConnectedShop) -> None:
    """Failure mode F14: even if the sweeper has missed it."""
    order = stocked_shop.place(BEANS=1)
    stocked_shop.worker.queue.clear()
    OutboxOrder.objects.all().delete()
    ChannelState.objects.update(swept_until=timezone.now() + timedelta(hours=1))
    stocked_shop.pass_time()
    assert stocked_shop.orders() == []

    assert reconcile(stocked_shop).counts == {"order_unrecorded": 1}
    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_rows_that_no_worker_takes_are_reported(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.place(BEANS=1)
    stocked_shop.worker.queue.clear()
    long_ago = timezone.now() - timedelta(hours=1)
    OutboxOrder.objects.update(created_at=long_ago)
    account = wiring.watermark.account(stocked_shop.shop.channel_pk)
    delivery = {"channel": stocked_shop.shop.channel_pk, "account": account, "body": b"{}"}
    for status in ("received", "failed"):
        InboxEvent.objects.create(**delivery, body_hash=status, status=status, received_at=long_ago)

    run = reconcile(stocked_shop)

    assert run.counts == {"order_stuck": 1, "delivery_stuck": 1, "delivery_failed": 1}
    assert stocked_shop.row(order).enqueued_at is None


def test_failed_order_is_reported(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    OutboxOrder.objects.update(stage="failed", last_error="Unknown SKU.")

    run = reconcile(stocked_shop, apply=False)

    assert run.counts == {"order_failed": 1}
    assert run.findings[0]["detail"] == "Unknown SKU."
    assert run.findings[0]["order_pk"] == str(order)


def test_all_stuck_orders_are_counted_and_enqueued_again(stocked_shop: ConnectedShop) -> None:
    now = timezone.now()
    record_orders(stocked_shop, 250, not_before=now - timedelta(hours=1), enqueued_at=now)

    run = reconcile(stocked_shop)

    assert (run.counts, run.repaired, run.symptoms) == ({"order_stuck": 250}, 250, 250)
    assert not OutboxOrder.objects.exclude(enqueued_at=None).exists()


def test_all_failed_orders_are_counted_the_latest_first(stocked_shop: ConnectedShop) -> None:
    record_orders(stocked_shop, 250, stage="failed", last_error="Unknown SKU.")
    latest = OutboxOrder.objects.get(order_pk="recorded-7")
    latest.save()

    run = reconcile(stocked_shop, apply=False)

    assert run.counts == {"order_failed": 250}
    assert run.findings[0]["order_pk"] == latest.order_pk


# --- stock


def test_stock_is_counted_again_when_it_differs_from_what_was_read(
    stocked_shop: ConnectedShop,
) -> None:
    """A quantity that was changed in the database, for example: without a request."""
    stocked_shop.full_sync()
    Stock.objects.filter(product_variant__sku="BEANS", quantity=10).update(quantity=13)
    stocked_shop.reset_requests()

    listed = reconcile(stocked_shop, apply=False)
    assert stocked_shop.shop.available("BEANS") == 13
    repaired = reconcile(stocked_shop)

    assert (listed.counts, repaired.counts, repaired.repaired) == ({"stock": 1}, {"stock": 1}, 1)
    assert stocked_shop.shop.available("BEANS") == 10
    assert reconcile(stocked_shop).found == 0
    assert stocked_shop.requests() == {}


# --- when


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def queued(now: datetime) -> int:
    before = ReconcileRun.objects.count()
    reconciling.queue_nightly(now)
    return ReconcileRun.objects.count() - before


def test_reconcile_is_queued_once_a_night(stocked_shop: ConnectedShop, settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    ChannelState.objects.update(created_at=NOON)
    night = NOON + timedelta(hours=14)

    assert queued(NOON + timedelta(hours=8)) == 0
    assert queued(NOON + timedelta(hours=21)) == 0
    queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)
    ReconcileRun.objects.update(queued_at=night, status="done")
    assert queued(night + timedelta(hours=1)) == 0
    assert queued(night + timedelta(hours=12)) == 0
    assert queued(night + timedelta(hours=24)) == 1
    assert queued(night + timedelta(hours=24)) == 0


def test_reconcile_of_the_night_is_made_up_for_when_no_worker_ran(
    stocked_shop: ConnectedShop,
) -> None:
    queue(stocked_shop.shop.channel_pk, Cause.SCHEDULE, apply=True)
    ReconcileRun.objects.update(queued_at=NOON - timedelta(hours=34), status="done")

    assert queued(NOON) == 1


def test_sweeper_carries_out_the_nightly_reconcile(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)
    ChannelState.objects.update(created_at=timezone.now() - timedelta(days=2))

    stocked_shop.pass_time()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert ReconcileRun.objects.get().cause == "schedule"


def test_orders_are_reconciled_when_hooks_were_off(stocked_shop: ConnectedShop) -> None:
    """Failure mode F1: the outage is back-filled."""
    order = stocked_shop.order(BEANS=1)
    for hook in stocked_shop.picqer_api("GET", "/hooks"):
        stocked_shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    tasks.check_hooks(wiring.watermark.account(stocked_shop.shop.channel_pk))
    wiring.hook_registrations.mark_stale(
        stocked_shop.shop.channel_pk, wiring.watermark.account(stocked_shop.shop.channel_pk)
    )
    stocked_shop.pass_time()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert ReconcileRun.objects.get().cause == "hooks"


def test_nothing_is_reconciled_when_the_plugin_is_switched_off(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F91: the same holds for a copied database."""
    run, _ = queue(stocked_shop.shop.channel_pk, Cause.REQUEST, apply=True)
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.run_until_idle()
    stocked_shop.reset_requests()

    reconciling.finish(run.pk)

    run.refresh_from_db()
    assert (run.status, run.problem) == ("failed", "The plugin is switched off in the channel.")
    assert stocked_shop.requests() == {}


# --- staff


def test_mutation_lists_then_repairs(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)
    api, channel = stocked_shop.shop.admin_api, stocked_shop.shop.channel_slug

    for apply in (False, True):
        answer = api.query(RECONCILE, channel=channel, apply=apply)["picqerReconcile"]
        assert (answer["errors"], answer["run"]["apply"]) == ([], apply)
        stocked_shop.run_until_idle()

    repaired, listed = api.query(RECONCILES, channel=channel)["picqerStatus"]["reconciles"]
    assert (listed["found"], listed["repaired"], repaired["repaired"]) == (1, 0, 1)
    assert repaired["counts"] == [{"kind": "ORDER_COMPLETED", "count": 1}]
    assert repaired["differences"][0]["orderId"]
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_command_lists_then_repairs(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)

    assert "1 differences, 0 repaired" in manage_picqer("reconcile")
    assert stocked_shop.shop.order(order).status == "UNFULFILLED"
    told = manage_picqer("reconcile", "--apply")

    assert "1 differences, 1 repaired" in told
    assert "order_completed" in told
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_command_fails_when_picqer_refuses_the_key(stocked_shop: ConnectedShop) -> None:
    stocked_shop.order(BEANS=1)
    stocked_shop.server.runtime.api_key = "another"

    with pytest.raises(CommandError, match="not complete"):
        manage_picqer("reconcile")
