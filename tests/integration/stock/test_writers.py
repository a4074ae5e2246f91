"""Stock written by several workers at once, beside checkouts, and in large amounts."""

from __future__ import annotations

import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Final

import pytest
from django.db import connection, transaction
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Stock

from saleor_picqer import wiring
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.hosts import host
from saleor_picqer.models import StockReading, WarehouseLink
from saleor_picqer.sync import stock
from tests.integration.support.api import Api
from tests.integration.support.host import IS_SALEOR_3, create_shop
from tests.integration.support.shop import Shop

pytestmark = pytest.mark.delivery
ACCOUNT: Final = "example.picqer.test"
SECONDS: Final = 5.0
# Products of the large runs.
SIZES: Final = [int(n) for n in os.environ.get("PICQER_STOCK_SIZES", "1000,5000").split(",")]


def mirror(shop: Shop, *names: str) -> None:
    """Make warehouses of the shop mirrors of Picqer's warehouses 1, 2 and so on."""
    for remote_id, name in enumerate(names, 1):
        pk = str(shop.warehouse(name).pk)
        WarehouseLink.objects.create(account=ACCOUNT, remote_id=remote_id, warehouse_pk=pk)


def in_thread(work: Callable[[], int]) -> Callable[[], int]:
    """Repeat the work for some seconds in a thread of its own, and count."""

    def run() -> int:
        done, ends_at = 0, time.monotonic() + SECONDS
        try:
            with host().access.allow_db():
                while time.monotonic() < ends_at:
                    done += work()
        finally:
            connection.close()
        return done

    return run


@pytest.mark.usefixtures("transactional_db")
def test_writers_and_checkouts_never_wait_for_each_other_for_ever() -> None:
    """Failure modes F31 and F72: no deadlock, and the newest reading stays.

    Customers check out with Saleor's API. Half of the orders, by chance, are cancelled.
    """
    shop = create_shop()
    shop.products(30, stock=1000)
    for n in range(1, 31):
        shop.set_stock(f"SKU-{n}", 1000, "North")
    mirror(shop, "Shop floor", "North")
    # Enough for all orders.
    numbers, customers = iter(range(1000, 10**6)), count()

    def write() -> int:
        tables = wiring.stock_tables(ACCOUNT)
        read_at, free = tables.readings.clock(), next(numbers)
        skus = random.sample(range(1, 31), 20)
        time.sleep(random.random() / 50)  # noqa: S311 - any delay will do
        levels = [StockLevel(w, f"SKU-{n}", free, n) for w in (1, 2) for n in skus]
        stock.record_levels(tables, levels, read_at)
        return 1

    def check_out() -> int:
        # Saleor 2.10 locks line by line: without a sequence, its own checkouts block each other.
        lines = {f"SKU-{n}": 2 for n in sorted(random.sample(range(1, 31), 5))}
        name = f"customer-{next(customers)}@example.com"
        order = shop.begin(lines, email=name, api=Api()).deliver().pay().complete()
        if random.random() < 1 / 2:  # noqa: S311 - any choice will do
            assert host().orders.cancel(order)
        return 1

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(in_thread(work)) for work in 3 * [write] + 3 * [check_out]]
        counts = [job.result() for job in jobs]

    assert min(counts) > 1, counts
    print(f"{sum(counts[:3])} writes beside {sum(counts[3:])} checkouts")  # noqa: T201
    quantities = dict(
        Stock.objects.filter(warehouse__name="North").values_list(
            "product_variant__sku", "quantity"
        )
    )
    for sku, free in StockReading.objects.filter(warehouse_id=2).values_list("sku", "free"):
        assert quantities[sku] == free


@pytest.mark.skipif(IS_SALEOR_3, reason="Saleor 3 locks all stocks of a checkout at once")
@pytest.mark.usefixtures("transactional_db")
def test_checkout_never_waits_for_a_writer_that_waits_for_the_checkout() -> None:
    """Failure mode F31: Saleor 2.10 locks the stocks of a checkout's lines in any sequence."""
    shop = create_shop()
    shop.products(2, stock=5)
    mirror(shop, "Shop floor")

    def lock(sku: str) -> None:
        rows = Stock.objects.filter(product_variant__sku=sku).select_for_update(of=("self",))
        assert len(rows) == 1

    def write() -> int:
        try:
            with host().access.allow_db():
                tables = wiring.stock_tables(ACCOUNT)
                levels = [StockLevel(1, f"SKU-{n}", 9, n) for n in (1, 2)]
                return stock.record_levels(tables, levels, tables.readings.clock())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock("SKU-2")
            written = pool.submit(write)
            # Until the writer has met the lock, and twice PostgreSQL's time to look for deadlocks.
            time.sleep(0.5)
            lock("SKU-1")
            time.sleep(2)
            assert not written.done()

        assert written.result() == 2


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.usefixtures("transactional_db")
def test_writer_needs_the_same_memory_for_few_and_many(size: int) -> None:
    shop = create_shop()
    mirror(shop, "Main", "North", "South")
    (first,) = shop.products(1)
    ProductVariant.objects.bulk_create(
        (ProductVariant(product=first.product, sku=f"SKU-{n}") for n in range(2, size + 1)),
        batch_size=2000,
    )

    def levels() -> Iterator[StockLevel]:
        for n in range(1, size + 1):
            for warehouse in (1, 2, 3):
                yield StockLevel(warehouse, f"SKU-{n}", n % 50, n)

    tables = wiring.stock_tables(ACCOUNT)
    began = time.monotonic()
    stock.record_levels(tables, levels(), tables.readings.clock())
    speed = size / (time.monotonic() - began)
    # Watching the memory takes several times as long.
    tracemalloc.start()
    stock.record_levels(tables, levels(), tables.readings.clock())
    peak = tracemalloc.get_traced_memory()[1] / 1024**2
    tracemalloc.stop()

    print(f"{size} products: {speed:.0f} a second, peak {peak:.1f} MB")  # noqa: T201
    assert peak < 16
