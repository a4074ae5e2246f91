"""The host adapter keeps the port's promises on the installed line of Saleor."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from saleor.order.models import Order
from saleor.plugins.base_plugin import BasePlugin

from saleor_picqer import plugin
from saleor_picqer.apps import SUPPORTED, check_host
from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.domain.stock import Shelf
from saleor_picqer.errors import DataError
from saleor_picqer.hosts import host
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import ConnectedShop, manager_of
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.host_orders import read_order
from tests.integration.support.shop import Shop

NOT_HOOKS = {
    "PLUGIN_ID",
    "orders_changed",
    "orders_placed",
    "channel_pk",
    "validate_plugin_configuration",
    "save_plugin_configuration",
}
# Saleor 2.10 never calls these.
SALEOR_3_HOOKS = {
    "order_confirmed",
    "order_expired",
    "order_metadata_updated",
    "order_paid",
    "resolve_plugin_configuration",
    "webhook",
}


def hooks() -> list[str]:
    """Return the hooks of the installed Saleor line that the plugin implements."""
    ours = {
        name
        for cls in plugin.PicqerPlugin.__mro__
        if cls.__module__.startswith("saleor_picqer")
        for name in vars(cls)
    }
    unknown = NOT_HOOKS if IS_SALEOR_3 else NOT_HOOKS | SALEOR_3_HOOKS
    return sorted(n for n in ours if n.islower() and not n.startswith("_") and n not in unknown)


def test_plugin_implements_hooks() -> None:
    assert {"order_created", "order_fully_paid"} <= set(hooks())


@pytest.mark.parametrize("name", hooks())
def test_hook_exists_on_this_line(name: str) -> None:
    assert hasattr(BasePlugin, name) or name in BasePlugin.__annotations__


@pytest.mark.parametrize("name", [name for name in hooks() if name.startswith("order_")])
def test_hook_takes_what_the_manager_passes(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    connected_shop.shop.product("BEANS", stock=1)
    order = Order.objects.get(pk=connected_shop.shop.checkout({"BEANS": 1}))
    noticed: list[Order] = []

    def notice(_: Any, orders: list[Order], previous_value: Any) -> Any:
        noticed.extend(orders)
        return previous_value

    monkeypatch.setattr(plugin.PicqerPlugin, "orders_placed", notice)
    monkeypatch.setattr(plugin.PicqerPlugin, "orders_changed", notice)

    getattr(manager_of(), name)(order)

    assert noticed == [order]


def test_version_is_known_and_supported(host_line: str) -> None:
    assert host().access.version.startswith(host_line)
    assert host_line in SUPPORTED
    assert check_host() == []


def test_check_names_both_versions_when_the_line_is_not_supported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(host().access), "version", "3.14.2")

    (warning,) = check_host()

    assert "3.14.2" in str(warning.msg)
    assert "3.23" in str(warning.hint)


def test_check_names_what_is_wrong_with_our_django_setting(settings: Any) -> None:
    settings.SALEOR_PICQER = {"order_fields": "shop.picqer.no_such"}

    (error,) = [found for found in run_checks() if str(found.id).startswith("saleor_picqer.E")]

    assert error.is_serious()
    assert "SALEOR_PICQER: order_fields" in error.msg


def test_our_fields_are_in_the_schema(shop: Shop, customer_api: Api) -> None:
    document = '{ __type(name: "%s") { fields { name } } }'

    def fields(type_name: str) -> set[str]:
        return {
            field["name"] for field in customer_api.query(document % type_name)["__type"]["fields"]
        }

    assert {"triggerPicqerFullSync", "pluginUpdate"} <= fields("Mutation")
    assert {"picqerStatus", "plugins"} <= fields("Query")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "saleor_picqer", check=True, dry_run=True, verbosity=0)


def test_fulfil_leaves_out_what_is_no_longer_open(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    order = shop.checkout({"BEANS": 2})
    (line,) = read_order(order).lines
    warehouse = str(shop.warehouse().pk)

    for _ in range(2):
        host().fulfilments.create(order, warehouse, {line.pk: 99}, Tracking("T-1"), notify=False)

    assert [f.lines for f in shop.order(order).fulfilments] == [{"BEANS": 2}]
    assert shop.stock("BEANS") == {"Shop floor": (3, 0)}


def test_fulfil_is_refused_when_the_order_is_cancelled(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    order = shop.checkout({"BEANS": 2})
    (line,) = read_order(order).lines
    shop.cancel(order)

    with pytest.raises(DataError, match="cancel"):
        host().fulfilments.create(order, None, {line.pk: 1}, Tracking(), notify=False)

    assert shop.order(order).fulfilments == []


def test_fulfil_works_when_the_last_unit_leaves(shop: Shop) -> None:
    shop.product("BEANS", stock=2)
    order = shop.checkout({"BEANS": 2})
    (line,) = read_order(order).lines
    shop.set_stock("BEANS", 0)

    host().fulfilments.create(
        order, str(shop.warehouse().pk), {line.pk: 2}, Tracking("T"), notify=False
    )

    assert shop.order(order).status == "FULFILLED"
    assert shop.available("BEANS") == 0


def test_fulfil_finds_the_warehouse_when_none_is_named(shop: Shop) -> None:
    shop.product("BEANS", stock=2)
    order = shop.checkout({"BEANS": 1})
    (line,) = read_order(order).lines

    host().fulfilments.create(order, None, {line.pk: 1}, Tracking(), notify=False)

    assert shop.order(order).fulfilments[0].warehouse == "Shop floor"


def test_cancel_is_refused_when_part_is_shipped(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    order = shop.checkout({"BEANS": 2})
    (line,) = read_order(order).lines
    host().fulfilments.create(order, None, {line.pk: 1}, Tracking(), notify=False)

    assert host().orders.cancel(order) is False
    assert shop.order(order).status == "PARTIALLY_FULFILLED"


def test_cancel_is_done_when_it_was_done_before(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    order = shop.checkout({"BEANS": 2})

    assert host().orders.cancel(order)
    assert host().orders.cancel(order)
    assert shop.available("BEANS") == 5


def test_recount_writes_nothing_when_nothing_changed(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    warehouse = str(shop.warehouse().pk)

    def set_to(quantity: int) -> int:
        return host().stock.recount(
            [warehouse],
            ["BEANS"],
            lambda shelves: {(warehouse, shelf.variant_pk): quantity for shelf in shelves},
        )

    assert set_to(5) == 0
    assert set_to(4) == 1
    assert shop.stock("BEANS") == {"Shop floor": (4, 0)}


def test_recount_leaves_a_stock_alone_when_it_has_no_new_quantity(shop: Shop) -> None:
    shop.product("BEANS", stock=5)

    changed = host().stock.recount([str(shop.warehouse().pk)], ["BEANS"], lambda _: {})

    assert (changed, shop.stock("BEANS")) == (0, {"Shop floor": (5, 0)})


@pytest.mark.parametrize("count", [3, 300])
def test_recount_costs_the_same_for_few_and_many(
    shop: Shop, count: int, django_assert_max_num_queries: Any
) -> None:
    shop.products(count, stock=1)
    warehouse = str(shop.warehouse().pk)
    skus = [f"SKU-{n}" for n in range(1, count + 1)]

    def double(shelves: Sequence[Shelf]) -> dict[tuple[str, int], int]:
        return {(warehouse, shelf.variant_pk): 2 for shelf in shelves}

    # Two of them open and end the savepoint; the locks of Saleor 2.10 have another one.
    with django_assert_max_num_queries(6 if IS_SALEOR_3 else 8):
        changed = host().stock.recount([warehouse], skus, double)

    assert changed == count


def test_order_has_the_fields_that_picqer_needs(shop: Shop) -> None:
    shop.product("BEANS", stock=5, price="10.00")
    pk = shop.checkout({"BEANS": 2}, email="jan@example.com", note="Ring twice")

    order = read_order(pk)

    assert order.email == "jan@example.com"
    assert order.note == "Ring twice"
    assert order.shipping is not None
    assert order.shipping.country == "NL"
    assert order.shipping.company == "Bakkerij Jansen"
    assert order.shipping.phone == "+31302345678"
    (line,) = order.lines
    assert (line.sku, line.quantity, line.total) == ("BEANS", 2, Decimal(20))


def test_variant_has_the_fields_that_picqer_needs(shop: Shop) -> None:
    shop.product("BEANS", price="10.00")

    (variant,) = host().catalogue.variants(shop.channel_pk)

    assert (variant.sku, variant.price, variant.price_includes_tax) == ("BEANS", Decimal(10), False)
    assert variant.name.startswith("Coffee beans")
    assert host().catalogue.variants_by_sku(shop.channel_pk, ["BEANS", "NONE"]) == {
        "BEANS": variant
    }
