"""The whole worker is killed while it works."""

from __future__ import annotations

from django.db import connection
from saleor.celeryconf import app

from saleor_picqer.models import OutboxOrder
from tests.integration.delivery.real_worker import SWEEP
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


def test_sweep_is_enqueued_when_the_scheduler_has_lost_its_database_connection(
    running_shop: RunningShop,
) -> None:
    running_shop.row(running_shop.original)  # opens the connection
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()

    messages = [app.tasks[SWEEP].apply_async() for _ in range(2)]

    assert messages[0] is not None
    assert running_shop.row(running_shop.original).stage == "processed"
