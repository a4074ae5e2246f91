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
    """An order whose product Picqer has does not send the product's data."""
    products.connected.shop.set_stock("TEA", 10)
    idproduct = products.product("TEA")["idproduct"]
    products.connected.picqer_api("PUT", f"/products/{idproduct}", name="Renamed in Picqer")
    products.connected.webhooks.pending.clear()
    products.connected.reset_requests()

    products.connected.order(TEA=1)

    assert products.product("TEA")["name"] == "Renamed in Picqer"


def test_product_that_an_order_creates_is_known_afterwards(products: ProductShop) -> None:
    mug = products.connected.shop.product("MUG", name="Mug", stock=5)
    products.connected.worker.later.clear()

    products.connected.order(MUG=1)

    assert products.row(mug).remote_id == products.product("MUG")["idproduct"]
    assert products.sweep() == {}
