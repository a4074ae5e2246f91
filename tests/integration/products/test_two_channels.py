"""One channel of a Picqer account sends the products; on Saleor 3 only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from saleor.plugins.models import PluginConfiguration

from saleor_picqer.models import CatalogueProduct
from tests.integration.products.conftest import ProductShop
from tests.integration.support.api import ApiError
from tests.integration.support.catalogue_edits import CatalogueApi, describe_quietly
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


# --- products that only one of the channels sells


def unlist(products: ProductShop, sku: str) -> None:
    """Take the variant out of the channel that sends the products."""
    products.edit.unlist(products.variant(sku))


@pytest.mark.parametrize("sends", ["automatic", "never"])
def test_product_stays_active_when_another_channel_sells_it(
    products: ProductShop, second: ConnectedShop, sends: str
) -> None:
    """An inactive product could not be ordered in the second channel."""
    products.connected.connect(inactivate_products="unpublished")
    second.connect(send_products=sends)

    unlist(products, "TEA")
    products.run()
    assert products.sweep() == {}
    assert products.codes() == ["BEANS", "TEA"]

    CatalogueApi(second.shop).unlist(products.variant("TEA"))
    assert products.run() == UPDATE
    assert products.codes(active=False) == ["TEA"]
    assert products.sweep() == {}


@pytest.mark.parametrize("sends", ["automatic", "never"])
@pytest.mark.parametrize("is_told", [True, False])
def test_product_is_active_again_when_only_the_second_channel_lists_it(
    products: ProductShop, second: ConnectedShop, sends: str, is_told: bool
) -> None:
    products.connected.connect(inactivate_products="unpublished")
    second.connect(send_products=sends)
    tea = products.variant("TEA")
    unlist(products, "TEA")
    CatalogueApi(second.shop).unlist(tea)
    products.run()
    assert products.codes(active=False) == ["TEA"]

    CatalogueApi(second.shop).publish(tea, published=True)
    CatalogueApi(second.shop).set_price(tea, "10")
    if is_told:
        products.run()
    else:
        CatalogueProduct.objects.update(dirty=False)
        assert products.sweep() == UPDATE

    assert products.codes() == ["BEANS", "TEA"]
    assert products.sweep() == {}


@pytest.mark.parametrize("sends", ["automatic", "never"])
def test_product_stays_active_when_another_channel_publishes_it(
    products: ProductShop, second: ConnectedShop, sends: str
) -> None:
    products.connected.connect(inactivate_products="unpublished")
    second.connect(send_products=sends)
    tea = products.variant("TEA")

    products.edit.publish(tea, published=False)
    assert products.run() == {}
    assert products.codes() == ["BEANS", "TEA"]

    CatalogueApi(second.shop).publish(tea, published=False)
    assert products.run() == UPDATE
    assert products.codes(active=False) == ["TEA"]

    CatalogueApi(second.shop).publish(tea, published=True)
    assert products.run() == UPDATE
    assert products.codes() == ["BEANS", "TEA"]
    assert products.sweep() == {}


def test_product_of_the_second_channel_alone_is_sent_with_its_price(
    products: ProductShop, second: ConnectedShop
) -> None:
    products.connected.connect(inactivate_products="unpublished")
    mug = second.shop.product("MUG", price="33")
    products.tell_variants(mug)

    assert products.run() == {"POST /products": 1}
    assert products.product("MUG")["price"] == 33
    assert products.sweep() == {}
    assert second.full_sync()["status"] == "DONE"
    assert products.connected.full_sync()["unchanged"] == 3

    products.edit.publish(mug, published=True)
    products.edit.set_price(mug, "12")
    assert products.run() == UPDATE
    assert products.product("MUG")["price"] == 12
    CatalogueApi(second.shop).set_price(mug, "34")
    assert products.run() == {}
    assert products.sweep() == {}


def test_product_of_a_channel_that_never_sends_is_not_created(
    products: ProductShop, second: ConnectedShop
) -> None:
    second.connect(send_products="never")
    mug = second.shop.product("MUG", price="33")
    products.tell_variants(mug)

    assert products.run() == {}
    assert products.sweep() == {}
    assert products.connected.full_sync()["total"] == 2


def test_change_of_a_product_of_the_second_channel_is_found_without_a_hook(
    products: ProductShop, second: ConnectedShop
) -> None:
    unlist(products, "TEA")
    products.run()

    describe_quietly(products.variant("TEA"), "Hot")

    assert products.sweep() == UPDATE
    assert products.product("TEA")["description"] == "Hot"


def test_products_stay_active_while_the_settings_of_the_second_channel_are_wrong(
    products: ProductShop, second: ConnectedShop
) -> None:
    products.connected.connect(inactivate_products="unpublished")
    unlist(products, "TEA")
    products.run()
    row = PluginConfiguration.objects.get(channel_id=second.shop.channel_pk, identifier="picqer")
    for item in row.configuration:
        if item["name"] == "endpoint":
            item["value"] = "nowhere"
    row.save()

    assert products.sweep() == {}
    assert products.codes() == ["BEANS", "TEA"]
