"""Settings with unknown names are refused, with all problems in one answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from saleor.shipping.models import ShippingMethod

from saleor_picqer.domain.shipping import MARK_KEY
from saleor_picqer.hosts import host
from saleor_picqer.settings_check import find_warning
from tests.integration.support.api import ApiError
from tests.integration.support.connected_shop import ConnectedShop


def refused(connected_shop: ConnectedShop, **settings: Any) -> dict[str, str]:
    """Save settings that are refused, and return the messages by setting."""
    with pytest.raises(ApiError) as failure:
        connected_shop.connect(**settings)
    messages: dict[str, str] = {}
    for error in failure.value.errors:
        field = error["field"].replace("_", "").lower()
        messages[field] = " ".join(filter(None, [messages.get(field), error["message"]]))
    return messages


def warning_of(connected_shop: ConnectedShop) -> str | None:
    """Return the warning about the stored settings."""
    return find_warning(host().channels.configuration(connected_shop.shop.channel_pk))


def test_every_problem_is_in_one_answer(connected_shop: ConnectedShop) -> None:
    """Failure mode F98."""
    before = connected_shop.shop.plugin().settings
    connected_shop.reset_requests()

    errors = refused(
        connected_shop,
        contact_email="ops",
        shipping_methods="Parcel, Parcle, Pigeon",
        shipping_profiles="Parcel = Unknown one; Currier = Unknown two",
        templates="* = 4711",
        order_tags="Webshop, Gift",
        default_vat_rate="5",
        push_when="never",
    )

    assert sorted(errors) == [
        "contactemail",
        "defaultvatrate",
        "ordertags",
        "pushwhen",
        "shippingmethods",
        "shippingprofiles",
        "templates",
    ]
    assert 'Technical contact: "ops"' in errors["contactemail"]
    assert 'no shipping method "parcle", "pigeon"' in errors["shippingmethods"]
    assert '"Parcel"' in errors["shippingmethods"]
    assert 'no shipping method "currier"' in errors["shippingprofiles"]
    assert '"Unknown one"' in errors["shippingprofiles"]
    assert '"Unknown two"' in errors["shippingprofiles"]
    assert "id 4711" in errors["templates"]
    assert '"Webshop"' in errors["ordertags"]
    assert '"Gift"' in errors["ordertags"]
    assert "5 %" in errors["defaultvatrate"]
    assert connected_shop.shop.plugin().settings == before
    # One request for the key and one for each list.
    assert connected_shop.requests() == {
        "GET /stats": 1,
        "GET /shippingproviders": 1,
        "GET /templates": 1,
        "GET /tags": 1,
        "GET /vatgroups": 1,
    }


def test_a_wrong_key_does_not_hide_other_problems(connected_shop: ConnectedShop) -> None:
    """Failure mode F98: what Picqer cannot be asked for is told at the next save."""
    errors = refused(
        connected_shop, api_key="wrong", contact_email="ops", shipping_methods="Pigeon"
    )

    assert sorted(errors) == ["apikey", "contactemail", "shippingmethods"]


def test_address_and_key_are_refused_together(connected_shop: ConnectedShop) -> None:
    errors = refused(connected_shop, endpoint="ftp://shop.picqer.com", api_key="clé")

    assert sorted(errors) == ["apikey", "endpoint"]


def test_settings_are_saved_when_all_that_they_name_exists(connected_shop: ConnectedShop) -> None:
    connected_shop.picqer_api("POST", "/tags", title="Webshop", color="#ff0000", inherit=False)
    (template,) = connected_shop.picqer_api("GET", "/templates")
    connected_shop.reset_requests()

    connected_shop.connect(
        shipping_methods="parcel , COURIER",
        shipping_profiles="Parcel = standaard; * = Brievenbus",
        templates=f"Courier = {template['idtemplate']}",
        order_tags="webshop",
    )

    assert connected_shop.shop.plugin().settings["order_tags"] == "webshop"


def test_only_the_lists_that_settings_name_are_asked_for(connected_shop: ConnectedShop) -> None:
    connected_shop.reset_requests()

    connected_shop.connect(default_vat_rate="")

    assert connected_shop.requests() == {"GET /stats": 1}


@pytest.mark.parametrize(
    "fault", [{"fault": "html", "status": 403}, {"fault": "500"}, {"fault": "429"}]
)
def test_settings_are_saved_when_a_list_cannot_be_read(
    connected_shop: ConnectedShop, fault: dict[str, Any]
) -> None:
    """Failure mode F98: a key for fulfilment only may not read every list."""
    connected_shop.control("POST", "/faults", method="GET", route="/tags", times=50, **fault)

    connected_shop.connect(order_tags="Webshop")

    assert connected_shop.shop.plugin().settings["order_tags"] == "Webshop"


def no_methods(connected_shop: ConnectedShop) -> dict[str, str]:
    ShippingMethod.objects.all().delete()
    return {"shipping_methods": "all"}


def unmarked_methods(connected_shop: ConnectedShop) -> dict[str, str]:
    if not host().has_shipping_metadata:
        pytest.skip("shipping methods have no metadata here")
    ShippingMethod.objects.update(private_metadata={})
    return {"shipping_methods": "marked"}


def no_names(connected_shop: ConnectedShop) -> dict[str, str]:
    return {"shipping_methods": " , "}


@pytest.mark.parametrize("arrange", [no_methods, unmarked_methods, no_names])
def test_staff_are_warned_when_no_shipping_method_is_handled(
    connected_shop: ConnectedShop, arrange: Callable[[ConnectedShop], dict[str, str]]
) -> None:
    """Failure mode F98: the settings are saved, and no order would ever be sent."""
    connected_shop.connect(**arrange(connected_shop))

    warning = warning_of(connected_shop)
    assert warning
    assert "handles no shipping method" in warning
    assert connected_shop.shop.channel_slug in warning


def test_staff_are_not_warned_when_a_method_is_marked(connected_shop: ConnectedShop) -> None:
    if not host().has_shipping_metadata:
        pytest.skip("shipping methods have no metadata here")
    ShippingMethod.objects.filter(name="Courier").update(private_metadata={MARK_KEY: "true"})

    connected_shop.connect(shipping_methods="marked")

    assert warning_of(connected_shop) is None


def test_other_names_are_accepted_when_an_app_offers_shipping_methods(
    connected_shop: ConnectedShop,
) -> None:
    """Saleor learns the names of an app's methods at each checkout only."""
    if not host().has_shipping_metadata:
        pytest.skip("apps offer no shipping methods here")
    offer_methods_by_app()

    connected_shop.connect(shipping_methods="Pigeon")

    assert connected_shop.shop.plugin().settings["shipping_methods"] == "Pigeon"
    assert warning_of(connected_shop) is None


def offer_methods_by_app() -> None:
    from saleor.app.models import App
    from saleor.webhook.models import Webhook

    app = App.objects.create(name="Pigeons", is_active=True)
    webhook = Webhook.objects.create(app=app, target_url="https://pigeons.invalid", is_active=True)
    webhook.events.create(event_type="shipping_list_methods_for_checkout")


def test_last_message_repeats_all_of_them(connected_shop: ConnectedShop) -> None:
    """Failure mode F98: the dashboard shows each message in a box that covers the one before."""
    with pytest.raises(ApiError) as failure:
        connected_shop.connect(contact_email="ops", push_when="never", other_warehouses="burn")

    *each, last = [error["message"] for error in failure.value.errors]
    assert len(each) == 3
    assert last.startswith("3 problems. ")
    for message in each:
        assert message in last


def test_a_single_problem_has_a_single_message(connected_shop: ConnectedShop) -> None:
    with pytest.raises(ApiError) as failure:
        connected_shop.connect(adopted_warehouses="Main = nowhere")

    (error,) = failure.value.errors
    assert error["message"].startswith("Adopted warehouses: ")


@pytest.mark.skipif(
    not host().has_read_only_settings, reason="the form has no read-only fields on this line"
)
def test_form_shows_webhook_address_and_state(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    shown = shop.plugin().settings
    assert shown["webhook_address"] == host().channels.webhook_url(shop.channel_pk)
    assert str(shown["connection_state"]).startswith("Connected to 127.0.0.1")
    assert "webhooks are registered" in str(shown["connection_state"])

    # What the form sends back of these fields is not stored.
    shop.configure_plugin(webhook_address="https://elsewhere.example", active=False)

    shown = shop.plugin().settings
    assert shown["webhook_address"] == host().channels.webhook_url(shop.channel_pk)
    assert shown["connection_state"] == "Switched off."
