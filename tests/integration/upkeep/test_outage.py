"""A day without webhooks: the next check of the hooks brings both systems in step."""

from __future__ import annotations

import os
import random
from collections import Counter

from django.utils import timezone

from saleor_picqer import reconciling
from saleor_picqer.models import HookRegistration, ReconcileRun
from saleor_picqer.store.reconcile import Cause, queue
from tests.integration.support.connected_shop import ConnectedShop

# A day of a busy shop has 200 orders and 500 changes of stock.
ORDERS = int(os.environ.get("PICQER_OUTAGE_ORDERS", "15"))
SKUS = [f"SKU-{number}" for number in range(5)]
# What Saleor shows of an order with each status in Picqer.
SHOWN = {"completed": "FULFILLED", "cancelled": "CANCELED"}


def happen(connected_shop: ConnectedShop, orders: list[str], stock_changes: int) -> Counter[str]:
    """Let a day pass in Picqer: orders are shipped, cancelled and paused, and stock changes.

    Some that are cancelled are entered again, and shipped.
    """
    chance = random.Random(7)  # noqa: S311
    remote_ids = {order: connected_shop.row(order).remote_id for order in orders}
    happened: Counter[str] = Counter()
    for number, (order, remote_id) in enumerate(remote_ids.items()):
        what = chance.choice(["ship", "ship", "cancel", "enter again", "pause", "nothing"])
        happened[what] += 1
        if what == "ship":
            connected_shop.control("POST", f"/orders/{remote_id}/ship")
        elif what == "cancel":
            connected_shop.picqer_api("DELETE", f"/orders/{remote_id}?force=true")
        elif what == "enter again":
            connected_shop.picqer_api("DELETE", f"/orders/{remote_id}?force=true")
            reference, goods = connected_shop.number(order), {SKUS[number % 5]: 1}
            entered = connected_shop.enter_in_picqer(reference, **goods)
            connected_shop.picqer_api("POST", f"/orders/{entered}/process")
            connected_shop.control("POST", f"/orders/{entered}/ship")
        elif what == "pause":
            connected_shop.picqer_api("POST", f"/orders/{remote_id}/pause", reason="Flood")
    for _ in range(stock_changes):
        connected_shop.stock(chance.choice(SKUS), 300 + chance.randrange(100))
    return happened


def test_both_systems_agree_when_webhooks_were_off_for_a_day(stocked_shop: ConnectedShop) -> None:
    """Failure mode F1: Picqer has switched the hooks off. The cost is asserted in requests."""
    orders, stock_changes = ORDERS, ORDERS * 5 // 2
    # The test's own requests count, too.
    stocked_shop.control("POST", "/options", rate_limit=100_000)
    stocked_shop.offer(**dict.fromkeys(SKUS, 500))
    placed = [stocked_shop.place(**{SKUS[n % 5]: 1}) for n in range(orders)]
    stocked_shop.run_until_idle()
    for hook in stocked_shop.picqer_api("GET", "/hooks"):
        stocked_shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")
    happened = happen(stocked_shop, placed, stock_changes)
    assert not stocked_shop.webhooks.pending
    stocked_shop.reset_requests()

    HookRegistration.objects.update(check_at=timezone.now())
    stocked_shop.pass_time()

    # Reading and following an order that has changed, its picklist and the list of its shipments.
    requests = stocked_shop.requests()
    of_orders = {route: number for route, number in requests.items() if "orders" in route}
    pages = -(-orders // 100)
    changed = orders - happened["nothing"]
    # A cancelled order is looked for by its reference: it may have been entered again.
    cancelled = happened["cancel"] + happened["enter again"]
    shipped = happened["ship"] + happened["enter again"]
    assert of_orders.get("GET /orders", 0) <= pages + cancelled
    assert of_orders.get("GET /orders/{idorder}", 0) <= changed
    assert sum(requests.values()) <= 20 + pages + changed + cancelled + 2 * shipped

    run = ReconcileRun.objects.get()
    assert (run.status, run.compared, run.repaired) == ("done", orders, changed)
    for order in placed:
        status = stocked_shop.remote(order)["status"]
        assert stocked_shop.shop.order(order).status == SHOWN.get(status, "UNFULFILLED")
        assert stocked_shop.shop.order(order).picqer["status"] == status
    for sku in SKUS:
        assert stocked_shop.shop.available(sku) == stocked_shop.free_stock(sku)

    stocked_shop.reset_requests()
    again, _ = queue(stocked_shop.shop.channel_pk, Cause.REQUEST, apply=True)
    reconciling.finish(again.pk)
    again.refresh_from_db()
    assert again.found == 0
    # A page for each status that open orders have, and one for a hundred shipments.
    left = happened["nothing"], happened["pause"]
    assert stocked_shop.requests() == {
        "GET /hooks": 1,
        "GET /orders": sum(-(-number // 100) for number in left),
        "GET /shipments": 1 + shipped // 100,
    }
