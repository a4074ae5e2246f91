"""The hidden global plugin, which takes Saleor's events without a channel."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.plugin import PicqerPlugin
from tests.integration.support.bulk_orders import bulk_create, bulk_order
from tests.integration.support.connected_shop import ConnectedShop, manager_of
from tests.integration.support.shop import Shop

COMPANION = "picqer-global"

pytestmark = pytest.mark.skipif(
    not host().global_plugins, reason="every hook reaches our plugin here"
)


def recorded() -> dict[str, str]:
    """Return the channel of each outbox row by order pk."""
    return dict(OutboxOrder.objects.values_list("order_pk", "channel"))


def test_global_plugin_is_active_when_it_is_not_configured(shop: Shop) -> None:
    assert manager_of().get_plugin(COMPANION).active


def test_global_plugin_is_hidden_from_the_dashboards_list(shop: Shop) -> None:
    assert COMPANION not in shop.plugins()
    assert "picqer" in shop.plugins()


@pytest.mark.parametrize("path", ["", "global/", "channel/webshop/"])
def test_global_plugin_answers_no_webhooks(shop: Shop, path: str) -> None:
    response = Client().post(f"/plugins/{path}{COMPANION}/webhooks", "{}", "application/json")

    assert response.status_code == 404


def test_channel_plugin_leaves_bulk_orders_to_the_global_plugin() -> None:
    assert "order_bulk_created" not in dir(PicqerPlugin)


def test_all_orders_are_recorded_when_they_come_in_bulk(connected_shop: ConnectedShop) -> None:
    """Failure mode F17."""
    shop = connected_shop.shop
    shop.product("BEANS", stock=50)

    pks = bulk_create(shop, *(bulk_order(shop, {"BEANS": 1}) for _ in range(3)))

    assert recorded() == dict.fromkeys(pks, shop.channel_pk)


def test_each_channel_gets_its_own_orders_when_they_come_in_bulk(
    connected_shop: ConnectedShop,
) -> None:
    shop = connected_shop.shop
    shop.product("BEANS", stock=50)
    shop.create_channel("outlet")

    here, _elsewhere, also_here = bulk_create(
        shop,
        bulk_order(shop, {"BEANS": 1}),
        bulk_order(shop, {"BEANS": 1}, channel="outlet"),
        bulk_order(shop, {"BEANS": 1}),
    )

    assert recorded() == {here: shop.channel_pk, also_here: shop.channel_pk}


def test_order_is_not_recorded_when_picqer_does_not_handle_it(
    connected_shop: ConnectedShop,
) -> None:
    shop = connected_shop.shop
    shop.product("BEANS", stock=50)

    bulk_create(
        shop,
        bulk_order(shop, {"BEANS": 1}, method="Courier"),
        bulk_order(shop, {"BEANS": 1}, status="CANCELED"),
    )

    assert recorded() == {}


def test_nothing_is_recorded_when_the_plugin_is_off(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    shop.product("BEANS", stock=50)
    shop.configure_plugin(active=False)

    bulk_create(shop, bulk_order(shop, {"BEANS": 1}))

    assert recorded() == {}


def test_bulk_orders_are_created_when_recording_fails(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = connected_shop.shop
    shop.product("BEANS", stock=50)

    def explode(*_: object) -> Any:
        raise ValueError("out of order")

    monkeypatch.setattr(type(host().orders), "with_delivery", explode)

    (pk,) = bulk_create(shop, bulk_order(shop, {"BEANS": 1}))

    assert shop.order(pk).status == "UNFULFILLED"
    assert recorded() == {}


@pytest.mark.parametrize("count", [1, 5])
def test_bulk_costs_the_same_queries_when_it_has_more_orders(
    connected_shop: ConnectedShop, django_assert_max_num_queries: Any, count: int
) -> None:
    shop = connected_shop.shop
    shop.product("BEANS", stock=50)
    orders = list(map(_saved, bulk_create(shop, *(bulk_order(shop, {"BEANS": 1}),) * count)))
    OutboxOrder.objects.all().delete()
    companion = manager_of().get_plugin(COMPANION)

    # what Saleor asks to load a channel's plugins, and four of our own in a savepoint
    with django_assert_max_num_queries(10):
        companion.order_bulk_created(orders)

    assert len(recorded()) == count


def _saved(pk: str) -> Any:
    (order,) = host().orders.with_delivery([pk])
    return order
