"""Reconciles carried out by tests, and what they find."""

from __future__ import annotations

from typing import Any

from saleor_picqer import reconciling, wiring
from saleor_picqer.models import OutboxOrder, ReconcileRun
from saleor_picqer.store.reconcile import Cause, queue
from tests.integration.support.connected_shop import ConnectedShop


def reconcile(
    connected_shop: ConnectedShop, *, apply: bool = True, cause: Cause = Cause.SCHEDULE
) -> ReconcileRun:
    """Carry out a reconcile to the end, without the tasks that it enqueues."""
    run, _ = queue(connected_shop.shop.channel_pk, cause, apply=apply)
    reconciling.finish(run.pk)
    run.refresh_from_db()
    return run


def lose_webhooks(connected_shop: ConnectedShop) -> None:
    connected_shop.webhooks.pending.clear()


def record_orders(connected_shop: ConnectedShop, number: int, **columns: Any) -> None:
    """Put so many orders that were never sent into the outbox."""
    account = wiring.watermark.account(connected_shop.shop.channel_pk)
    OutboxOrder.objects.bulk_create(
        OutboxOrder(
            order_pk=f"recorded-{n}",
            channel=connected_shop.shop.channel_pk,
            account=account,
            **columns,
        )
        for n in range(number)
    )
