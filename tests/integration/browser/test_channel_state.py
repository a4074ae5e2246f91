"""What the pages say of a channel that runs: numbers of orders, runs, rights, readings of stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from saleor.product.models import ProductVariant

from saleor_picqer.models import OutboxOrder, ReconcileRun, SyncRun
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, signed
from tests.integration.support.host import IS_SALEOR_3

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import hire, open_as_owner, open_page, open_product

pytestmark = pytest.mark.usefixtures("no_history")

MANAGER = "manager@example.com"


def test_orders_of_a_connected_channel_are_counted_by_stage(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    channel = running_shop.shop.channel_pk
    for number, stage in enumerate(["processed", "processed", "completed", "skipped"]):
        OutboxOrder.objects.create(order_pk=f"counted-{number}", channel=channel, stage=stage)

    open_as_owner(visitor, running_shop)

    assert f"{running_shop.shop.channel_slug} connected" in visitor.text
    terms = "[...document.querySelectorAll('dt')].map((term) => term.textContent)"
    counts = "[...document.querySelectorAll('dd')].map((count) => count.textContent)"
    assert dict(zip(visitor.script(terms), visitor.script(counts), strict=True)) == {
        "in the warehouse": "2",
        "shipped": "1",
        "not for Picqer": "1",
    }


def test_channel_that_is_switched_off_is_called_not_connected(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    SyncRun.objects.create(
        channel=running_shop.shop.channel_pk, status="done", finished_at=timezone.now()
    )
    running_shop.shop.configure_plugin(active=False)
    try:
        open_as_owner(visitor, running_shop)

        assert f"{running_shop.shop.channel_slug} not connected" in visitor.text
        assert not visitor.has_button("Full sync")
    finally:
        running_shop.connect()


def test_run_under_way_shows_its_progress_and_the_time_that_is_left(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    SyncRun.objects.create(
        channel=running_shop.shop.channel_pk,
        status="running",
        total=10_000,
        created=2_000,
        unchanged=500,
        position={"phase": "push"},
        numbers={"read": 10_000, "limit": 500},
    )

    open_as_owner(visitor, running_shop)

    visitor.wait_for_text("2500 of 10000 products, at least 12 min left")
    assert visitor.script("document.querySelector('progress').value") == 2500


@pytest.mark.parametrize(
    ("words", "kind"), [("Stock only", "stock"), ("Products only", "products")]
)
def test_half_a_sync_is_started(
    visitor: Visitor, running_shop: ConnectedShop, words: str, kind: str
) -> None:
    open_as_owner(visitor, running_shop)

    visitor.press(words)

    slug = running_shop.shop.channel_slug
    visitor.wait_for(lambda: visitor.result == f"{words} of {slug} is queued.", "the result")
    assert (SyncRun.objects.get().kind, visitor.clicks) == (kind, 2)


def test_set_up_says_which_rights_and_how_many_requests_the_key_has(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    open_page(visitor, hire(running_shop.shop, "manage_plugins", email=MANAGER), "/setup")
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    fault = {"method": "GET", "route": "/picklists", "fault": "html", "status": 403, "times": 50}
    running_shop.control("POST", "/faults", **fault)
    try:
        visitor.press("Test connection")

        visitor.wait_for_text(
            "The API key may not read: picklists. Give it these rights in Picqer."
        )
        assert "The API key belongs to " in visitor.text
        assert "Picqer allows 500 requests per minute, of which" in visitor.text
    finally:
        running_shop.control("DELETE", "/faults")


def test_product_shows_stock_and_when_it_was_read(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    product = to_global_id("Product", ProductVariant.objects.get(sku="BEANS").product_id)

    open_product(
        visitor, hire(running_shop.shop, "manage_products", email="clerk@x.example"), product
    )

    visitor.wait_for_text("Free in Picqer")
    row = "[...document.querySelectorAll('tbody tr > *')].map((cell) => cell.innerText)"
    warehouse, free, _offered, _read = visitor.script(row)
    assert (warehouse, free.isdigit()) == ("Main", True)
    assert visitor.script("Date.parse(document.querySelector('tbody time').dateTime)") > 0


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_channel_to_be_checked_is_chosen(visitor: Visitor, running_shop: ConnectedShop) -> None:
    from saleor.plugins.models import PluginConfiguration

    second = running_shop.shop.create_channel("second")
    PluginConfiguration.objects.create(identifier="picqer", channel=second, active=False)
    try:
        open_page(visitor, hire(running_shop.shop, "manage_plugins", email=MANAGER), "/doctor")
        visitor.wait_for_text("Choose a channel.")

        visitor.press("second")

        visitor.wait_for(lambda: visitor.heading == "Check of Picqer in second", "the heading")
        visitor.wait_for(lambda: visitor.result == "The check is finished.", "the result")
    finally:
        second.delete()


def test_stock_that_differs_is_said_in_words(visitor: Visitor, running_shop: ConnectedShop) -> None:
    run = ReconcileRun.objects.create(
        channel=running_shop.shop.channel_pk,
        cause="request",
        status="done",
        apply=False,
        finished_at=timezone.now(),
        counts={"stock": 7},
    )
    try:
        open_as_owner(visitor, running_shop)

        visitor.wait_for_text("Stock: 7 stocks in Saleor differ: compared ")
    finally:
        run.delete()


@pytest.mark.parametrize(
    ("label", "outside", "inside"),
    [
        ("From", "2999-01-01T00:00", "2000-01-01T00:00"),
        ("Until", "2000-01-01T00:00", "2999-01-01T00:00"),
    ],
)
def test_deliveries_are_filtered_by_time(
    visitor: Visitor, running_shop: ConnectedShop, label: str, outside: str, inside: str
) -> None:
    signed(running_shop, BODY)
    running_shop.run_until_idle()
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for_text("orders.status_changed")
    write = "arguments[0].value = arguments[1]"

    visitor.browser.execute_script(write, visitor.field(label), outside)
    visitor.press("Filter")
    visitor.wait_for_text("No delivery matches.")

    visitor.browser.execute_script(write, visitor.field(label), inside)
    visitor.press("Filter")
    visitor.wait_for_text("orders.status_changed")
