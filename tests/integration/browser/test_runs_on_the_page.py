"""Syncs and comparisons on the app's page in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from saleor_picqer.domain.run_problems import RunProblems
from saleor_picqer.models import SyncRun
from tests.integration.support.connected_shop import ConnectedShop

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import open_as_owner
from tests.integration.browser.visitor import CARD

pytestmark = pytest.mark.usefixtures("no_history")


def ended_run(shop: ConnectedShop, **fields: object) -> SyncRun:
    ended = {"status": "done", "finished_at": timezone.now()}
    return SyncRun.objects.create(channel=shop.shop.channel_pk, **ended | fields)


def test_full_sync_and_its_result_take_two_clicks(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_as_owner(visitor, running_shop)

    visitor.press("Full sync")

    visitor.wait_for_text("Full sync waits for a worker")
    running_shop.run_until_idle()
    visitor.wait_for_text("Full sync is done")
    assert visitor.clicks == 2


@pytest.mark.parametrize(
    ("active", "name"),
    [({"kind": "stock"}, "Stock"), ({"dry_run": True}, "Full sync (preview)")],
)
def test_another_run_is_named_when_it_is_under_way(
    visitor: Visitor, running_shop: ConnectedShop, active: dict[str, object], name: str
) -> None:
    open_as_owner(visitor, running_shop)
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, **active)

    visitor.press("Full sync")

    channel = running_shop.shop.channel_slug
    words = f'Another sync of {channel} is under way ({name}). Start "Full sync" when it is done.'
    visitor.wait_for(lambda: visitor.result == words, words)
    visitor.wait_for_text(f"{name} waits for a worker")


def test_run_is_not_called_queued_when_it_is_running(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_as_owner(visitor, running_shop)
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="running")

    visitor.press("Full sync")

    words = f"Full sync of {running_shop.shop.channel_slug} is running already."
    visitor.wait_for(lambda: visitor.result == words, words)


def test_preview_lists_what_a_sync_would_change(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F100: what the shop would lose is said before."""
    running_shop.shop.product("NEW-1")
    open_as_owner(visitor, running_shop)

    visitor.press("Preview of a full sync")
    visitor.wait_for_text("Full sync (preview) waits for a worker")
    running_shop.run_until_idle()

    visitor.wait_for_text("Nothing was written. A sync would create 1 products in Picqer")
    visitor.unfold("Show the changes")
    visitor.wait_for_text("Products to be created in Picqer NEW-1")
    assert not visitor.scrolls_sideways(CARD)
    assert "NEW-1" not in {
        one["productcode"] for one in running_shop.picqer_api("GET", "/products")
    }


def test_zero_is_confirmed_when_a_run_stopped_for_it(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    stopped = {"kind": "stock", "status": "failed", "numbers": {"withheld": 12}}
    ended_run(running_shop, **stopped, problems=[{"cause": "12 SKUs would fall to zero."}])
    open_as_owner(visitor, running_shop)
    visitor.wait_for_text("Picqer has no stock of 12 SKUs that the shop offers.")
    assert "the shop then sells none of them" in visitor.text

    visitor.press("Stop selling 12 SKUs")

    visitor.wait_for_text("Stock waits for a worker")
    run = SyncRun.objects.latest("pk")
    assert (run.kind, run.confirm_zero, run.dry_run) == ("stock", True, False)
    running_shop.run_until_idle()
    visitor.wait_for_text("Stock is done")
    assert "Stop selling" not in visitor.text


def test_zero_is_not_called_queued_when_a_pull_without_confirmation_is_under_way(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    ended_run(running_shop, kind="stock", status="failed", numbers={"withheld": 12})
    open_as_owner(visitor, running_shop)
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, kind="stock")

    visitor.press("Stop selling 12 SKUs")

    words = '(Stock). Start "Stock only" when it is done.'
    visitor.wait_for(lambda: visitor.result.endswith(words), words)


def test_no_confirmation_is_asked_when_a_preview_would_stop(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    ended_run(running_shop, dry_run=True, status="failed", numbers={"withheld": 12})

    open_as_owner(visitor, running_shop)

    assert "Stop selling" not in visitor.text


def test_every_problem_of_a_run_is_listed(visitor: Visitor, running_shop: ConnectedShop) -> None:
    problems = RunProblems()
    for number in range(500):
        problems.add(f"Cause {number}.", f"S-{number}")
    ended_run(running_shop, problems=problems.dump(), numbers={"problems": 812})
    open_as_owner(visitor, running_shop)

    visitor.unfold("812 problems")

    visitor.wait_for_text('SKU "S-499": Cause 499.')
    assert "The first 500 are listed. Mend them, and sync again." in visitor.text


def test_differences_are_listed_then_repaired(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F14: listed first, repaired on request."""
    order = running_shop.order(BEANS=1)
    running_shop.ship(order)
    running_shop.webhooks.pending.clear()
    open_as_owner(visitor, running_shop)
    visitor.wait_for_text("Open orders, stock and webhooks were not compared yet.")

    visitor.press("Compare with Picqer")
    visitor.wait_for_text("Comparison waits for a worker")
    running_shop.run_until_idle()
    visitor.wait_for_text("1 order compared, 1 difference.")
    assert "1: Picqer has shipped the order, and Saleor was not told." in visitor.text
    visitor.unfold("Show the differences")
    visitor.wait_for_text("order completed, ")
    assert running_shop.shop.order(order).status == "UNFULFILLED"
    visitor.press("Repair")

    visitor.wait_for_text("Comparison with repair waits for a worker")
    running_shop.run_until_idle()
    visitor.wait_for_text("1 difference, 1 repaired")
    assert running_shop.shop.order(order).status == "FULFILLED"
    assert "Stock: as last read from Picqer, compared" in visitor.text
    assert not visitor.scrolls_sideways(CARD)
