"""Webhooks missing, off or at an old address, and the secrets of signatures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from saleor_picqer import hook_upkeep, tasks, wiring
from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.hosts import host
from saleor_picqer.models import HookRegistration
from saleor_picqer.store.hooks import CHECK_EVERY
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3


def active_hooks(connected_shop: ConnectedShop) -> dict[str, int]:
    """Return the id of each active hook in Picqer by event."""
    found = connected_shop.picqer_api("GET", "/hooks")
    return {hook["event"]: hook["idhook"] for hook in found if hook["active"]}


def an_hour_later(connected_shop: ConnectedShop) -> None:
    """Let the hour until the next check pass, sweep, and run until idle."""
    HookRegistration.objects.update(check_at=timezone.now())
    connected_shop.pass_time()


def switch_off(connected_shop: ConnectedShop, *events: str) -> None:
    """Switch hooks off as Picqer does after too many failures."""
    hooks = active_hooks(connected_shop)
    for event in events or hooks:
        connected_shop.picqer_api("DELETE", f"/hooks/{hooks[event]}")


def test_hook_is_switched_on_again_when_picqer_has_switched_it_off(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F1: and what happened meanwhile is read again."""
    before = active_hooks(stocked_shop)
    switch_off(stocked_shop)
    stocked_shop.stock("BEANS", 4)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.available("BEANS") == 10

    an_hour_later(stocked_shop)

    assert active_hooks(stocked_shop) == before
    assert stocked_shop.shop.available("BEANS") == 4


def test_outage_is_made_up_for_when_the_answer_of_switching_on_is_lost(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F1: the next attempt finds all hooks on."""
    switch_off(stocked_shop, "products.free_stock_changed")
    stocked_shop.stock("BEANS", 4)
    stocked_shop.run_until_idle()
    stocked_shop.fail_next("POST", "/hooks/{idhook}/reactivate", "drop-after")
    an_hour_later(stocked_shop)
    assert len(active_hooks(stocked_shop)) == len(EVENTS)
    assert stocked_shop.shop.available("BEANS") == 10

    stocked_shop.pass_time()

    assert stocked_shop.shop.available("BEANS") == 4
    assert HookRegistration.objects.get().lost_at is None


def test_outage_is_made_up_for_when_the_worker_ends_before_the_stock_is_queued(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F1."""
    switch_off(stocked_shop)
    stocked_shop.stock("BEANS", 4)
    registration = HookRegistration.objects.get()
    wiring.hook_registrations.mark_stale(registration.channel, registration.account)

    def end(*_: object, **__: object) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        hook_upkeep.bring_in_step(registration.pk, end)
    assert len(active_hooks(stocked_shop)) == len(EVENTS)
    stocked_shop.pass_time()

    assert stocked_shop.shop.available("BEANS") == 4


def test_hook_is_repaired_once_when_one_of_four_is_off(stocked_shop: ConnectedShop) -> None:
    """Failure mode F1."""
    before = active_hooks(stocked_shop)
    switch_off(stocked_shop, "orders.status_changed")

    an_hour_later(stocked_shop)
    stocked_shop.reset_requests()
    stocked_shop.pass_time()

    assert stocked_shop.requests() == {}
    assert active_hooks(stocked_shop) == before


def test_hook_is_created_again_when_picqer_no_longer_has_it(stocked_shop: ConnectedShop) -> None:
    """Failure mode F1: and what happened meanwhile is read again."""
    before = active_hooks(stocked_shop)
    lost = before["products.free_stock_changed"]
    del stocked_shop.server.account.state.hooks[lost]
    stocked_shop.stock("BEANS", 4)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.available("BEANS") == 10

    an_hour_later(stocked_shop)

    after = active_hooks(stocked_shop)
    assert after.keys() == before.keys()
    assert lost not in after.values()
    assert stocked_shop.shop.available("BEANS") == 4


def test_hook_is_replaced_when_it_has_another_address(
    stocked_shop: ConnectedShop,
) -> None:
    before = active_hooks(stocked_shop)
    for hook in stocked_shop.server.account.state.hooks.values():
        hook.address = "https://former.example/webhooks"

    an_hour_later(stocked_shop)

    after = active_hooks(stocked_shop)
    assert after.keys() == before.keys()
    assert not {*after.values()} & {*before.values()}
    # None at the former address stays.
    address = host().channels.webhook_url(stocked_shop.shop.channel_pk)
    active = [hook for hook in stocked_shop.picqer_api("GET", "/hooks") if hook["active"]]
    assert [hook["address"] for hook in active] == [address] * len(EVENTS)


def test_check_costs_one_request_an_hour_when_all_hooks_are_right(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.reset_requests()
    stocked_shop.pass_time()
    assert stocked_shop.requests() == {}

    for _ in range(3):
        an_hour_later(stocked_shop)

    assert stocked_shop.requests() == {"GET /hooks": 3}
    row = HookRegistration.objects.get()
    assert row.check_at is not None
    assert row.check_at > timezone.now() + CHECK_EVERY - timedelta(minutes=1)


def test_hooks_are_found_when_the_account_has_more_than_a_page(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F1: the plugin's own hooks are on the second page."""
    before = active_hooks(stocked_shop)
    for number in range(150):
        stocked_shop.picqer_api(
            "POST",
            "/hooks",
            name="Another program",
            event="orders.created",
            address=f"https://other.example/{number}",
        )
    hook_id = before["picklists.closed"]
    stocked_shop.picqer_api("DELETE", f"/hooks/{hook_id}")
    stocked_shop.server.account.set_options(list_order="newest_first")
    stocked_shop.reset_requests()

    an_hour_later(stocked_shop)

    assert stocked_shop.requests()["POST /hooks/{idhook}/reactivate"] == 1
    assert "POST /hooks" not in stocked_shop.requests()


def test_check_is_made_once_when_two_workers_are_to_make_it(stocked_shop: ConnectedShop) -> None:
    account = wiring.watermark.account(stocked_shop.shop.channel_pk)
    HookRegistration.objects.update(check_at=None)
    stocked_shop.reset_requests()

    for _ in range(2):
        tasks.check_hooks(account)

    assert stocked_shop.requests() == {"GET /hooks": 1}


def test_refused_key_is_remembered_when_the_hooks_are_checked(stocked_shop: ConnectedShop) -> None:
    stocked_shop.server.runtime.api_key = "another"
    an_hour_later(stocked_shop)
    row = HookRegistration.objects.get()
    assert "does not accept the API key" in row.last_error
    assert row.refused_since is not None

    stocked_shop.server.runtime.api_key = stocked_shop.server.api_key
    an_hour_later(stocked_shop)

    row = HookRegistration.objects.get()
    assert (row.last_error, row.refused_since) == ("", None)


def test_check_leaves_the_hooks_alone_in_a_copied_database(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F91: even if the copy's channel is deleted from the settings."""
    before = active_hooks(stocked_shop)
    elsewhere = "https://staging.example"
    monkeypatch.setattr(type(host().channels), "public_address", lambda _: elsewhere)
    stocked_shop.reset_requests()

    an_hour_later(stocked_shop)
    host().channels.configurations().update(active=False)
    an_hour_later(stocked_shop)

    assert stocked_shop.requests() == {}
    assert active_hooks(stocked_shop) == before


# --- switched off


def test_hooks_are_removed_when_the_key_was_emptied_before_the_plugin_was_switched_off(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F92: with the key with which the hooks were registered."""
    (row,) = host().channels.configurations()
    for item in row.configuration:
        if item["name"] == "api_key":
            item["value"] = ""
    row.save()
    stocked_shop.pass_time()
    assert len(active_hooks(stocked_shop)) == len(EVENTS)

    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.pass_time()

    assert active_hooks(stocked_shop) == {}


def test_hooks_are_removed_when_the_plugin_is_switched_off_in_the_database(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F92."""
    host().channels.configurations().update(active=False)
    stocked_shop.pass_time()
    assert active_hooks(stocked_shop) == {}
    stocked_shop.reset_requests()

    stocked_shop.pass_time()

    assert stocked_shop.requests() == {}


def test_hooks_are_registered_when_the_plugin_is_switched_on_in_the_database(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F4."""
    host().channels.configurations().update(active=False)
    stocked_shop.pass_time()

    host().channels.configurations().update(active=True)
    stocked_shop.pass_time()

    assert len(active_hooks(stocked_shop)) == len(EVENTS)


# --- secrets


def stored() -> str:
    """Return all that the table says."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {HookRegistration._meta.db_table}")  # noqa: S608
        return str(cursor.fetchall())


def test_table_shows_neither_secret_nor_key(stocked_shop: ConnectedShop) -> None:
    """Failure mode F108: who has a dump of the table cannot sign a webhook."""
    stocked_shop.connect()
    secret = HookRegistration.objects.get().current

    told = stored()

    assert len(secret) > 40
    assert secret not in told
    assert stocked_shop.server.api_key not in told


@pytest.fixture
def new_secret_key(stocked_shop: ConnectedShop, settings: Any) -> str:
    """Give Saleor another SECRET_KEY, and return the former one."""
    former = str(settings.SECRET_KEY)
    settings.SECRET_KEY = "another-secret-key"
    return former


def test_hooks_are_registered_again_when_saleor_has_a_new_secret_key(
    stocked_shop: ConnectedShop, new_secret_key: str
) -> None:
    """Failure mode F108: with new secrets, as the former ones cannot be read."""
    before = active_hooks(stocked_shop)
    assert HookRegistration.objects.get().current == ""

    stocked_shop.pass_time()
    stocked_shop.stock("BEANS", 4)
    answers = stocked_shop.webhooks.deliver()

    assert not {*active_hooks(stocked_shop).values()} & {*before.values()}
    assert {answer.status_code for answer in answers} == {200}


def test_webhooks_are_accepted_when_the_former_secret_key_is_a_fallback(
    stocked_shop: ConnectedShop, new_secret_key: str, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS = [new_secret_key]
    before = active_hooks(stocked_shop)
    stocked_shop.pass_time()

    stocked_shop.stock("BEANS", 4)
    answers = stocked_shop.webhooks.deliver()

    assert active_hooks(stocked_shop) == before
    assert {answer.status_code for answer in answers} == {200}


# --- two channels


@pytest.mark.skipif(not IS_SALEOR_3, reason="there is only one channel here")
def test_channels_of_an_account_share_the_request_of_the_check(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F59: and only the channel whose hook is off is repaired."""
    branch = ConnectedShop(
        stocked_shop.shop.open("branch"),
        stocked_shop.server,
        stocked_shop.worker,
        stocked_shop.webhooks,
        stocked_shop.run_until_idle,
    )
    branch.connect(other_warehouses="keep", reference_prefix="BR-")
    branch.run_until_idle()
    account = wiring.watermark.account(branch.shop.channel_pk)
    HookRegistration.objects.update(check_at=None)
    address = host().channels.webhook_url(branch.shop.channel_pk)
    hook = next(h for h in stocked_shop.picqer_api("GET", "/hooks") if h["address"] == address)
    stocked_shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")
    stocked_shop.reset_requests()

    wrong = hook_upkeep.check(account)

    assert stocked_shop.requests() == {"GET /hooks": 1}
    assert [HookRegistration.objects.get(pk=pk).channel for pk in wrong] == [branch.shop.channel_pk]
