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
