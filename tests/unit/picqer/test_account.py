import pickle
from typing import Any

import pytest

from saleor_picqer.errors import SettingsError
from tests.unit.picqer.builders import API_KEY, account


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://shop.picqer.com",
        "https://shop.picqer.com/",
        "https://shop.picqer.com/api/v1",
        "https://shop.picqer.com/api/v1/",
        "https://Shop.Picqer.com/api",
        "  https://shop.picqer.com\n",
    ],
)
def test_base_url_is_the_same_for_every_spelling_of_the_endpoint(endpoint: Any) -> None:
    assert account(endpoint=endpoint).base_url == "https://shop.picqer.com/api/v1"
    assert account(endpoint=endpoint) == account()


def test_endpoint_may_be_a_local_simulator() -> None:
    local = account(endpoint="http://127.0.0.1:8089/")

    assert local.base_url == "http://127.0.0.1:8089/api/v1"
    assert local.name == "127.0.0.1:8089"


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "shop.picqer.com",
        "ftp://shop.picqer.com",
        "https://",
        "https://[::1",
        "https://shop.picqer.com:99999",
        "https://key:x@shop.picqer.com",
        "https://shop.picqer.com/api/v1?key=1",
        "https://shop.picqer.com/admin",
    ],
)
def test_endpoint_is_refused_when_it_is_no_address_of_an_api(endpoint: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        account(endpoint=endpoint)

    assert caught.value.setting == "endpoint"


@pytest.mark.parametrize("host", ["127.0.0.1:8089", "127.9.9.9", "LOCALHOST:80", "[::1]:8089"])
def test_endpoint_may_be_unencrypted_on_this_machine(host: str) -> None:
    """Failure mode F108."""
    assert account(endpoint=f"http://{host}").endpoint == f"http://{host.lower()}"


@pytest.mark.parametrize(
    "host", ["shop.picqer.com", "10.0.0.7", "localhost.picqer.com", "picqer-simulator"]
)
def test_endpoint_is_refused_when_it_is_unencrypted(host: str) -> None:
    """Failure mode F108."""
    with pytest.raises(SettingsError) as caught:
        account(endpoint=f"http://{host}")

    assert caught.value.setting == "endpoint"
    assert "https://" in caught.value.message
    assert host in caught.value.message


def test_endpoint_may_be_unencrypted_where_the_django_setting_names_the_host() -> None:
    """Failure mode F108."""
    hosts = frozenset({"picqer-simulator"})

    named = account(endpoint="http://Picqer-Simulator:8089", plain_http_hosts=hosts)

    assert named.name == "picqer-simulator:8089"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "169.254.0.0:8080"]
)
def test_endpoint_is_refused_when_it_is_link_local(scheme: str, host: str) -> None:
    """Failure mode F108: nothing may be asked of a cloud provider's metadata service."""
    with pytest.raises(SettingsError) as caught:
        account(
            endpoint=f"{scheme}://{host}",
            plain_http_hosts=frozenset({"169.254.169.254", "fe80::1", "169.254.0.0"}),
        )

    assert caught.value.setting == "endpoint"
    assert "link-local" in caught.value.message


@pytest.mark.parametrize("api_key", ["", "  ", "clé", "a\nb", "a\x00b"])
def test_key_is_refused_when_it_cannot_be_sent(api_key: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        account(api_key=api_key)

    assert caught.value.setting == "api_key"


def test_key_is_not_shown() -> None:
    assert API_KEY not in repr(account())
    assert API_KEY not in account().fingerprint


def test_fingerprint_tells_keys_and_endpoints_apart() -> None:
    prints = {
        account().fingerprint,
        account(api_key="other").fingerprint,
        account(endpoint="https://other.picqer.com").fingerprint,
    }

    assert len(prints) == 3


def test_account_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(account())) == account()  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("storefront", "shown"),
    [
        ("Café ☕ (Utrecht)", "Caf Utrecht"),
        ("two\r\nX-Header: lines", "two X-Header: lines"),
        ("", ""),
    ],
)
def test_user_agent_is_one_ascii_line_whatever_the_shop_is_called(
    storefront: Any, shown: Any
) -> None:
    agent = account(storefront=storefront).user_agent

    assert agent.isascii()
    assert agent.isprintable()
    assert agent.endswith(f"({shown} - ops@shop.example)")
