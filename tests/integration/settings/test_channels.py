"""Channels are identified by primary key: people may rename, delete and use slugs again."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.hosts import host
from saleor_picqer.models import HookRegistration, InboxEvent
from saleor_picqer.picqer.signature import sign
from tests.integration.support.api import to_global_id
from tests.integration.support.channel_edits import rename_channel
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import own_event, signed
from tests.integration.support.host import IS_SALEOR_3

pytestmark = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has a single channel")

DELETE = """
mutation ($id: ID!, $target: ID!) {
  channelDelete(id: $id, input: { channelId: $target }) { errors { field message code } }
}
"""


type Rename = Callable[[ConnectedShop, str], None]


@pytest.fixture
def rename(monkeypatch: pytest.MonkeyPatch) -> Rename:
    """Return a function that gives a channel another slug."""

    def change(connected_shop: ConnectedShop, slug: str) -> None:
        shop = connected_shop.shop
        # The shop outlives the test.
        monkeypatch.setattr(shop, "channel_slug", shop.channel_slug)
        rename_channel(shop, slug)

    return change


@pytest.mark.parametrize("slug", ["webshop-nl", "picqer", "my-picqer-shop"])
def test_orders_go_both_ways_when_the_channel_is_renamed(
    stocked_shop: ConnectedShop, rename: Rename, slug: str
) -> None:
    """Failure mode F70: an order in Picqer, an order on its way and a new order."""
    before = stocked_shop.order(BEANS=1)
    underway = stocked_shop.place(BEANS=1)

    rename(stocked_shop, slug)
    stocked_shop.shop.carts.clear()
    after = stocked_shop.place(BEANS=1)
    stocked_shop.pass_time()
    for order in (before, underway, after):
        stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    statuses = [stocked_shop.shop.order(order).status for order in (before, underway, after)]
    assert statuses == ["FULFILLED"] * 3
    assert stocked_shop.status()["channel"] == slug


@pytest.mark.parametrize("slug", ["picqer", "my-picqer-shop"])
def test_webhook_is_kept_when_the_slug_contains_the_plugins_id(
    stocked_shop: ConnectedShop, rename: Rename, slug: str
) -> None:
    """Failure mode F70: Saleor cuts the path at the first "picqer"."""
    rename(stocked_shop, slug)
    body = json.dumps({"event": "orders.status_changed", "data": {}}).encode()
    secret = HookRegistration.objects.get().current

    response = Client().post(
        f"/plugins/channel/{slug}/picqer/webhooks",
        body,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=sign(body, secret),
    )

    assert response.status_code == 200


@pytest.fixture
def branch(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a second channel with the same Picqer account."""
    branch = ConnectedShop(
        stocked_shop.shop.open("branch"),
        stocked_shop.server,
        stocked_shop.worker,
        stocked_shop.webhooks,
        stocked_shop.run_until_idle,
    )
    branch.connect(other_warehouses="keep")
    branch.full_sync()
    return branch


def delete(connected_shop: ConnectedShop, target: ConnectedShop) -> None:
    """Delete a channel, and have Saleor move the orders to another channel."""
    connected_shop.shop.admin_api.query(
        DELETE,
        id=to_global_id("Channel", connected_shop.shop.channel_pk),
        target=to_global_id("Channel", target.shop.channel_pk),
    )
    cache.clear()


def test_orders_are_followed_when_their_channel_is_deleted(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure mode F70: an order in Picqer and an order on its way."""
    sent = stocked_shop.order(BEANS=1)
    underway = stocked_shop.place(BEANS=1)

    delete(stocked_shop, branch)
    branch.pass_time()
    for order in (sent, underway):
        branch.ship(order)
    branch.run_until_idle()

    assert [branch.shop.order(order).status for order in (sent, underway)] == ["FULFILLED"] * 2
    assert {branch.row(order).channel for order in (sent, underway)} == {branch.shop.channel_pk}


def test_hooks_are_removed_when_the_channel_is_deleted(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure mode F71."""
    address = host().channels.webhook_url(stocked_shop.shop.channel_pk)

    delete(stocked_shop, branch)
    branch.run_until_idle()

    hooks = branch.picqer_api("GET", "/hooks")
    assert {hook["active"] for hook in hooks if hook["address"] == address} == {False}
    assert len([hook for hook in hooks if hook["active"]]) == len(EVENTS)


def test_order_is_new_when_the_slug_is_used_again(
    stocked_shop: ConnectedShop, branch: ConnectedShop, rename: Rename
) -> None:
    """Failure mode F70: new orders were skipped as placed before the plugin was switched on."""
    slug = stocked_shop.shop.channel_slug
    delete(stocked_shop, branch)
    branch.run_until_idle()
    rename(branch, slug)
    branch.shop.carts.clear()

    order = branch.shop.checkout({"BEANS": 1})
    branch.pass_time()

    assert branch.remote(order)["status"] == "processing"


def test_shipment_counts_when_only_another_channels_hook_tells(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure mode F71: an event of the account counts, whichever hook has brought it."""
    order = stocked_shop.order(BEANS=1)
    own = urlsplit(host().channels.webhook_url(stocked_shop.shop.channel_pk)).path
    branch.ship(order)

    pending = stocked_shop.webhooks.pending
    for delivery in [*pending]:
        if urlsplit(delivery.address).path == own:
            pending.remove(delivery)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_order_waits_for_no_worker_when_its_new_channel_has_no_picqer(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure mode F70: nothing is sent, and nothing fails, until the channel has the plugin."""
    branch.shop.configure_plugin(active=False)
    branch.run_until_idle()
    underway = stocked_shop.place(BEANS=1)
    delete(stocked_shop, branch)
    branch.pass_time()
    assert branch.orders() == []

    branch.connect(other_warehouses="keep")
    branch.pass_time()

    assert branch.picqer_order(underway)["status"] == "processing"


def test_events_of_a_stranger_are_ignored(stocked_shop: ConnectedShop) -> None:
    """Failure mode F71: the secret is ours, but the hook is not."""
    body = json.dumps(
        {"idhook": 999, "event": "products.free_stock_changed", "data": {"idproduct": 1}}
    ).encode()
    secret = HookRegistration.objects.get().current

    Client().post(
        urlsplit(host().channels.webhook_url(stocked_shop.shop.channel_pk)).path,
        body,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=sign(body, secret),
    )
    stocked_shop.pass_time()

    assert InboxEvent.objects.get(body=body).status == "ignored"


def test_order_that_is_entered_again_follows_its_own_channel_when_another_one_is_told(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure modes F49, F59: whichever channel's hook tells of it."""
    stocked_shop.connect(cancel_in_saleor=False, tracking="link")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.picqer_api("DELETE", f"/orders/{stocked_shop.row(order).remote_id}?force=true")
    stocked_shop.run_until_idle()
    number = stocked_shop.number(order)
    entered = stocked_shop.enter_in_picqer(number, BEANS=1)
    stocked_shop.picqer_api("POST", f"/orders/{entered}/process")
    stocked_shop.control("POST", f"/orders/{entered}/ship")
    stocked_shop.webhooks.pending.clear()

    signed(branch, own_event(branch, "orders.status_changed", idorder=entered, reference=number))
    stocked_shop.run_until_idle()

    (tracking,) = stocked_shop.shop.order(order).tracking
    assert tracking.startswith("https://")
