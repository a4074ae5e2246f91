"""Refused products in the status, and repeated pushes by staff."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.products.conftest import ProductShop
from tests.integration.support.api import Api, ApiError, to_global_id
from tests.integration.support.commands import manage_picqer

STATUS = """
query ($channel: String) {
  picqerStatus(channel: $channel) {
    products { known waiting failing failures { sku variantId message attempts nextAttempt } }
  }
}
"""
RETRY = """
mutation ($channel: String) {
  picqerRetryProducts(channel: $channel) { count errors { field message code } }
}
"""


@pytest.fixture
def failing(products: ProductShop) -> ProductShop:
    """Return the shop with TEA refused for its weight, which is corrected since."""
    tea = products.variant("TEA")
    products.edit.set_metadata(tea, "picqer.weight", "heavy")
    products.run()
    tea.metadata = {"picqer.weight": "250"}
    type(tea).objects.filter(pk=tea.pk).update(metadata=tea.metadata)
    return products


def test_failing_products_show_in_the_status(failing: ProductShop) -> None:
    (found,) = _status(failing)["failures"]

    assert (found["sku"], found["attempts"]) == ("TEA", 1)
    assert found["variantId"] == to_global_id("ProductVariant", failing.variant("TEA").pk)
    assert 'Metadata "weight"' in found["message"]
    assert found["nextAttempt"]
    assert _status(failing)["known"] == 2


def test_failing_products_are_sent_again_on_request(failing: ProductShop) -> None:
    channel = failing.connected.shop.channel_slug

    answer = failing.connected.shop.admin_api.query(RETRY, channel=channel)

    assert answer["picqerRetryProducts"]["count"] == 1
    assert failing.run() == {"PUT /products/{idproduct}": 1}
    assert failing.product("TEA")["weight"] == 250
    assert _status(failing)["failing"] == 0


def test_retry_needs_a_permission(failing: ProductShop, customer_api: Api) -> None:
    clerk = failing.connected.shop.staff_api("manage_orders", email="clerk@example.com")
    for api in (customer_api, clerk):
        with pytest.raises(ApiError):
            api.query(RETRY, channel=failing.connected.shop.channel_slug)


def test_command_lists_and_retries(failing: ProductShop) -> None:
    output = manage_picqer("products", "--retry")

    assert "2 products in" in output
    assert "0 failing" in output
    assert failing.product("TEA")["weight"] == 250


def _status(products: ProductShop) -> dict[str, Any]:
    channel = products.connected.shop.channel_slug
    answer = products.connected.shop.admin_api.query(STATUS, channel=channel)
    found: dict[str, Any] = answer["picqerStatus"]["products"]
    return found
