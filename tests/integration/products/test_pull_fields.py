"""Fields of Picqer's products, taken into the shop's variants."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.products.conftest import ProductShop
from tests.integration.support.host import IS_SALEOR_3


@pytest.fixture
def weighed(products: ProductShop) -> ProductShop:
    """Return the shop after the warehouse has weighed TEA."""
    idproduct = products.product("TEA")["idproduct"]
    products.connected.picqer_api("PUT", f"/products/{idproduct}", weight=310, barcode="87")
    products.connected.webhooks.pending.clear()
    return products


def test_fields_are_taken_and_not_sent_back(weighed: ProductShop, settings: Any) -> None:
    """Failure mode F66: what comes from Picqer does not go to Picqer again."""

    def pull_fields(product: dict[str, Any]) -> dict[str, Any]:
        return {
            "weight": product["weight"] or None,
            "name": "Pack" if product["productcode"] == "TEA" else "",
            "track_inventory": product["productcode"] != "BEANS",
            "quantity_limit": 5,
            "metadata": {"barcode": product["barcode"]},
        }

    settings.SALEOR_PICQER = {"pull_fields": pull_fields}
    before = weighed.variant("TEA")
    type(before).objects.filter(pk=before.pk).update(metadata={"own": "x"})

    run = weighed.connected.full_sync()

    tea = weighed.variant("TEA")
    assert run["problems"] == []
    assert (tea.weight.g, tea.name, tea.metadata) == (310, "Pack", {"own": "x", "barcode": "87"})
    assert weighed.variant("BEANS").track_inventory is False
    if IS_SALEOR_3:
        assert tea.quantity_limit_per_customer == 5
    # The new name of the variant is a change like any other; the weight is Picqer's own.
    assert weighed.product("TEA")["name"] == "Coffee TEA (Pack)"
    assert weighed.run() == {}
    assert weighed.sweep() == {}


def test_taking_a_field_alone_costs_no_write_in_picqer(weighed: ProductShop, settings: Any) -> None:
    """Failure mode F66."""
    settings.SALEOR_PICQER = {"pull_fields": lambda product: {"weight": product["weight"]}}
    weighed.connected.reset_requests()

    weighed.connected.full_sync()

    assert weighed.variant("TEA").weight.g == 310
    assert not any(route.startswith(("PUT", "POST")) for route in weighed.connected.requests())
    assert weighed.run() == {}
    assert weighed.sweep() == {}


@pytest.mark.parametrize(
    ("taken", "problem"), [({"price": 3}, '"price"'), ({"weight": "x"}, '"weight"'), (None, "dict")]
)
def test_product_is_reported_when_the_callable_fails_for_it(
    weighed: ProductShop, settings: Any, taken: Any, problem: str
) -> None:
    settings.SALEOR_PICQER = {
        "pull_fields": lambda product: taken if product["productcode"] == "TEA" else {}
    }

    run = weighed.connected.full_sync()

    assert (run["status"], run["updated"], run["failed"]) == ("DONE", 0, 0), run
    assert 'SKU "TEA"' in run["problems"][0]
    assert problem in run["problems"][0]
