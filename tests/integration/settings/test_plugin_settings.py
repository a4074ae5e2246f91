"""The plugin's settings in the dashboard, and the webhooks that follow."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from saleor_picqer import tasks
from saleor_picqer.models import HookRegistration
from tests.integration.support.api import ApiError
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop, wait
from tests.integration.support.shop import Shop


def hooks(connected_shop: ConnectedShop) -> dict[str, list[str]]:
    """Return the events of each active hook in Picqer by address."""
    found: dict[str, list[str]] = {}
    for hook in connected_shop.picqer_api("GET", "/hooks"):
        if hook["active"]:
            found.setdefault(hook["address"], []).append(hook["event"])
    return {address: sorted(events) for address, events in found.items()}


def test_plugin_is_in_the_dashboards_list(shop: Shop) -> None:
    assert "picqer" in shop.plugins()
    # The app is called Picqer.
    assert shop.plugin().name == "Picqer settings"


def test_settings_can_be_saved_when_the_plugin_is_off_and_they_are_empty(shop: Shop) -> None:
    shop.configure_plugin(active=False, endpoint="")

    assert not shop.plugin().active


def test_hooks_are_registered_when_the_plugin_is_switched_on(connected_shop: ConnectedShop) -> None:
    ((address, events),) = hooks(connected_shop).items()

    channel = connected_shop.shop.channel_pk
    assert address.endswith(f"/plugins/global/picqer-global/webhooks/{channel}")
    assert events == [
        "orders.status_changed",
        "picklists.closed",
        "picklists.shipments.cancelled",
        "picklists.shipments.created",
        "products.assembled_stock_changed",
        "products.free_stock_changed",
    ]


def test_nothing_is_registered_again_when_settings_are_saved_again(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.reset_requests()

    connected_shop.connect()
    connected_shop.run_until_idle()

    assert "POST /hooks" not in connected_shop.requests()


def test_hooks_are_removed_when_the_plugin_is_switched_off(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.configure_plugin(active=False)
    connected_shop.run_until_idle()

    assert hooks(connected_shop) == {}


@pytest.fixture
def unregistered(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with the plugin on and without hooks in Picqer."""
    for hook in connected_shop.picqer_api("GET", "/hooks"):
        connected_shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")
    connected_shop.connect()
    connected_shop.fail_next("*", "/hooks", "500", times=20)
    connected_shop.run_until_idle()
    connected_shop.control("DELETE", "/faults")
    assert hooks(connected_shop) == {}
    return connected_shop


def test_hooks_are_registered_in_the_end_when_picqer_is_silent(unregistered: ConnectedShop) -> None:
    wait()
    tasks.sweep()
    unregistered.run_until_idle()
    assert len(hooks(unregistered)) == 1
    unregistered.reset_requests()

    tasks.sweep()
    unregistered.run_until_idle()

    assert unregistered.requests() == {}


def test_hooks_are_registered_by_the_command_when_there_is_no_worker(
    unregistered: ConnectedShop,
) -> None:
    wait()

    manage_picqer("sweep")

    assert len(hooks(unregistered)) == 1


def test_api_key_is_masked(connected_shop: ConnectedShop) -> None:
    assert connected_shop.server.api_key not in str(connected_shop.shop.plugin().settings)
    secret = HookRegistration.objects.get().current
    assert secret not in str(connected_shop.shop.plugin().settings)


def refused(connected_shop: ConnectedShop, **settings: str) -> dict[str, str]:
    """Save invalid settings, and return the messages by field."""
    with pytest.raises(ApiError) as failure:
        connected_shop.connect(**settings)
    return {error["field"]: error["message"] for error in failure.value.errors}


def test_settings_are_refused_naming_the_key_when_picqer_refuses_it(
    connected_shop: ConnectedShop,
) -> None:
    errors = refused(connected_shop, api_key="wrong")

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
    connected_shop: ConnectedShop, name: str, value: str
) -> None:
    (field,) = refused(connected_shop, **{name: value})

    assert field.replace("_", "").lower() == name.replace("_", "")


@pytest.mark.parametrize("fault", ["500", "429", "drop-before"])
def test_settings_can_be_saved_when_picqer_is_in_trouble(
    connected_shop: ConnectedShop, fault: str
) -> None:
    """Failure mode F113: what passes is a warning only."""
    connected_shop.control("POST", "/faults", method="GET", route="/stats", fault=fault, times=50)

    connected_shop.connect(storefront="New name")

    assert connected_shop.shop.plugin().settings["storefront"] == "New name"


def resolve(error: int) -> Callable[..., Any]:
    """Return a resolver that fails for hosts of the top-level domain `invalid`."""
    original = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(error, "cannot resolve")
        return original(host, *arguments, **options)

    return getaddrinfo


def test_address_is_refused_when_the_host_name_does_not_exist(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F113."""
    monkeypatch.setattr(socket, "getaddrinfo", resolve(socket.EAI_NONAME))

    errors = refused(connected_shop, endpoint="https://shop.picqer.invalid")

    assert list(errors) == ["endpoint"]
    assert "Picqer address" in errors["endpoint"]
    assert "this host name does not exist" in errors["endpoint"]


def test_settings_can_be_saved_when_names_cannot_be_resolved_just_now(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F113."""
    monkeypatch.setattr(socket, "getaddrinfo", resolve(socket.EAI_AGAIN))

    connected_shop.connect(endpoint="https://shop.picqer.invalid")

    assert connected_shop.shop.plugin().settings["endpoint"] == "https://shop.picqer.invalid"


def test_address_is_refused_when_https_is_written_for_a_port_of_http(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F113."""
    secured = connected_shop.server.url.replace("http://", "https://")

    errors = refused(connected_shop, endpoint=secured)

    assert list(errors) == ["endpoint"]
    assert "TLS" in errors["endpoint"]


@pytest.mark.parametrize("key", [None, "", "MASKED"])
def test_new_address_is_refused_when_the_key_is_not_entered_again(
    connected_shop: ConnectedShop, key: str | None
) -> None:
    """Failure mode F108: the stored key goes to no other host."""
    shown = "****" + connected_shop.server.api_key[-4:]
    entered = {} if key is None else {"api_key": shown if key == "MASKED" else key}

    for active in (True, False):
        with pytest.raises(ApiError) as failure:
            connected_shop.shop.configure_plugin(
                active=active, endpoint="http://localhost:9", **entered
            )

        (error,) = failure.value.errors
        assert error["field"].replace("_", "").lower() == "apikey"
        assert "again" in error["message"]
    assert connected_shop.shop.plugin().settings["endpoint"] == connected_shop.server.url


def test_address_may_be_written_in_another_way_without_the_key(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.shop.configure_plugin(endpoint=connected_shop.server.url + "/api/v1/")

    assert str(connected_shop.shop.plugin().settings["endpoint"]).endswith("/api/v1/")


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://shop.picqer.invalid", "https://"),
        ("https://169.254.169.254", "link-local"),
        ("http://169.254.169.254", "link-local"),
        ("https://[fe80::1]", "link-local"),
        ("https://2852039166", "link-local"),
    ],
)
def test_address_is_refused_when_the_key_must_not_be_sent_there(
    connected_shop: ConnectedShop, endpoint: str, words: str
) -> None:
    """Failure mode F108."""
    errors = refused(connected_shop, endpoint=endpoint)

    assert list(errors) == ["endpoint"]
    assert errors["endpoint"].startswith("Picqer address: ")
    assert words in errors["endpoint"]


def test_address_may_be_unencrypted_when_the_django_setting_names_the_host(
    connected_shop: ConnectedShop, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F108."""
    monkeypatch.setattr(socket, "getaddrinfo", resolve(socket.EAI_AGAIN))
    settings.SALEOR_PICQER = {"plain_http_hosts": ["shop.picqer.invalid"]}

    connected_shop.connect(endpoint="http://shop.picqer.invalid")

    assert connected_shop.shop.plugin().settings["endpoint"] == "http://shop.picqer.invalid"


@pytest.mark.parametrize("status", [200, 404])
def test_address_is_refused_when_something_else_answers(
    connected_shop: ConnectedShop, status: int
) -> None:
    """Failure mode F97."""
    connected_shop.fail_next("GET", "/stats", "html", status=status, times=50)

    errors = refused(connected_shop)

    assert list(errors) == ["endpoint"]


@pytest.mark.parametrize("status", [401, 403])
def test_key_is_refused_when_the_body_is_html(connected_shop: ConnectedShop, status: int) -> None:
    """Failure mode F120."""
    connected_shop.fail_next("GET", "/stats", "html", status=status, times=50)

    (field,) = refused(connected_shop)

    assert field.replace("_", "").lower() == "apikey"
