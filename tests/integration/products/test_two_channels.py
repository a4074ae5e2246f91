"""One channel of a Picqer account sends the products; on Saleor 3 only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration.products.conftest import ProductShop
from tests.integration.support.api import ApiError
from tests.integration.support.catalogue_edits import CatalogueApi
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

pytestmark = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")

UPDATE = {"PUT /products/{idproduct}": 1}


@pytest.fixture
def second(products: ProductShop) -> ConnectedShop:
    """Connect a second channel to the same Picqer account."""
    second = replace(products.connected, shop=products.connected.shop.open("second"))
    second.connect()
    products.run()
    return second


def test_prices_of_one_channel_are_sent(products: ProductShop, second: ConnectedShop) -> None:
    """Two channels with different prices do not rewrite each other."""
    tea = products.variant("TEA")
    CatalogueApi(second.shop).set_price(tea, "77")
    assert products.run() == {}

    run = second.full_sync()
    assert run["status"] == "DONE"
    assert "another channel" in run["problems"][0]
    assert products.product("TEA")["price"] == 10

    products.edit.set_price(tea, "12")
    assert products.run() == UPDATE
    assert products.product("TEA")["price"] == 12
    assert products.sweep() == {}


def test_channel_that_always_sends_takes_over(products: ProductShop, second: ConnectedShop) -> None:
    tea = products.variant("TEA")
    CatalogueApi(second.shop).set_price(tea, "77")
    products.run()

    second.connect(send_products="always")

    assert products.sweep() == UPDATE
    assert products.product("TEA")["price"] == 77
    assert products.sweep() == {}


def test_second_channel_that_always_sends_is_refused(
    products: ProductShop, second: ConnectedShop
) -> None:
    products.connected.connect(send_products="always")

    with pytest.raises(ApiError, match='channel "webshop" sends the products'):
        second.connect(send_products="always")
