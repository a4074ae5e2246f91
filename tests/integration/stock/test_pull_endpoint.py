"""The address at which a shop's own programs have the stock pulled."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.crypto import constant_time_compare

from saleor_picqer import pull_endpoint
from saleor_picqer.domain.runs import Kind
from saleor_picqer.hosts import host
from saleor_picqer.models import SyncRun
from saleor_picqer.store import runs
from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.endpoint_cases import BearerCases, BearerEndpoint
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.runs import last_run, stock_silently

TOKEN = "a-token-of-the-shop-itself"


def global_path(shop: ConnectedShop) -> str:
    """Return the path without the channel's slug."""
    hook = urlsplit(host().channels.webhook_url(shop.shop.channel_pk)).path
    return hook.replace("/webhooks/", "/pull-stock-levels/")


def channel_path(shop: ConnectedShop) -> str:
    """Return the path of the plugin in the channel."""
    return f"/plugins/channel/{shop.shop.channel_slug}/picqer/pull-stock-levels"


def endpoint_of(shop: ConnectedShop, path: Callable[..., str] = global_path) -> BearerEndpoint:
    return BearerEndpoint(path(shop), lambda: shop.server.api_key, SyncRun.objects.count)


def call(path: str, token: str | None, method: str = "post", **headers: Any) -> HttpResponse:
    if token is not None:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    with commit_hooks():
        response: Any = getattr(Client(), method)(path, **headers)
    found: HttpResponse = response
    return found


class TestPullEndpoint(BearerCases):
    """The security cases of every endpoint. Failure modes F5, F6 and F7."""

    @pytest.fixture(params=[global_path, channel_path])
    def endpoint(self, connected_shop: ConnectedShop, request: Any) -> BearerEndpoint:
        return endpoint_of(connected_shop, request.param)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", [global_path, channel_path])
def test_stock_is_pulled_when_the_key_is_right(
    connected_shop: ConnectedShop, path: Any, method: str
) -> None:
    connected_shop.offer(BEANS=5)
    stock_silently(connected_shop, 8, "BEANS")

    response = call(path(connected_shop), connected_shop.server.api_key, method)

    assert response.status_code == 202
    assert connected_shop.shop.available("BEANS") == 5, "nothing waits for Picqer"
    connected_shop.run_until_idle()
    run = last_run(connected_shop)
    assert json.loads(response.content) == {"run": run["id"], "kind": "stock", "status": "queued"}
    assert (run["kind"], run["status"]) == ("STOCK", "DONE")
    assert connected_shop.shop.available("BEANS") == 8


def test_stock_is_pulled_with_the_token_of_the_settings(connected_shop: ConnectedShop) -> None:
    connected_shop.connect(pull_token=TOKEN)
    connected_shop.run_until_idle()

    assert call(global_path(connected_shop), TOKEN).status_code == 202
    assert connected_shop.worker.pending == ["carry_on_run"]


def test_the_run_under_way_is_named_when_there_is_one(connected_shop: ConnectedShop) -> None:
    path, key = global_path(connected_shop), connected_shop.server.api_key

    first, second = call(path, key), call(path, key)

    assert first.content == second.content
    assert SyncRun.objects.count() == 1


def test_stock_is_pulled_when_only_products_are_under_way(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5)
    stock_silently(connected_shop, 8, "BEANS")
    runs.queue_unless_active(connected_shop.shop.channel_pk, Kind.PRODUCTS)

    response = call(global_path(connected_shop), connected_shop.server.api_key)

    assert json.loads(response.content)["kind"] == "full"
    connected_shop.run_until_idle()
    assert connected_shop.shop.available("BEANS") == 8


@pytest.mark.parametrize("proof", ["Bearer", "Basic c2ltdWxhdG9yLWFwaS1rZXk6", "Bearer "])
def test_answer_tells_which_header_is_wanted(connected_shop: ConnectedShop, proof: str) -> None:
    response = endpoint_of(connected_shop).ask_with(proof)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert SyncRun.objects.count() == 0


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_pull_is_refused_when_the_token_is_another_channels(connected_shop: ConnectedShop) -> None:
    """Failure mode F58."""
    outlet = replace(connected_shop, shop=connected_shop.shop.open("outlet"))
    connected_shop.connect(pull_token=TOKEN)
    outlet.connect(reference_prefix="OUT-", pull_token=f"{TOKEN}-outlet")

    assert endpoint_of(outlet).ask(secret=TOKEN).status_code == 401
    assert endpoint_of(outlet).ask(secret=f"{TOKEN}-outlet").status_code == 202


@pytest.mark.parametrize("given", ["key", "token", "neither"])
def test_both_tokens_are_compared_whichever_is_given(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """The time of the answer tells nothing about the tokens."""
    connected_shop.connect(pull_token=TOKEN)
    tokens = {"key": connected_shop.server.api_key, "token": TOKEN, "neither": "wrong"}
    compared: list[str] = []

    def compare(one: str, other: str) -> bool:
        compared.append(other)
        return constant_time_compare(one, other)

    monkeypatch.setattr(pull_endpoint, "constant_time_compare", compare)

    response = call(global_path(connected_shop), tokens[given])

    assert response.status_code == (401 if given == "neither" else 202)
    assert compared == [tokens["key"], TOKEN]


def test_the_key_is_not_taken_from_the_address_or_logged(
    connected_shop: ConnectedShop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "saleor_picqer")
    key = connected_shop.server.api_key

    response = call(f"{global_path(connected_shop)}?token={key}", f"{key}x")

    assert response.status_code == 401
    assert key not in caplog.text
    assert key.encode() not in response.content


def test_pull_is_refused_when_the_plugin_is_off(connected_shop: ConnectedShop) -> None:
    path = global_path(connected_shop)
    connected_shop.shop.configure_plugin(active=False)

    assert call(path, connected_shop.server.api_key).status_code == 401
    assert SyncRun.objects.count() == 0


def test_address_is_not_found_when_it_goes_on(connected_shop: ConnectedShop) -> None:
    path, key = global_path(connected_shop), connected_shop.server.api_key

    assert call(f"{path}/more", key).status_code == 404


def test_token_is_not_shown_when_it_is_too_short(connected_shop: ConnectedShop) -> None:
    with pytest.raises(Exception, match="Token for pulling stock") as failure:
        connected_shop.connect(pull_token="short-secret")

    assert "short-secret" not in str(failure.value)
