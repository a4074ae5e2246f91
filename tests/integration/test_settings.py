"""The plugin's settings in the dashboard, and the hooks that follow them."""

from __future__ import annotations

import pytest

from saleor_picqer import tasks
from saleor_picqer.models import ChannelSecret
from tests.integration.support.api import ApiError
from tests.integration.support.connected_shop import Connected
from tests.integration.support.shop import Shop
from tests.integration.test_command import picqer


def hooks(connected: Connected) -> dict[str, list[str]]:
    """Address -> events of the active hooks in Picqer."""
    found: dict[str, list[str]] = {}
    for hook in connected.api("GET", "/hooks"):
        if hook["active"]:
            found.setdefault(hook["address"], []).append(hook["event"])
    return {address: sorted(events) for address, events in found.items()}


def test_plugin_is_in_the_dashboards_list(shop: Shop) -> None:
    assert "picqer" in shop.plugins()
    assert shop.plugin().name == "Picqer"


def test_settings_can_be_saved_when_the_plugin_is_off_and_they_are_empty(shop: Shop) -> None:
    shop.configure_plugin(active=False, endpoint="")

    assert not shop.plugin().active


def test_hooks_are_registered_when_the_plugin_is_switched_on(connected: Connected) -> None:
    ((address, events),) = hooks(connected).items()

    assert address.endswith(f"/plugins/channel/{connected.shop.channel_slug}/picqer/webhooks")
    assert events == [
        "orders.status_changed",
        "picklists.closed",
        "products.assembled_stock_changed",
        "products.free_stock_changed",
    ]


def test_nothing_is_registered_again_when_settings_are_saved_again(connected: Connected) -> None:
    connected.forget_requests()

    connected.connect()
    connected.settle()

    assert "POST /hooks" not in connected.requests()


def test_hooks_are_removed_when_the_plugin_is_switched_off(connected: Connected) -> None:
    connected.shop.configure_plugin(active=False)
    connected.settle()

    assert hooks(connected) == {}


@pytest.fixture
def unregistered(connected: Connected) -> Connected:
    """Switched on, but Picqer did not answer when it was told of the hooks."""
    for hook in connected.api("GET", "/hooks"):
        connected.api("DELETE", f"/hooks/{hook['idhook']}")
    connected.connect()
    connected.fault("*", "/hooks", "500", times=20)
    connected.settle()
    connected.picqer("DELETE", "/faults")
    assert hooks(connected) == {}
    return connected


def test_hooks_are_registered_in_the_end_when_picqer_is_silent(unregistered: Connected) -> None:
    tasks.sweep()
    unregistered.settle()
    assert len(hooks(unregistered)) == 1
    unregistered.forget_requests()

    tasks.sweep()
    unregistered.settle()

    assert unregistered.requests() == {}


def test_hooks_are_registered_by_the_command_when_there_is_no_worker(
    unregistered: Connected,
) -> None:
    picqer("sweep")

    assert len(hooks(unregistered)) == 1


def test_key_is_masked(connected: Connected) -> None:
    assert connected.server.api_key not in str(connected.shop.plugin().settings)
    secret = ChannelSecret.objects.get().current
    assert secret not in str(connected.shop.plugin().settings)


def refused(connected: Connected, **settings: str) -> dict[str, str]:
    """Field -> message of the errors that saving these settings gives."""
    with pytest.raises(ApiError) as failure:
        connected.connect(**settings)
    return {error["field"]: error["message"] for error in failure.value.errors}


def test_settings_are_refused_naming_the_key_when_picqer_refuses_it(connected: Connected) -> None:
    errors = refused(connected, api_key="wrong")

    assert list(errors) == ["apiKey"] or list(errors) == ["api_key"]
    assert "API key" in next(iter(errors.values()))
    assert "wrong" not in next(iter(errors.values()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", ""),
        ("endpoint", "shop.picqer.com"),
        ("endpoint", "http://127.0.0.1:1"),
        ("contact_email", ""),
        ("default_vat_rate", "a lot"),
        ("other_warehouses", "burn"),
        ("push_when", "never"),
        ("shipping_profiles", "Parcel"),
    ],
)
def test_settings_are_refused_naming_the_one_that_is_wrong(
    connected: Connected, name: str, value: str
) -> None:
    (field,) = refused(connected, **{name: value})

    assert field.replace("_", "").lower() == name.replace("_", "")


def test_settings_can_be_saved_when_picqer_has_a_bad_minute(connected: Connected) -> None:
    connected.picqer("POST", "/faults", method="GET", route="/stats", fault="500", times=50)

    connected.connect(storefront="New name")

    assert connected.shop.plugin().settings["storefront"] == "New name"
