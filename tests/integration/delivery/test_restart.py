"""The whole worker is killed in the middle of its work."""

from __future__ import annotations

from saleor_picqer.models import OutboxOrder
from tests.integration.delivery.copies import copy_order
from tests.integration.delivery.scene import Scene

ORDERS = 30
HELD = ("slow", "hang")
"""One request that is executed, one that is not."""


def test_all_orders_arrive_once_when_the_worker_is_killed_and_restarted(scene: Scene) -> None:
    pks = copy_order(scene.original, ORDERS)
    for fault in HELD:
        scene.break_call("POST /orders", fault, skip=3, seconds=60)
        scene.break_call("POST /orders/{idorder}/process", fault, skip=1, seconds=60)

    scene.place(*pks)
    scene.wait_for_fault(2 * len(HELD))
    scene.worker.kill()
    scene.repair_calls()
    held = OutboxOrder.objects.filter(order_pk__in=pks).exclude(lease="").count()
    scene.worker.start()
    scene.end_leases()

    scene.wait_until(lambda: _processed(pks) == ORDERS, seconds=30)
    assert held > 0
    found = scene.in_picqer(pks)
    assert {pk: [one.status for one in found[pk]] for pk in pks} == {
        pk: ["processing"] for pk in pks
    }


def _processed(pks: list[str]) -> int:
    return OutboxOrder.objects.filter(order_pk__in=pks, stage="processed", lease="").count()
