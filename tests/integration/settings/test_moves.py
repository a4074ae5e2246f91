"""Moves: to another Picqer account, to another public address, and of the cut-over date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.utils import timezone
from picqer_simulator import SimulatorServer

from saleor_picqer import deliveries, tasks
from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.channels import Channels
from saleor_picqer.models import ChannelState, HookRegistration, InboxEvent
from saleor_picqer.store import hooks
from saleor_picqer.store.inbox_endpoint import REPEATED_FOR
from tests.integration.support.api import ApiError
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, endpoint_of
from tests.integration.support.endpoint_cases import SignedEndpoint
from tests.integration.support.snapshots import SKUS, VAT_GROUPS


@pytest.fixture
def moved(stocked_shop: ConnectedShop) -> Iterator[ConnectedShop]:
    """Return the shop after a move to another account with less stock."""
    with SimulatorServer(api_key="another-key") as server:
        moved = ConnectedShop(
            stocked_shop.shop,
            server,
            stocked_shop.worker,
            stocked_shop.webhooks,
            stocked_shop.run_until_idle,
        )
        server.account.on_delivery = stocked_shop.webhooks.take
        products = [
            {"productcode": sku, "name": sku, "price": 10, "stock": {"New": 3}} for sku in SKUS
        ]
        moved.control(
            "POST", "/seed", warehouses=[{"name": "New"}], vatgroups=VAT_GROUPS, products=products
        )
        yield moved


def account_of(connected_shop: ConnectedShop) -> str:
    return connected_shop.server.url.split("//")[1]


def signed_by(connected_shop: ConnectedShop) -> SignedEndpoint:
    """Return the endpoint of the channel, for the hooks of this account."""
    secret = HookRegistration.objects.get(account=account_of(connected_shop)).current
    return replace(endpoint_of(connected_shop), secret=lambda: secret)


def active_hooks(connected_shop: ConnectedShop) -> list[str]:
    """Return the addresses of the active hooks in Picqer."""
    hooks = connected_shop.picqer_api("GET", "/hooks")
    return [hook["address"] for hook in hooks if hook["active"]]


# --- another account


def test_hooks_of_the_old_account_are_removed_when_the_shop_moves(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71: with the old key, which the settings no longer have."""
    moved.connect()
    moved.run_until_idle()

    assert active_hooks(stocked_shop) == []
    assert len(active_hooks(moved)) == len(EVENTS)
    assert [row.leaving for row in HookRegistration.objects.all()] == [False, False]


def test_hooks_of_the_old_account_are_removed_later_when_it_does_not_answer(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F92: bounded, and by the sweeper."""
    stocked_shop.fail_next("GET", "/hooks", "500", times=50)
    moved.connect()
    moved.run_until_idle()
    assert HookRegistration.objects.exclude(not_before=None).count() == 1

    stocked_shop.control("DELETE", "/faults")
    assert len(active_hooks(stocked_shop)) == len(EVENTS)
    moved.pass_time()

    assert active_hooks(stocked_shop) == []


def test_hooks_are_left_behind_when_the_old_account_never_answers(
    stocked_shop: ConnectedShop, moved: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F92: no request for ever."""
    monkeypatch.setattr(hooks, "MAX_ATTEMPTS", 2)
    stocked_shop.fail_next("*", "/hooks", "500", times=500)
    moved.connect()
    moved.run_until_idle()
    for _ in range(3):
        moved.pass_time()
    stocked_shop.reset_requests()

    moved.pass_time()

    assert stocked_shop.requests() == {}


def test_stock_of_the_old_account_is_not_sold_when_the_shop_moves(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71: the mirrors of the old account went on selling."""
    moved.connect()
    moved.run_until_idle()

    assert moved.shop.available("BEANS") == 3


def test_events_of_the_old_account_are_ignored_when_the_shop_has_moved(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71: the new account's product 1 is another product."""
    stocked_shop.stock("BEANS", 99)
    late = list(stocked_shop.webhooks.pending)
    stocked_shop.webhooks.pending.clear()
    moved.connect()
    moved.run_until_idle()

    stocked_shop.webhooks.pending.extend(late)
    moved.pass_time()

    assert moved.shop.available("BEANS") == 3


def test_delivery_of_the_old_account_is_set_aside_when_the_shop_has_moved(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71: it raises no alarm of a growing backlog."""
    stocked_shop.stock("BEANS", 99)
    moved.connect()
    # One was stored before the settings were saved, and one comes late.
    assert signed_by(stocked_shop).send(BODY).status_code == 200
    tasks.sweep()
    assert signed_by(stocked_shop).send(b"late").status_code == 200
    moved.worker.run()

    kept = InboxEvent.objects.filter(account=account_of(stocked_shop), body__in=[BODY, b"late"])
    assert [one.status for one in kept] == ["ignored", "ignored"]
    assert {one.last_error for one in kept} == {"The channel has moved to another Picqer account."}


def test_nothing_is_missed_when_the_shop_moves_back_at_once(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71: the old account's webhooks were not removed yet."""
    order = stocked_shop.order(BEANS=1)
    moved.connect()
    stocked_shop.ship(order)
    stocked_shop.webhooks.deliver()
    deliveries.work_off(account_of(stocked_shop))
    assert not InboxEvent.objects.filter(status="received").exists()

    stocked_shop.connect()
    stocked_shop.pass_time()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


# --- the key and the secret


def secrets_of(connected_shop: ConnectedShop) -> tuple[str, str]:
    row = HookRegistration.objects.get(account=account_of(connected_shop))
    return row.current, row.previous


def test_secret_is_replaced_when_the_key_changes(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F108."""
    old, _ = secrets_of(stocked_shop)
    monkeypatch.setattr(stocked_shop.server, "api_key", "new-key")
    stocked_shop.server.runtime.api_key = "new-key"

    stocked_shop.connect(api_key="new-key")
    assert secrets_of(stocked_shop)[1] == old
    stocked_shop.run_until_idle()

    current, previous = secrets_of(stocked_shop)
    assert (current != old, previous) == (True, "")


def test_webhooks_are_accepted_while_the_secret_is_being_replaced(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F108: the old hooks sign with the old secret until they are replaced."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    stocked_shop.fail_next("*", "/hooks", "500", times=50)
    with pytest.raises(CommandError):
        manage_picqer("rotate-secret")

    answers = stocked_shop.webhooks.deliver()
    stocked_shop.run_until_idle()

    assert {answer.status_code for answer in answers} == {200}
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_repetitions_are_accepted_for_a_day_when_the_secret_was_replaced(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F108: Picqer repeats deliveries of removed hooks, for about 17 hours."""
    former, _ = secrets_of(stocked_shop)
    endpoint = endpoint_of(stocked_shop)
    manage_picqer("rotate-secret")
    between, _ = secrets_of(stocked_shop)
    manage_picqer("rotate-secret")

    now, known = timezone.now(), InboxEvent.objects.count()

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=17))
    stocked_shop.pass_time()
    answers = [endpoint.send(one.encode(), secret=one).status_code for one in (former, between)]
    assert answers == [200, 200]
    assert InboxEvent.objects.count() == known + 2

    a_day_later = now + REPEATED_FOR + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: a_day_later)
    assert endpoint.send(BODY, secret=former).status_code == 401
    stocked_shop.pass_time()
    assert HookRegistration.objects.get().former == ""


def test_rotate_secret_replaces_the_hooks(stocked_shop: ConnectedShop) -> None:
    """Failure mode F108."""
    old, _ = secrets_of(stocked_shop)
    before = {hook["idhook"] for hook in stocked_shop.picqer_api("GET", "/hooks")}

    told = manage_picqer("rotate-secret")

    after = stocked_shop.picqer_api("GET", "/hooks")
    assert {hook["active"] for hook in after if hook["idhook"] in before} == {False}
    assert len(active_hooks(stocked_shop)) == len(EVENTS)
    assert secrets_of(stocked_shop)[0] != old
    assert old not in told


def test_former_secrets_are_refused_at_once_when_they_have_leaked(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F108: a thief of the secret could forge webhooks for another day."""
    first, _ = secrets_of(stocked_shop)
    endpoint = endpoint_of(stocked_shop)
    manage_picqer("rotate-secret")
    second, _ = secrets_of(stocked_shop)

    manage_picqer("rotate-secret", "--leaked")

    answers = [endpoint.send(BODY, secret=one).status_code for one in (first, second)]
    assert answers == [401, 401]
    assert endpoint.send(BODY, secret=secrets_of(stocked_shop)[0]).status_code == 200


def test_refused_deliveries_are_made_up_for_when_the_secret_has_leaked(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F108: Picqer signs with the leaked secret until its webhooks are replaced."""
    order = stocked_shop.order(BEANS=1)
    leaked, _ = secrets_of(stocked_shop)
    stocked_shop.fail_next("*", "/hooks", "500", times=50)
    with pytest.raises(CommandError):
        manage_picqer("rotate-secret", "--leaked")
    assert endpoint_of(stocked_shop).send(BODY, secret=leaked).status_code == 401
    stocked_shop.ship(order)
    stocked_shop.webhooks.pending.clear()

    stocked_shop.control("DELETE", "/faults")
    stocked_shop.pass_time()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert len(active_hooks(stocked_shop)) == len(EVENTS)


# --- another public address


@pytest.fixture
def elsewhere(stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch) -> ConnectedShop:
    """Return a shop whose database now runs at another public address."""
    monkeypatch.setattr(Channels, "public_address", lambda _: "https://staging.example")
    return stocked_shop


def test_nothing_is_sent_from_a_copied_database(elsewhere: ConnectedShop) -> None:
    """Failure mode F91."""
    elsewhere.reset_requests()
    elsewhere.place(BEANS=1)

    elsewhere.pass_time()
    manage_picqer("sweep")

    assert elsewhere.requests() == {}


def test_settings_are_refused_when_a_copy_would_use_the_shops_account(
    elsewhere: ConnectedShop,
) -> None:
    """Failure mode F91."""
    with pytest.raises(ApiError, match=r"If this is a copy of the shop"):
        elsewhere.connect()

    elsewhere.run_until_idle()
    assert len(active_hooks(elsewhere)) == len(EVENTS)


def test_hooks_of_the_shop_stay_when_the_plugin_is_switched_off_in_a_copy(
    elsewhere: ConnectedShop,
) -> None:
    """Failure mode F91."""
    elsewhere.shop.configure_plugin(active=False)
    elsewhere.pass_time()

    assert len(active_hooks(elsewhere)) == len(EVENTS)


def test_copy_works_when_it_has_an_account_of_its_own(
    elsewhere: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F91: and leaves the shop's account alone."""
    moved.connect()
    moved.pass_time()
    order = moved.place(BEANS=1)
    moved.pass_time()

    assert moved.picqer_order(order)["status"] == "processing"
    assert len(active_hooks(elsewhere)) == len(EVENTS)


@pytest.mark.parametrize(("answer", "left"), [("--moved", False), ("--copy", True)])
def test_plugin_works_when_staff_confirm_the_address(
    elsewhere: ConnectedShop, answer: str, left: bool
) -> None:
    """Failure modes F91 and F92: the hooks of an address that is gone are removed by their ids."""
    former = set(active_hooks(elsewhere))

    manage_picqer("confirm-address", answer)
    elsewhere.run_until_idle()
    order = elsewhere.place(BEANS=1)
    elsewhere.pass_time()

    assert elsewhere.picqer_order(order)["status"] == "processing"
    address = host().channels.webhook_url(elsewhere.shop.channel_pk)
    assert set(active_hooks(elsewhere)) == ({address} | former if left else {address})


def test_address_is_not_confirmed_when_it_is_known(stocked_shop: ConnectedShop) -> None:
    with pytest.raises(CommandError, match="already"):
        manage_picqer("confirm-address", "--moved")


# --- the cut-over date


def place_long_ago(connected_shop: ConnectedShop) -> Any:
    """Place an order before the plugin was first switched on."""
    connected_shop.shop.configure_plugin(active=False)
    connected_shop.run_until_idle()
    order = connected_shop.place(BEANS=1)
    now = timezone.now() + timedelta(seconds=1)
    ChannelState.objects.update(orders_from=now, swept_until=now + timedelta(hours=1))
    return order


def test_older_order_is_sent_when_the_cut_over_date_allows_it(stocked_shop: ConnectedShop) -> None:
    """Failure mode F106: open orders of the former system."""
    order = place_long_ago(stocked_shop)

    stocked_shop.connect(orders_from=f"{timezone.now() - timedelta(hours=1):%Y-%m-%d %H:%M}")
    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_skipped_order_is_sent_when_the_cut_over_date_is_moved_back(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F106."""
    order = place_long_ago(stocked_shop)
    ChannelState.objects.update(swept_until=timezone.now())
    stocked_shop.connect()
    stocked_shop.pass_time()
    assert stocked_shop.row(order).stage == "skipped"

    stocked_shop.connect(orders_from="2020-01-01")
    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_settings_are_refused_when_the_cut_over_date_is_no_date(
    stocked_shop: ConnectedShop,
) -> None:
    with pytest.raises(ApiError, match=r"Orders placed from: .*yesterday.* write a date"):
        stocked_shop.connect(orders_from="yesterday")


def test_sweep_is_enqueued_once_when_no_worker_takes_it(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F75: a night without workers."""
    for _ in range(10):
        tasks.sweep.apply_async()

    assert stocked_shop.worker.pending == ["sweep"]
