"""Speed and memory of a full pull, run by hand: `make test-benchmark`."""

from __future__ import annotations

import os
import sys
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
from tests.integration.support.database import rows_written
from tests.integration.support.runs import FULL, pull, run

SIZES = [int(size) for size in os.environ.get("PICQER_BENCHMARK", "").split(",") if size]
WAREHOUSES = ("Main", "North", "South")
MOST_SENT = 10_000
# Bytes, for any number of products.
MOST_MEMORY = 16 * 2**20

pytestmark = [
    pytest.mark.skipif(not SIZES, reason="set PICQER_BENCHMARK to numbers of products"),
    pytest.mark.timeout(7200),
]


@dataclass
class Cost:
    """Statements, seconds and memory of a pull."""

    statements: int = 0
    seconds: float = 0.0
    peak: int = 0


@contextmanager
def measured(*, memory: bool) -> Iterator[Cost]:
    """Count statements and either time or memory: to trace memory takes most of the time."""
    cost = Cost()

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        cost.statements += "SAVEPOINT" not in sql
        return execute(sql, *rest)

    if memory:
        tracemalloc.start()
    begun = time.monotonic()
    with connection.execute_wrapper(count):
        yield cost
    cost.seconds = time.monotonic() - begun
    if memory:
        cost.peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


def change_stock(shop: ConnectedShop) -> None:
    """Change the stock of every product in every warehouse."""
    for product in shop.server.account.state.products.values():
        for row in product.stock.values():
            row.stock += 1


@pytest.mark.parametrize("size", SIZES)
def test_full_pull(
    connected_shop: ConnectedShop, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    connected_shop.control("POST", "/options", rate_limit=10_000_000)
    seed_picqer(connected_shop, add_variants(connected_shop, size), WAREHOUSES)
    pages = ceil(size / 100) + 1

    for name in ("first", "memory", "everything changed", "nothing changed"):
        if name == "everything changed":
            change_stock(connected_shop)
        with measured(memory=name == "memory") as cost:
            result = pull(connected_shop)
        assert (result["status"], result["read"]) == ("DONE", size)
        figure = f"{size / cost.seconds:.0f} products per second"
        if cost.peak:
            figure = f"peak {cost.peak / 2**20:.1f} MB"
            assert cost.peak < MOST_MEMORY
        report = (
            f"{size} products x 3 warehouses, {name}: {figure}, {result['requests']} requests,"
            f" {cost.statements / pages:.1f} statements per page\n"
        )
        with capsys.disabled():
            sys.stdout.write(report)
        assert cost.statements <= 12 * pages + 80


# Before it can be measured, a request for each product brings Picqer in step.
@pytest.mark.parametrize("size", [size for size in SIZES if size <= MOST_SENT])
def test_full_sync(
    connected_shop: ConnectedShop, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    connected_shop.control("POST", "/options", rate_limit=10_000_000)
    seed_picqer(connected_shop, add_variants(connected_shop, size), WAREHOUSES)
    run(connected_shop, FULL)
    before = rows_written()

    with measured(memory=False) as cost:
        result = run(connected_shop, FULL)

    assert (result["status"], result["unchanged"], result["problems"]) == ("DONE", size, [])
    assert result["requests"] <= ceil(size / 100) + 8
    assert rows_written() == before
    with capsys.disabled():
        sys.stdout.write(
            f"{size} products x 3 warehouses, full sync, nothing changed:"
            f" {size / cost.seconds:.0f} products per second, {result['requests']} requests\n"
        )
