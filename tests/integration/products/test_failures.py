"""Refused products are reported, tried again, and stop no other product."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from saleor_picqer.models import CatalogueProduct, ChannelState
from saleor_picqer.store import catalogue
from tests.integration.products.conftest import ProductShop


def test_refused_product_is_reported_and_the_others_are_sent(products: ProductShop) -> None:
    products.edit.set_metadata(products.variant("TEA"), "picqer.weight", "heavy")
    products.edit.rename(products.variant("BEANS"), "Beans")

    assert products.run() == {"PUT /products/{idproduct}": 1}
    assert products.product("BEANS")["name"] == "Beans"
    (failing,) = catalogue.failing(products.row(products.variant("TEA")).account)
    assert failing.sku == "TEA"
    assert 'Metadata "weight" of SKU "TEA"' in failing.last_error
    assert failing.not_before is not None


def test_failing_product_is_sent_when_it_is_mended(products: ProductShop) -> None:
    tea = products.variant("TEA")
    products.edit.set_metadata(tea, "picqer.weight", "heavy")
    products.run()

    products.edit.set_metadata(tea, "picqer.weight", "250")

    assert products.run() == {"PUT /products/{idproduct}": 1}
    assert products.product("TEA")["weight"] == 250
    assert products.row(tea).last_error == ""


@pytest.mark.parametrize("fault", ["500", "drop-before", "drop-after"])
def test_change_is_tried_again_when_picqer_does_not_answer(
    products: ProductShop, fault: str
) -> None:
    tea = products.variant("TEA")
    products.connected.fail_next("PUT", "/products/{idproduct}", fault, times=5)
    products.edit.rename(tea, "Green tea")
    products.run()
    assert products.row(tea).dirty
    assert products.row(tea).last_error

    for _ in range(3):
        products.sweep()

    assert products.product("TEA")["name"] == "Green tea"
    assert products.row(tea).last_error == ""


def test_nothing_is_sent_while_the_circuit_breaker_is_open(products: ProductShop) -> None:
    ChannelState.objects.update(open_until=timezone.now() + timedelta(minutes=1))
    products.edit.rename(products.variant("TEA"), "Green tea")

    assert products.run() == {}
    assert products.row(products.variant("TEA")).dirty


def test_batch_of_a_killed_worker_is_sent_by_another(products: ProductShop) -> None:
    tea = products.variant("TEA")
    products.edit.rename(tea, "Green tea")
    products.connected.worker.later.clear()
    claimed = catalogue.CatalogueOutbox(products.row(tea).account).claim(10)
    assert str(tea.pk) in [entry.variant_pk for entry in claimed]
    assert catalogue.CatalogueOutbox(products.row(tea).account).claim(10) == []

    assert products.sweep() == {"PUT /products/{idproduct}": 1}
    assert not CatalogueProduct.objects.exclude(lease="").exists()


def test_order_never_overwrites_a_product(products: ProductShop) -> None:
    """An order creates missing products, and sends no data of an existing product."""
    connected = products.connected
    connected.shop.set_stock("TEA", 10)
    connected.shop.product("MUG", name="Mug", stock=5)
    before = products.product("TEA")
    path = f"/products/{before['idproduct']}"
    groups = [group["idvatgroup"] for group in connected.picqer_api("GET", "/vatgroups")]
    other_group = next(each for each in groups if each != before["idvatgroup"])
    edited = {"name": "Edited", "price": 77, "idvatgroup": other_group, "barcode": "8710000000017"}
    connected.picqer_api("PUT", path, **edited)
    connected.webhooks.pending.clear()
    connected.worker.later.clear()
    connected.reset_requests()

    order = connected.order(TEA=1, MUG=1)

    writes = {
        route: count
        for route, count in products.products_requests().items()
        if not route.startswith("GET") and "/orders" not in route
    }
    after = connected.picqer_api("GET", path)
    assert connected.row(order).stage == "processed"
    assert {name: after[name] for name in edited} == edited
    assert writes == {"POST /products": 1}


def test_product_that_an_order_creates_is_known_afterwards(products: ProductShop) -> None:
    mug = products.connected.shop.product("MUG", name="Mug", stock=5)
    products.connected.worker.later.clear()

    products.connected.order(MUG=1)

    assert products.row(mug).remote_id == products.product("MUG")["idproduct"]
    assert products.sweep() == {}
