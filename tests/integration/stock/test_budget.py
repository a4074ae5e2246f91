"""What runs cost: requests to Picqer, statements, and writes to Saleor's tables."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from itertools import pairwise
from math import ceil
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.product.models import ProductVariant

from saleor_picqer.domain.batches import Page
from saleor_picqer.models import SyncRun
from tests.integration.support.bulk_products import add_variants, seed_picqer
from tests.integration.support.catalogue_edits import add_image_quietly
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.database import rows_written
from tests.integration.support.runs import FULL, pages, pull, run

KNOWN, INACTIVE = 230, 30
WAREHOUSES = ("Main", "North", "South")
# A PNG of one pixel.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop after a full sync, in step with Picqer."""
    connected_shop.control("POST", "/options", rate_limit=100_000)
    skus = add_variants(connected_shop, KNOWN)
    gone = [f"OLD-{number}" for number in range(INACTIVE)]
    seed_picqer(connected_shop, [*skus, *gone], WAREHOUSES)
    for product in connected_shop.server.account.state.products.values():
        product.active = product.productcode not in gone
    run(connected_shop, FULL)
    connected_shop.reset_requests()
    return connected_shop


def allowed() -> int:
    return ceil(KNOWN / 100) + ceil(INACTIVE / 100) + 8


def test_full_sync_only_reads_when_nothing_has_changed(shop: ConnectedShop) -> None:
    before = rows_written()

    result = run(shop, FULL)

    assert (result["status"], result["unchanged"], result["problems"]) == ("DONE", KNOWN, [])
    requests = shop.requests()
    assert sum(requests.values()) == result["requests"] <= allowed()
    assert {name.split()[0] for name in requests} == {"GET"}
    assert before.total() > KNOWN
    assert rows_written() - before == Counter()


def test_full_sync_sends_one_request_for_each_change(shop: ConnectedShop) -> None:
    changed = ProductVariant.objects.filter(sku__in=["V-000007", "V-000200"])
    changed.update(weight=0.7)

    result = run(shop, FULL)

    assert (result["updated"], result["unchanged"]) == (2, KNOWN - 2)
    assert sum(shop.requests().values()) <= allowed() + 2
    assert shop.requests()["PUT /products/{idproduct}"] == 2


def test_full_sync_sends_each_product_and_image_once_when_picqer_is_empty(
    connected_shop: ConnectedShop,
) -> None:
    skus = [f"SKU-{number}" for number in range(1, 6)]
    for sku in skus:
        connected_shop.shop.product(sku)
    for sku in skus[:2]:
        add_image_quietly(ProductVariant.objects.get(sku=sku).product, f"{sku}.png", PICTURE)
    connected_shop.reset_requests()

    result = run(connected_shop, FULL)

    assert (result["status"], result["created"], result["problems"]) == ("DONE", 5, [])
    sent = connected_shop.requests()
    assert sent.pop("POST /products") == 5
    assert sent.pop("POST /products/{idproduct}/images") == 2
    assert sum(sent.values()) <= 8


def test_pull_takes_at_most_twelve_statements_for_each_page(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page has 100 products with new stock in three warehouses, some of them sold out."""
    for number, product in enumerate(shop.server.account.state.products.values()):
        for row in product.stock.values():
            row.stock = 0 if number % 30 == 0 else 9
    marks: list[int] = []

    with CaptureQueriesContext(connection) as captured:

        def mark(page: Page[Any], _offset: int, _active: bool) -> Page[Any]:
            marks.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
            return page

        with pages(monkeypatch, mark):
            result = pull(shop)

    assert (result["status"], result["stockChanged"]) == ("DONE", 3 * KNOWN)
    assert len(marks) == ceil(KNOWN / 100) + ceil(INACTIVE / 100)
    assert max(after - before for before, after in pairwise(marks)) <= 12


def test_absent_skus_are_looked_up_a_hundred_at_a_time(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76: a list cut short costs a request for each hundred SKUs that it lacks."""

    def first_ten(page: Page[Any], _offset: int, active: bool) -> Page[Any]:
        return Page(page.items[:10] if active else [])

    with pages(monkeypatch, first_ten):
        result = pull(shop)

    assert (result["status"], result["zeroed"], result["withheld"]) == ("DONE", 0, 0)
    requests = shop.requests()
    assert requests.pop("GET /warehouses") <= 2
    assert requests == {"GET /products": 2 + ceil((KNOWN - 10) / 100)}


def test_old_runs_are_deleted(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_picqer.store.runs.KEPT", 2)

    for _ in range(4):
        pull(connected_shop)

    assert SyncRun.objects.count() == 2
