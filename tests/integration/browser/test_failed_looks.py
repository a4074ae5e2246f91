"""Pages that look again by themselves, when a look fails or comes twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from saleor_picqer.dashboard import pages
from saleor_picqer.models import SyncRun
from tests.integration.browser.orders import failed_order
from tests.integration.support.connected_shop import ConnectedShop

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import (
    hire,
    in_dashboard,
    open_home,
    open_overview,
    token_of_page,
)

pytestmark = pytest.mark.usefixtures("no_history")

VAT = "Picqer has no VAT group of 8 %."
STALE_SWEEPER = "The sweeper has not finished"
NOT_UP_TO_DATE = "Not up to date: Saleor did not answer. Try again in a moment."
BREAK = "(window.working = fetch, window.fetch = () => Promise.reject(new TypeError('no network')))"
MEND = "(window.fetch = window.working) && null"
# Questions about the channels wait until they are let go; the pauses that run are counted.
HOLD = """(() => {
  const [ask, set, clear] = [window.fetch, window.setTimeout, window.clearTimeout];
  window.held = [];
  window.pauses = new Set();
  window.most = 0;
  window.fetch = (address, options) => options.body.includes("picqerChannels")
    ? new Promise((go) => held.push(go)).then(() => ask(address, options))
    : ask(address, options);
  window.clearTimeout = (id) => { pauses.delete(id); clear(id); };
  window.setTimeout = (act, time) => {
    const id = set(() => { pauses.delete(id); act(); }, time);
    if (time === 3000) pauses.add(id);
    most = Math.max(most, pauses.size);
    return id;
  };
})()"""


@pytest.fixture
def owner(running_shop: ConnectedShop) -> Any:
    permissions = ("manage_orders", "manage_plugins")
    return hire(running_shop.shop, *permissions, email="owner@example.com")


@pytest.fixture
def hasty_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the card on the home page look again after a moment, not after a minute."""
    assets = dict(pages._assets())
    home = assets["home.js"]
    content = home.content.replace(b"PAUSE = 60_000", b"PAUSE = 300")
    assert content != home.content
    assets["home.js"] = home._replace(content=content)
    monkeypatch.setattr(pages, "_assets", lambda: assets)
    monkeypatch.setattr(pages, "_digest", lambda: "hasty")


def test_overview_looks_again_after_a_failed_look(
    visitor: Visitor, running_shop: ConnectedShop, owner: Any
) -> None:
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="queued")
    open_overview(visitor, owner)
    visitor.wait_for_text("Full sync waits for a worker")

    visitor.script(BREAK)

    visitor.wait_for(lambda: visitor.result == NOT_UP_TO_DATE, "the message")
    assert "Full sync waits for a worker" in visitor.text, "the last state stays"
    SyncRun.objects.update(status="done")
    visitor.script(MEND)
    visitor.wait_for_text("Full sync is done")
    assert visitor.result == ""


def test_failed_look_leaves_what_came_of_an_action(
    visitor: Visitor, running_shop: ConnectedShop, owner: Any
) -> None:
    failed_order(running_shop, VAT)
    open_overview(visitor, owner)
    visitor.wait_for_text(VAT)
    visitor.press("Retry all")
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")

    visitor.script(BREAK)

    words = f"1 order queued. {NOT_UP_TO_DATE}"
    visitor.wait_for(lambda: visitor.result == words, "the message")
    visitor.script(MEND)
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result alone")


def test_home_looks_again_after_a_failed_look(
    visitor: Visitor, running_shop: ConnectedShop, hasty_home: None
) -> None:
    open_home(visitor, hire(running_shop.shop, "manage_orders"))
    card = f"Picqer {STALE_SWEEPER}"
    visitor.wait_for(lambda: visitor.text.startswith(card), "the card")
    text = visitor.text

    visitor.script(BREAK)

    visitor.wait_for(lambda: visitor.result == NOT_UP_TO_DATE, "the message")
    assert visitor.text == f"{text} {NOT_UP_TO_DATE}", "the last state stays"
    failed_order(running_shop, VAT)
    visitor.script(MEND)
    visitor.wait_for_text(f"1 order needs attention: {VAT}")
    assert visitor.result == ""


def test_look_during_another_one_leaves_one_pause(
    visitor: Visitor, running_shop: ConnectedShop, owner: Any
) -> None:
    failed_order(running_shop, VAT)
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="queued")
    open_overview(visitor, owner)
    visitor.wait_for_text(VAT)
    visitor.script(HOLD)
    visitor.wait_for(lambda: visitor.script("held.length") == 1, "a look")
    visitor.press("Keep all from Picqer")
    visitor.wait_for(lambda: visitor.script("held.length") == 2, "a look after the action")

    visitor.script("held.splice(0).forEach((go) => go())")

    visitor.wait_for_text("No order needs attention.")
    visitor.wait_for(lambda: visitor.script("held.length") > 0, "the next look")
    assert visitor.script("most") == 1


@in_dashboard
def test_overview_looks_at_once_with_a_fresh_token(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any, owner: Any
) -> None:
    from datetime import timedelta

    fresh = token_of_page(owner)
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="queued")
    open_overview(visitor, owner)
    visitor.wait_for_text("Full sync waits for a worker")
    settings.JWT_TTL_APP_ACCESS = timedelta(seconds=-1)
    visitor.dashboard_says("tokenRefresh", token=token_of_page(owner))
    ended = "Not up to date: Your access has ended. Reload the page."
    visitor.wait_for(lambda: visitor.result == ended, "the message")
    assert "Full sync waits for a worker" in visitor.text, "the last state stays"

    SyncRun.objects.update(status="done")
    visitor.dashboard_says("tokenRefresh", token=fresh)

    visitor.wait_for_text("Full sync is done")
    assert visitor.result == ""
