"""Speed and memory of a full pull. Run by hand: `PICQER_BENCHMARK=1000,10000 make test-benchmark`."""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

import pytest
from django.db import connection

from tests.integration.support.bulk_products import add_variants, seed_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.runs import pull

SIZES = [int(size) for size in os.environ.get("PICQER_BENCHMARK", "").split(",") if size]
WAREHOUSES = ("Main", "North", "South")

pytestmark = pytest.mark.skipif(not SIZES, reason="set PICQER_BENCHMARK to numbers of products")


@dataclass
class Cost:
    """Statements, seconds and memory of a pull."""

    statements: int = 0
    seconds: float = 0.0
    peak: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """Count what happens inside, without keeping the statements."""
    cost = Cost()

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        cost.statements += "SAVEPOINT" not in sql
        return execute(sql, *rest)

    tracemalloc.start()
    tracemalloc.reset_peak()
    before, begun = tracemalloc.get_traced_memory()[0], time.monotonic()
    with connection.execute_wrapper(count):
        yield cost
    cost.seconds = time.monotonic() - begun
    cost.peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()


def change_stock(shop: ConnectedShop) -> None:
    """Change the stock of every product in every warehouse."""
    for product in shop.server.account.state.products.values():
        for row in product.stock.values():
            row.stock += 1


@pytest.mark.parametrize("size", SIZES)
def test_full_pull(connected_shop: ConnectedShop, size: int) -> None:
    connected_shop.control("POST", "/options", rate_limit=10_000_000)
    seed_picqer(connected_shop, add_variants(connected_shop, size), WAREHOUSES)
    pages = ceil(size / 100) + 1

    for name, prepare in (
        ("first", lambda _: None),
        ("nothing changed", lambda _: None),
        ("everything changed", change_stock),
    ):
        prepare(connected_shop)
        with measured() as cost:
            result = pull(connected_shop)
        assert (result["status"], result["read"]) == ("DONE", size)
        print(
            f"\n{size} products x 3 warehouses, {name}: {size / cost.seconds:.0f} products/s,"
            f" {result['requests']} requests, {cost.statements / pages:.1f} statements per page,"
            f" peak {cost.peak / 2**20:.1f} MB",
            end="",
        )
        assert cost.statements <= 12 * pages + 80
