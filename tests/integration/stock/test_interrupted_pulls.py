"""Pulls of stock interrupted between pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from saleor_picqer import tasks
from saleor_picqer.domain.batches import Page
from saleor_picqer.models import SyncItem
from saleor_picqer.picqer.gateway.products import Products
from tests.integration.stock.test_full_sync_parts import pass_time
from tests.integration.support.bulk_products import add_variants, seed_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.runs import PULL, last_run, pages, pull

COUNT = 230
WAREHOUSES = ("Main", "North")


@pytest.fixture
def shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with products on three pages of Picqer's list; three are sold out."""
    connected_shop.control("POST", "/options", rate_limit=100_000)
    seed_picqer(connected_shop, add_variants(connected_shop, COUNT), WAREHOUSES)
    pull(connected_shop)
    for number, product in enumerate(connected_shop.server.account.state.products.values()):
        for row in product.stock.values():
            row.stock = 0 if number % 100 == 7 else 8
    connected_shop.reset_requests()
    return connected_shop


def interrupted(monkeypatch: pytest.MonkeyPatch, action: Callable[[], None]) -> Any:
    """Carry out an action once, before the second page is read."""
    done: list[bool] = []
    original = Products.page

    def page(self: Products, offset: int, *, active: bool) -> Page[Any]:
        if offset == 100 and not done:
            done.append(True)
            action()
        return original(self, offset, active=active)

    monkeypatch.setattr(Products, "page", page)


def assert_complete(shop: ConnectedShop, result: dict[str, Any]) -> None:
    assert (result["status"], result["problems"]) == ("DONE", [])
    assert (result["read"], result["zeroed"]) == (COUNT, 3)
    assert [shop.shop.available(f"V-{n:06}") for n in (0, 7, 107, 207, 229)] == [16, 0, 0, 0, 16]
    assert not SyncItem.objects.exists()


def test_each_page_is_read_once_when_picqer_answers_429_in_between(shop: ConnectedShop) -> None:
    """Failure mode F19: the run goes on with the page that was refused."""
    shop.fail_next("GET", "/products", "429", skip=1)

    shop.shop.admin_api.query(PULL, channel=shop.shop.channel_slug)
    shop.run_until_idle()
    assert last_run(shop)["read"] == 100
    pass_time(1)
    cache.clear()
    shop.worker.run_later()

    assert_complete(shop, last_run(shop))
    assert shop.requests()["GET /products"] == 3 + 1 + 1


def test_pull_goes_on_when_its_worker_was_killed(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F90: what was withheld before is set to zero after all."""

    def kill() -> None:
        raise KeyboardInterrupt

    interrupted(monkeypatch, kill)
    shop.shop.admin_api.query(PULL, channel=shop.shop.channel_slug)
    with pytest.raises(KeyboardInterrupt):
        shop.run_until_idle()
    shop.worker.queue.clear()

    pass_time(6)
    shop.worker.send("sweep")
    shop.run_until_idle()

    assert_complete(shop, last_run(shop))


def test_slices_come_to_the_same_end(shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "RUN_SECONDS", 0)

    assert_complete(shop, pull(shop))


def test_nothing_is_lost_when_a_product_goes_inactive_between_two_pages(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76: every later product moves up a place, and one is on no page."""
    first = next(iter(shop.server.account.state.products.values()))
    interrupted(monkeypatch, lambda: setattr(first, "active", False))

    result = pull(shop)

    assert (result["status"], result["problems"], result["zeroed"]) == ("DONE", [], 3)
    assert shop.shop.available("V-000100") == 16


def test_a_newer_webhook_wins_over_a_page_read_before(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SKU read as sold out, and delivered before the withheld zero is written."""

    def deliver() -> None:
        shop.stock("V-000007", 5)
        shop.stock("V-000007", 5, warehouse="North")
        shop.webhooks.deliver()
        shop.worker.send("read_stock", shop.server.url.removeprefix("http://"))
        shop.worker.run()

    with pages(monkeypatch, lambda page, *_: page):
        interrupted(monkeypatch, deliver)
        result = pull(shop)

    assert result["status"] == "DONE"
    assert shop.shop.available("V-000007") == 10
