"""Metadata written by the plugin on the order, beside metadata of other programs."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from saleor.order.models import Order

from saleor_picqer import plugin
from saleor_picqer.hosts import host
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop


@pytest.fixture
def order(shop: Shop) -> str:
    shop.product("BEANS", stock=5)
    pk = shop.checkout({"BEANS": 1})
    Order.objects.update(private_metadata={"erp.id": "7", "picqer.status": "concept"})
    return pk


def private(order: str) -> dict[str, Any]:
    found: dict[str, Any] = Order.objects.get(pk=order).private_metadata
    return found


def test_values_are_remembered_under_our_prefix(order: str) -> None:
    host().orders.write_metadata(order, {"idorder": "12", "status": "processing"}, {})

    assert private(order) == {
        "erp.id": "7",
        "picqer.idorder": "12",
        "picqer.status": "processing",
    }


def test_key_is_removed_when_its_value_is_empty(order: str) -> None:
    host().orders.write_metadata(order, {"status": "", "attention": "", "number": "O-1"}, {})

    assert private(order) == {"erp.id": "7", "picqer.number": "O-1"}


def test_shops_own_prefix_is_put_before_the_keys(order: str, settings: Any) -> None:
    settings.SALEOR_PICQER = {"metadata_prefix": "wms_"}

    host().orders.write_metadata(order, {"status": "done"}, {})

    assert private(order)["wms_status"] == "done"


def test_metadata_is_created_when_the_order_has_none(order: str) -> None:
    if not Order._meta.get_field("private_metadata").null:
        pytest.skip("there always is some here")
    Order.objects.update(private_metadata=None)

    host().orders.write_metadata(order, {"status": "", "number": "O-1"}, {})

    assert private(order) == {"picqer.number": "O-1"}


def test_nothing_else_of_the_order_changes(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(*_: object) -> None:
        pytest.fail("a hook was called")

    monkeypatch.setattr(plugin.PicqerPlugin, "orders_changed", tell)
    before = Order.objects.filter(pk=order).values().get()

    host().orders.write_metadata(order, {"status": "done"}, {})

    after = Order.objects.filter(pk=order).values().get()
    assert {name for name in before if before[name] != after[name]} == {"private_metadata"}


def test_metadata_is_written_with_one_statement(order: str, django_assert_num_queries: Any) -> None:
    if not IS_SALEOR_3:
        pytest.skip("the row is locked first here")

    with django_assert_num_queries(1):
        host().orders.write_metadata(order, {"status": "", "number": "O-1"}, {})


def test_nothing_happens_when_the_order_is_gone(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    gone = shop.draft({"BEANS": 1})
    Order.objects.all().delete()

    host().orders.write_metadata(gone, {"status": "done"}, {})


@pytest.mark.usefixtures("transactional_db")
def test_metadata_of_others_is_kept_when_written_meanwhile(order: str) -> None:
    ours = Thread(target=in_own_connection, args=[remember_number, order])
    with transaction.atomic():
        theirs = Order.objects.select_for_update(of=("self",)).get(pk=order)
        theirs.private_metadata = {"erp.id": "8", "erp.state": "booked"}
        theirs.save(update_fields=["private_metadata"])
        ours.start()
        wait_until(a_connection_waits_for_a_lock)
    ours.join(timeout=10)

    assert private(order) == {"erp.id": "8", "erp.state": "booked", "picqer.number": "O-1"}


def remember_number(order: str) -> None:
    host().orders.write_metadata(order, {"number": "O-1"}, {})


def in_own_connection(work: Callable[[str], None], order: str) -> None:
    try:
        with host().access.allow_db():
            work(order)
    finally:
        connection.close()


def a_connection_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)
