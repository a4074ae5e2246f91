"""Shipping methods, and the mark of those that Picqer handles."""

from __future__ import annotations

from typing import Any

import pytest
from saleor.shipping.models import ShippingMethod

from saleor_picqer.hosts import host
from saleor_picqer.models import SyncRun
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.runs import FULL, PULL, PUSH, run
from tests.integration.support.settings_api import CHOOSE, METHODS, SettingsApi
from tests.integration.support.shop import Shop

CHANNELS = "{ picqerChannels(all: true) { slug active setUpSteps } }"
only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no marks")


def api_of(shop: Shop) -> SettingsApi:
    manager = shop.staff_api("manage_plugins", email="manager@example.com")
    return SettingsApi(manager, shop.channel_slug)


@pytest.fixture
def manager(connected_shop: ConnectedShop) -> SettingsApi:
    """Return the API; Picqer handles Parcel, by its mark where the line of Saleor has marks."""
    if host().has_shipping_metadata:
        connected_shop.connect(shipping_methods="marked")
    return api_of(connected_shop.shop)


def handled(methods: Any) -> list[str]:
    return [one["name"] for one in methods if one["isHandled"]]


def test_methods_of_the_channel_are_listed(manager: SettingsApi) -> None:
    methods = manager.methods()

    assert list(methods) == ["Courier", "Parcel"]
    assert methods["Parcel"]["zone"] == "Netherlands"
    assert handled(methods.values()) == ["Parcel"]
    assert methods["Parcel"]["isMarked"] is IS_SALEOR_3


def test_method_is_chosen_and_its_orders_go_to_picqer(
    stocked_shop: ConnectedShop, manager: SettingsApi
) -> None:
    courier = manager.methods()["Courier"]["id"]

    answer = manager.choose(courier, handled=True)

    assert answer["errors"] == []
    assert handled(answer["shippingMethods"]) == ["Courier", "Parcel"]
    order = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    stocked_shop.run_until_idle()
    assert stocked_shop.row(order).remote_id

    answer = manager.choose(courier, handled=False)

    assert handled(answer["shippingMethods"]) == ["Parcel"]
    # The order stays where it is.
    assert stocked_shop.row(order).stage == "processed"


@only_saleor_3
def test_mark_keeps_other_metadata_and_takes_no_request(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    courier = ShippingMethod.objects.get(name="Courier")
    courier.store_value_in_private_metadata({"other": "value"})
    courier.save()
    connected_shop.reset_requests()

    manager.choose(manager.methods()["Courier"]["id"], handled=True)
    courier.refresh_from_db()
    assert courier.private_metadata == {"other": "value", "picqer.handled": "true"}

    manager.choose(manager.methods()["Courier"]["id"], handled=False)
    courier.refresh_from_db()
    assert courier.private_metadata == {"other": "value"}
    assert connected_shop.requests() == {}


@only_saleor_3
def test_collection_point_is_marked(connected_shop: ConnectedShop, manager: SettingsApi) -> None:
    connected_shop.shop.collection_point("Corner shop")
    point = manager.methods()["Corner shop"]
    assert (point["isCollectionPoint"], point["isHandled"], point["zone"]) == (True, False, "")

    answer = manager.choose(point["id"], handled=True)

    assert "Corner shop" in handled(answer["shippingMethods"])


def test_setting_is_written_where_it_names_the_methods(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.connect(shipping_methods="Parcel")

    answer = manager.choose(manager.methods()["Courier"]["id"], handled=True)
    assert handled(answer["shippingMethods"]) == ["Courier", "Parcel"]
    assert connected_shop.shop.plugin().settings["shipping_methods"] == "Parcel, Courier"

    manager.choose(*(one["id"] for one in manager.methods().values()), handled=False)
    assert handled(manager.methods().values()) == []
    assert not connected_shop.shop.plugin().settings["shipping_methods"]


def test_choice_is_refused_where_the_setting_is_all(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.connect(shipping_methods="all")

    (error,) = manager.choose(manager.methods()["Parcel"]["id"], handled=False)["errors"]

    assert error["setting"] == "shipping_methods"
    assert '"all"' in error["message"]


def test_method_is_chosen_before_the_plugin_is_set_up(shop: Shop) -> None:
    manager = api_of(shop)

    answer = manager.choose(manager.methods()["Courier"]["id"], handled=True)

    assert answer["errors"] == []
    assert "Courier" in handled(manager.methods().values())
    assert not manager.read("endpoint")["active"]


@pytest.mark.parametrize("ids", [[], ["U2hpcHBpbmc6MQ=="], ["\x00"], ["1"] * 501])
def test_unknown_methods_are_refused(manager: SettingsApi, ids: list[str]) -> None:
    (error,) = manager.choose(*ids, handled=True)["errors"]

    assert (error["field"], error["code"]) == ("ids", "INVALID")
    assert handled(manager.methods().values()) == ["Parcel"]


@only_saleor_3
def test_method_of_another_channel_is_refused(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    other = connected_shop.shop.open("second")
    elsewhere = SettingsApi(manager.api, other.channel_slug).methods()["Courier"]["id"]

    assert manager.choose(elsewhere, handled=True)["errors"][0]["field"] == "ids"


def test_shipping_methods_are_for_managers_of_plugins_only(
    connected_shop: ConnectedShop, customer_api: Api
) -> None:
    shop = connected_shop.shop
    operator = shop.staff_api("manage_orders", email="operator@example.com")

    for api in (customer_api, operator):
        for document in (METHODS, CHOOSE):
            variables = {"ids": ["1"], "handled": True} if "$ids" in document else {}
            answer = api.raw(document, channel=shop.channel_slug, **variables)
            assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


# --- what is still to be done


def steps(api: Api) -> dict[str, list[str]]:
    return {one["slug"]: one["setUpSteps"] for one in api.query(CHANNELS)["picqerChannels"]}


def test_new_shop_has_all_steps_to_do(shop: Shop) -> None:
    if IS_SALEOR_3:
        ShippingMethod.objects.update(private_metadata={})

    assert steps(shop.admin_api) == {
        shop.channel_slug: ["CONNECT", "SHIPPING_METHODS", "FULL_SYNC"]
    }


def test_connected_shop_has_the_sync_to_do(connected_shop: ConnectedShop) -> None:
    assert steps(connected_shop.shop.admin_api) == {connected_shop.shop.channel_slug: ["FULL_SYNC"]}


def test_sync_is_to_do_when_only_other_runs_are_done(connected_shop: ConnectedShop) -> None:
    for document, dry_run in ((PULL, False), (PUSH, False), (FULL, True)):
        assert run(connected_shop, document, dryRun=dry_run)["status"] == "DONE"

    assert steps(connected_shop.shop.admin_api) == {connected_shop.shop.channel_slug: ["FULL_SYNC"]}


def test_sync_is_done_when_its_withheld_stock_is_written_by_a_pull(
    connected_shop: ConnectedShop,
) -> None:
    channel, slug = connected_shop.shop.channel_pk, connected_shop.shop.channel_slug
    SyncRun.objects.create(channel=channel, status="failed", numbers={"withheld": 12})
    assert steps(connected_shop.shop.admin_api) == {slug: ["FULL_SYNC"]}

    run(connected_shop, PULL, confirmZero=True)

    assert steps(connected_shop.shop.admin_api) == {slug: []}


def test_sync_stays_done_after_many_pulls(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_picqer.store.runs.KEPT", 2)
    run(connected_shop, FULL)

    for _ in range(4):
        run(connected_shop, PULL)

    assert SyncRun.objects.count() == 3
    assert steps(connected_shop.shop.admin_api) == {connected_shop.shop.channel_slug: []}


def test_running_shop_has_nothing_to_do(stocked_shop: ConnectedShop) -> None:
    assert steps(stocked_shop.shop.admin_api) == {stocked_shop.shop.channel_slug: []}


@only_saleor_3
def test_channels_that_are_not_set_up_are_listed_on_request(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.shop.create_channel("second")

    assert list(steps(stocked_shop.shop.admin_api)) == [stocked_shop.shop.channel_slug, "second"]
    configured = stocked_shop.shop.admin_api.query("{ picqerChannels { slug } }")
    assert configured["picqerChannels"] == [{"slug": stocked_shop.shop.channel_slug}]


def test_steps_are_for_managers_of_plugins_only(stocked_shop: ConnectedShop) -> None:
    operator = stocked_shop.shop.staff_api("manage_orders", email="operator@example.com")

    answer = operator.raw(CHANNELS)

    assert [one["setUpSteps"] for one in answer["data"]["picqerChannels"]] == [None]
