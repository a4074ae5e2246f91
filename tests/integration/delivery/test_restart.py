"""The whole worker is killed while it works."""

from __future__ import annotations

from saleor_picqer.models import OutboxOrder
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support.order_copies import copy_order

ORDERS = 30
# One request that is executed, one that is not.
HELD = ("slow", "hang")


def test_all_orders_arrive_once_when_the_worker_is_killed_and_restarted(
    running_shop: RunningShop,
) -> None:
    pks = copy_order(running_shop.original, ORDERS)
    for fault in HELD:
        running_shop.break_call("POST /orders", fault, skip=3, seconds=60)
        running_shop.break_call("POST /orders/{idorder}/process", fault, skip=1, seconds=60)

    running_shop.place(*pks)
    running_shop.wait_for_fault(2 * len(HELD))
    running_shop.worker.kill()
    running_shop.repair_calls()
    held = OutboxOrder.objects.filter(order_pk__in=pks).exclude(lease="").count()
    running_shop.worker.start()
    running_shop.end_leases()

    running_shop.wait_until(lambda: _processed(pks) == ORDERS, seconds=30)
    assert held > 0
    found = running_shop.in_picqer(pks)
    assert {pk: [one.status for one in found[pk]] for pk in pks} == {
        pk: ["processing"] for pk in pks
    }


def _processed(pks: list[str]) -> int:
    return OutboxOrder.objects.filter(order_pk__in=pks, stage="processed", lease="").count()
