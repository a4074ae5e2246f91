"""The page of a running shop in Chromium: orders that failed, deliveries, signs of life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from saleor_picqer.models import (
    HookRegistration,
    InboxEvent,
    OutboxOrder,
    PeriodicTask,
    ReconcileRun,
    SyncRun,
)
from tests.integration.browser.orders import add_deliveries, failed_order
from tests.integration.support.api import to_pk
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, order_event, signed, stock_event

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import open_as_owner
from tests.integration.browser.visitor import CARD

VAT = "Picqer has no VAT group of 8 %."
NOW = timezone.now()
BOXES = "document.querySelectorAll('li li input').length"


@pytest.fixture(autouse=True)
def no_sweeps(no_history: None) -> None:
    PeriodicTask.objects.all().delete()


# --- selection


def test_selected_orders_are_kept_and_the_rest_retried(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    orders = [to_pk(failed_order(running_shop, VAT)) for _ in range(3)]
    numbers = [running_shop.number(order) for order in orders]
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for_text("Retry selected")
    assert not visitor.can_press("Retry selected"), "nothing is selected"

    for number in numbers[:2]:
        visitor.press_labelled(f"Choose Order {number}")
    visitor.press("Keep selected from Picqer")
    visitor.wait_for(lambda: visitor.result == "2 orders kept from Picqer.", "the result")
    visitor.wait_for_text("1 order, the oldest from")
    visitor.wait_for(lambda: visitor.script(BOXES) == 1, "the list without kept orders")
    visitor.tick("All orders shown")
    visitor.press("Retry selected")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    running_shop.worker.run()
    stages = {order: running_shop.row(order).stage for order in orders}
    assert stages == dict(zip(orders, ["skipped", "skipped", "processed"], strict=True))


def test_refused_orders_of_a_selection_are_counted_with_their_reasons(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    for _ in range(3):
        failed_order(running_shop, VAT)
    first, second, _ = OutboxOrder.objects.order_by("pk")
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for_text("Retry selected")
    OutboxOrder.objects.filter(pk__in=[first.pk, second.pk]).update(stage="created", remote_id=1)

    visitor.tick("All orders shown")
    visitor.press("Keep selected from Picqer")

    words = "1 order kept from Picqer. 2 orders refused: The order is in Picqer already."
    visitor.wait_for(lambda: visitor.result.startswith(words), "the result")


def test_selection_stays_when_the_page_is_drawn_anew(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = to_pk(failed_order(running_shop, VAT))
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="queued")
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for_text("Retry selected")
    visitor.press_labelled(f"Choose Order {running_shop.number(order)}")
    questions = visitor.questions()

    visitor.wait_for(lambda: visitor.questions() >= questions + 2, "two more looks")

    assert visitor.script("document.querySelectorAll('li :checked').length") == 1
    assert visitor.can_press("Retry selected")


# --- everybody can use it


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_with_everything_unfolded_has_no_serious_fault(
    visitor: Visitor, running_shop: ConnectedShop, theme: str
) -> None:
    failed_order(running_shop, VAT)
    signed(running_shop, b"1")
    running_shop.run_until_idle()
    finished = {"status": "failed", "finished_at": NOW, "numbers": {"withheld": 12}}
    channel = running_shop.shop.channel_pk
    SyncRun.objects.create(channel=channel, problems=[{"cause": "No VAT group."}], **finished)
    ReconcileRun.objects.create(
        channel=channel,
        cause="request",
        apply=False,
        status="done",
        finished_at=NOW,
        found=1,
        counts={"hooks": 1},
    )
    open_as_owner(visitor, running_shop)
    for words in ("Show the orders", "1 problem", "Show the differences", "Deliveries from Picqer"):
        visitor.unfold(words)
    visitor.wait_for_text("Retry selected")
    visitor.wait_for_text("Replay selected")

    assert visitor.barriers(theme) == []


# --- deliveries


def test_deliveries_are_listed_filtered_and_replayed(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = running_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    for body in (b"1", b"2", BODY, stock_event(running_shop, "BEANS")):
        signed(running_shop, body)
    signed(running_shop, order_event(running_shop, order))
    running_shop.run_until_idle()
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for_text(f"orders.status_changed, handled, order {running_shop.number(order)}")
    assert "products.free_stock_changed, handled" in visitor.text
    assert not visitor.scrolls_sideways(CARD)

    visitor.fill("Order number", running_shop.number(order))
    visitor.press("Filter")
    visitor.wait_for(lambda: "free_stock_changed" not in visitor.text, "the deliveries of an order")
    visitor.press("Replay")
    visitor.wait_for(lambda: visitor.result == "1 delivery queued.", "the result")
    assert InboxEvent.objects.get(status="received").topic == "unread"
    visitor.wait_for_text("No delivery matches.")

    running_shop.run_until_idle()
    visitor.fill("Order number", "")
    visitor.fill("Status", "given up")
    visitor.press("Filter")
    visitor.wait_for(lambda: visitor.text.count("Unread delivery, given up") == 2, "both")
    visitor.tick("All deliveries shown")
    visitor.press("Replay selected")
    visitor.wait_for(lambda: visitor.result == "2 deliveries queued.", "the result")
    running_shop.run_until_idle()
    visitor.press("Filter")
    visitor.press("Replay all that match (the latest 250 at most)")
    visitor.wait_for(lambda: visitor.result == "2 deliveries queued.", "the result")


def test_refused_replay_says_why(visitor: Visitor, running_shop: ConnectedShop) -> None:
    """Failure mode F111: what was dropped cannot be replayed, and the page says so."""
    for body in (b"1", b"2", b"3"):
        signed(running_shop, body)
    running_shop.run_until_idle()
    first, second, _ = InboxEvent.objects.order_by("pk")
    InboxEvent.objects.filter(pk__in=[first.pk, second.pk]).update(body=b"")
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for_text("Replay selected")

    visitor.press("Replay all that match (the latest 250 at most)")

    words = "1 delivery queued. 2 deliveries refused: The delivery's body was dropped"
    visitor.wait_for(lambda: visitor.result.startswith(words), "the result")


def test_deliveries_come_twenty_at_a_time(visitor: Visitor, running_shop: ConnectedShop) -> None:
    add_deliveries(running_shop, 45)
    rows = "document.querySelectorAll('[aria-label=Deliveries] > li').length"
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")

    visitor.wait_for(lambda: visitor.script(rows) == 20, "20 deliveries")
    visitor.press("Show more")
    visitor.wait_for(lambda: visitor.script(rows) == 40, "40 deliveries")
    visitor.press("Show more")
    visitor.wait_for(lambda: visitor.script(rows) == 45, "all deliveries")
    assert not visitor.button_is_shown("Show more")


# --- signs of life


def test_signs_of_life_are_said_in_words(visitor: Visitor, running_shop: ConnectedShop) -> None:
    running_shop.pass_time()
    running_shop.full_sync()
    signed(running_shop, BODY)
    open_as_owner(visitor, running_shop)

    visitor.wait_for_text("Webhooks: all active in Picqer, checked")
    assert "Deliveries from Picqer: the last" in visitor.text
    assert "Worker and celery beat: alive" in visitor.text
    assert "requests a minute left" in visitor.text
    assert "Stock: not compared yet." in visitor.text


def test_connection_is_tested_from_the_page(visitor: Visitor, running_shop: ConnectedShop) -> None:
    open_as_owner(visitor, running_shop)

    visitor.press("Test connection")

    visitor.wait_for(lambda: visitor.result.startswith("Picqer answers at 127.0.0.1"), "the result")
    assert "The API key has all rights" in visitor.result


def test_missing_signs_of_life_are_said_in_words(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    registration = HookRegistration.objects.get()
    HookRegistration.objects.update(stale_since=NOW, last_error="The key is refused.")
    try:
        open_as_owner(visitor, running_shop)
        visitor.wait_for_text("Webhooks: not known to be active. Not as they should be since")
        assert "The key is refused." in visitor.text
        assert "The sweeper has never run. Check that Celery's workers" in visitor.text
        assert "Deliveries from Picqer: none yet." in visitor.text
    finally:
        registration.save()
