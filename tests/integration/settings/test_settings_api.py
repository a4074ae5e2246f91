"""Settings and the test of the connection in GraphQL: as Saleor's own form, with choices."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.config import SETTINGS
from saleor_picqer.hosts import host
from saleor_picqer.models import ChannelState
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.settings_api import CHECK, UPDATE, SettingsApi
from tests.integration.support.settings_api import SETTINGS as QUERY
from tests.integration.support.shop import Shop

TOKEN = "t0ken-for-pulls-of-stock"
NOTHING: dict[str, int] = {}


def api_of(shop: Shop) -> SettingsApi:
    """Return the API as used by a member of staff who may manage plugins and nothing else."""
    manager = shop.staff_api("manage_plugins", email="manager@example.com")
    return SettingsApi(manager, shop.channel_slug)


@pytest.fixture
def manager(connected_shop: ConnectedShop) -> SettingsApi:
    return api_of(connected_shop.shop)


def errors(answer: dict[str, Any]) -> dict[str, str]:
    """Return the message by setting."""
    assert all(error["code"] == "INVALID" for error in answer["errors"])
    return {error["setting"]: error["message"] for error in answer["errors"]}


def active_hooks(connected_shop: ConnectedShop) -> int:
    return sum(hook["active"] for hook in connected_shop.picqer_api("GET", "/hooks"))


# --- reading


def test_every_setting_is_described(manager: SettingsApi) -> None:
    found = manager.read()

    assert found["active"] is True
    assert [one["name"] for one in found["settings"]] == [one.name for one in SETTINGS]
    by_name = {one["name"]: one for one in found["settings"]}
    assert by_name["push_when"]["kind"] == "CHOICE"
    assert [one["value"] for one in by_name["push_when"]["choices"]] == [
        "placed",
        "confirmed",
        "paid",
    ]
    assert by_name["authorized_is_paid"]["value"] == "true"
    assert by_name["endpoint"]["required"] is True
    assert by_name["endpoint"]["group"] == "Picqer account"
    assert by_name["storefront"]["value"] == "Coffee shop"
    assert by_name["stock_cap"]["isSet"] is False


def test_settings_of_a_channel_that_is_not_set_up_are_the_defaults(shop: Shop) -> None:
    found = api_of(shop).read("push_when", "order_tags")

    assert found["active"] is False
    assert found["channel"] == shop.channel_slug
    pushed, tags = found["settings"]
    assert (pushed["value"], pushed["isSet"]) == ("placed", True)
    assert tags["choices"] is None
    assert "Save Picqer address" in tags["choicesProblem"]


def test_unknown_channel_has_no_settings(shop: Shop) -> None:
    assert SettingsApi(shop.admin_api, "elsewhere").read() is None


def test_secrets_are_never_returned(
    connected_shop: ConnectedShop, manager: SettingsApi, caplog: pytest.LogCaptureFixture
) -> None:
    answer = manager.update({"pull_token": TOKEN})

    key = connected_shop.server.api_key
    shown = f"{answer} {manager.read()} {manager.check()} {caplog.text}"
    assert TOKEN not in shown
    assert key not in shown
    assert manager.setting("api_key")["value"] is None
    assert manager.setting("api_key")["isSet"] is True
    # The last characters, which Saleor's own form shows, are not even in a part of the answer.
    assert key[-4:] not in str(manager.setting("api_key"))


def test_choices_come_from_picqer_and_from_the_shop(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.picqer_api("POST", "/tags", title="Webshop", color="#ff0000", inherit=False)
    (template,) = connected_shop.picqer_api("GET", "/templates")
    connected_shop.reset_requests()

    tags, templates, rates = (
        manager.setting(name) for name in ("order_tags", "templates", "default_vat_rate")
    )

    assert "Webshop" in [one["value"] for one in tags["choices"]]
    assert str(template["idtemplate"]) in [one["value"] for one in templates["choices"]]
    assert [one["value"] for one in templates["keys"]] == ["Courier", "Parcel", "*"]
    assert "21" in [one["value"] for one in rates["choices"]]
    assert connected_shop.requests() == {
        "GET /tags": 1,
        "GET /templates": 1,
        "GET /vatgroups": 1,
    }


def test_lists_of_picqer_are_read_once_for_all_settings(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.reset_requests()

    found = manager.read()

    assert all(one["choicesProblem"] is None for one in found["settings"])
    assert connected_shop.requests() == {
        "GET /tags": 1,
        "GET /templates": 1,
        "GET /vatgroups": 1,
        "GET /shippingproviders": 1,
        "GET /warehouses": 1,
    }


def test_settings_without_choices_take_no_request(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.reset_requests()

    manager.read("endpoint", "push_when", "shipping_methods")

    assert connected_shop.requests() == NOTHING


def test_settings_are_shown_when_picqer_does_not_answer(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.control("POST", "/faults", method="GET", route="*", fault="500", times=500)
    connected_shop.reset_requests()

    found = {one["name"]: one for one in manager.read()["settings"]}

    assert found["order_tags"]["choices"] is None
    assert "Picqer" in found["order_tags"]["choicesProblem"]
    assert found["push_when"]["choices"]
    assert found["default_vat_rate"]["value"] == "21"
    # After the first list that could not be read, Picqer is left alone.
    assert len(connected_shop.requests()) == 1


def test_a_list_that_the_key_may_not_read_hides_no_other(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.control(
        "POST", "/faults", method="GET", route="/tags", fault="html", status=403, times=50
    )

    found = {one["name"]: one for one in manager.read()["settings"]}

    assert found["order_tags"]["choices"] is None
    assert found["templates"]["choices"]


def test_marked_is_no_choice_where_saleor_has_no_marks(manager: SettingsApi) -> None:
    choices = manager.setting("shipping_methods")["choices"]

    alone = [one["value"] for one in choices if one["alone"]]
    assert alone == (["marked", "all"] if host().has_shipping_metadata else ["all"])
    assert [one["value"] for one in choices if not one["alone"]] == ["Courier", "Parcel"]


def test_marked_is_no_value_where_saleor_has_no_marks(shop: Shop) -> None:
    """Failure mode F98: it would stand beside the methods that staff choose."""
    found = api_of(shop).setting("shipping_methods")

    expected = "marked" if host().has_shipping_metadata else ""
    assert (found["value"], found["default"]) == (expected, expected)


# --- writing


def test_settings_are_changed_one_by_one(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.reset_requests()

    answer = manager.update({"storefront": "New name", "notify_customer": "false"})

    assert answer["errors"] == []
    after = connected_shop.shop.plugin()
    assert after.active
    assert after.settings["storefront"] == "New name"
    assert str(after.settings["notify_customer"]).lower() == "false"
    assert after.settings["contact_email"] == "ops@shop.example"
    assert connected_shop.requests() == {"GET /stats": 1, "GET /vatgroups": 1}


def test_plugin_is_switched_on_and_off_in_a_channel(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    answer = manager.update(active=False)
    connected_shop.run_until_idle()
    assert answer["settings"]["active"] is False
    assert active_hooks(connected_shop) == 0

    manager.update(active=True)
    connected_shop.run_until_idle()

    assert connected_shop.shop.plugin().active
    assert active_hooks(connected_shop) == 6


def test_a_shop_is_set_up_by_the_mutation_alone(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop.open("second") if IS_SALEOR_3 else connected_shop.shop
    values = {name: str(value) for name, value in connected_shop.settings().items()}

    answer = api_of(shop).update(values | {"reference_prefix": "B-"}, active=True)

    assert answer["errors"] == []
    assert shop.plugin().active
    assert ChannelState.objects.filter(channel=shop.channel_pk).exists()


def test_every_problem_is_an_error_at_its_setting(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    """Failure mode F98."""
    before = connected_shop.shop.plugin().settings

    answer = manager.update(
        {
            "contact_email": "ops",
            "push_when": "never",
            "order_tags": "Missing",
            "shipping_methods": "Pigeon",
        }
    )

    found = errors(answer)
    assert sorted(found) == ["contact_email", "order_tags", "push_when", "shipping_methods"]
    assert len(answer["errors"]) == 4, "without the summary for the dashboard's own form"
    assert '"Missing"' in found["order_tags"]
    assert answer["errors"][0]["field"] == "contactEmail"
    assert connected_shop.shop.plugin().settings == before


def test_unknown_and_odd_values_are_refused(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    connected_shop.reset_requests()
    unknown = manager.update({"colour": "red"})
    assert [(one["field"], one["setting"]) for one in unknown["errors"]] == [("settings", None)]
    assert '"colour"' in unknown["errors"][0]["message"]

    values = {"storefront": "a\x00b", "notify_customer": "perhaps", "api_key": "****"}
    assert sorted(errors(manager.update(values))) == ["api_key", "notify_customer", "storefront"]

    twice = [{"name": "storefront", "value": "A"}, {"name": "storefront", "value": "B"}]
    assert list(errors(manager.send({"settings": twice}))) == ["storefront"]
    assert list(errors(manager.update({"storefront": "x" * 10_001}))) == ["storefront"]
    assert connected_shop.requests() == NOTHING


def test_read_only_fields_are_no_settings(manager: SettingsApi) -> None:
    assert manager.update({"connection_state": "Fine"})["errors"][0]["field"] == "settings"


@pytest.mark.parametrize("key", [None, "", "abcd"])
def test_key_goes_to_no_other_address(
    connected_shop: ConnectedShop, manager: SettingsApi, key: str | None
) -> None:
    """Failure mode F108."""
    entered = {} if key is None else {"api_key": key}
    if key == "abcd":
        entered = {"api_key": connected_shop.server.api_key[-4:]}

    for active in (True, False):
        answer = manager.update({"endpoint": "http://localhost:9"} | entered, active=active)
        assert "again" in errors(answer)["api_key"]

    assert connected_shop.shop.plugin().settings["endpoint"] == connected_shop.server.url


def test_nothing_is_stored_when_the_first_save_is_refused(shop: Shop) -> None:
    manager = api_of(shop)

    answer = manager.update({"storefront": "Coffee shop"}, active=True)

    assert {"endpoint", "api_key", "contact_email"} <= set(errors(answer))
    assert manager.read("storefront")["active"] is False
    assert manager.setting("storefront")["value"] == ""
    assert host().channels.configuration(shop.channel_pk) is None


def test_copied_database_is_not_connected(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    """Failure mode F71: as in Saleor's own form; and nothing is asked of Picqer."""
    ChannelState.objects.update(public_address="https://production.example")
    connected_shop.reset_requests()

    refused = errors(manager.update({"storefront": "Staging"}))
    checked = manager.check()
    tags = manager.setting("order_tags")

    assert "production.example" in refused["endpoint"]
    assert "production.example" in checked["errors"][0]["message"]
    assert "production.example" in tags["choicesProblem"]
    assert connected_shop.requests() == NOTHING


def test_warning_is_returned_when_picqer_handles_no_method(manager: SettingsApi) -> None:
    answer = manager.update({"shipping_methods": ""})

    assert answer["errors"] == []
    assert "handles no shipping method" in answer["warning"]


# --- the test of the connection


def test_connection_is_tested(connected_shop: ConnectedShop, manager: SettingsApi) -> None:
    connected_shop.reset_requests()

    answer = manager.check()

    found = answer["connection"]
    assert answer["errors"] == []
    assert found["user"]
    assert found["missingRights"] == []
    assert found["limit"] > found["remaining"] > 0
    assert len(found["events"]) == 6
    assert found["missingEvents"] == []
    assert sum(connected_shop.requests().values()) == 9


def test_test_says_which_webhooks_and_rights_are_missing(
    connected_shop: ConnectedShop, manager: SettingsApi
) -> None:
    for hook in connected_shop.picqer_api("GET", "/hooks"):
        connected_shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")
    connected_shop.control(
        "POST", "/faults", method="GET", route="/picklists", fault="html", status=403, times=50
    )

    found = manager.check()["connection"]

    assert found["missingRights"] == ["picklists"]
    assert "picklists.closed" in found["missingEvents"]


@pytest.mark.parametrize("fault", ["500", "drop-before"])
def test_test_says_so_when_picqer_does_not_answer(
    connected_shop: ConnectedShop, manager: SettingsApi, fault: str
) -> None:
    connected_shop.control("POST", "/faults", method="GET", route="*", fault=fault, times=500)

    answer = manager.check()

    assert answer["connection"] is None
    assert "Picqer" in answer["errors"][0]["message"]


def test_test_names_the_setting_that_is_missing(shop: Shop) -> None:
    (error,) = api_of(shop).check()["errors"]

    assert error["message"]


# --- permissions


def test_settings_are_for_managers_of_plugins_only(
    connected_shop: ConnectedShop, customer_api: Api
) -> None:
    """Failure mode F105."""
    shop = connected_shop.shop
    operator = shop.staff_api("manage_orders", email="operator@example.com")

    for api in (customer_api, operator, shop.app_api("manage_orders")):
        for document in (QUERY, UPDATE, CHECK):
            variables = {"input": {"active": False}} if "$input" in document else {}
            answer = api.raw(document, channel=shop.channel_slug, **variables)
            assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
            assert not any((answer["data"] or {}).values())
    assert shop.plugin().active


def test_an_app_can_manage_settings(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    app = SettingsApi(shop.app_api("manage_plugins"), shop.channel_slug)

    assert app.update({"storefront": "By an app"})["errors"] == []
    assert app.setting("storefront")["value"] == "By an app"


def test_an_unknown_channel_is_refused(manager: SettingsApi) -> None:
    manager.channel = "elsewhere"

    for answer in (manager.update(active=False), manager.check()):
        (error,) = answer["errors"]
        assert (error["field"], error["code"]) == ("channel", "NOT_FOUND")
