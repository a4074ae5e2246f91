"""Decisions about runs."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import (
    Kind,
    Phase,
    Position,
    Progress,
    Task,
    is_sold_out,
    latest_occurrence,
    needs_confirmation,
    next_phase,
    sells_out,
    stock_warning,
)
from saleor_picqer.domain.stock import StockLevel


def phases(kind: Kind, *, dry_run: bool = False) -> list[Phase]:
    found = [Phase.START]
    while found[-1] is not Phase.DONE:
        found.append(next_phase(kind, found[-1], dry_run=dry_run))
    return found


@pytest.mark.parametrize(
    ("asked", "covered"),
    [
        (Task(Kind.FULL), True),
        (Task(Kind.STOCK), True),
        (Task(Kind.STOCK, dry_run=True), False),
        (Task(Kind.STOCK, confirm_zero=True), False),
    ],
)
def test_full_run_covers_what_does_no_more(asked: Task, covered: bool) -> None:
    assert Task(Kind.FULL).covers(asked) is covered
    assert not Task(Kind.PRODUCTS, confirm_zero=True).covers(asked)


def test_full_run_has_every_phase() -> None:
    assert phases(Kind.FULL) == list(Phase)


def test_run_of_products_leaves_stock_alone() -> None:
    assert phases(Kind.PRODUCTS) == [
        Phase.START,
        Phase.ACTIVE_PRODUCTS,
        Phase.INACTIVE_PRODUCTS,
        Phase.PUSH,
        Phase.DONE,
    ]


def test_run_of_stock_compares_products_only_when_dry() -> None:
    assert Phase.PUSH not in phases(Kind.STOCK)
    assert Phase.PUSH in phases(Kind.STOCK, dry_run=True)


def test_next_phase_begins_at_the_beginning() -> None:
    position = Position(Phase.ACTIVE_PRODUCTS, 300, "7", (1, 2), mirrors=((1, "a"),))

    assert position.enter(Phase.ABSENT) == Position(Phase.ABSENT, mirrors=((1, "a"),))


@pytest.mark.parametrize(
    ("sold_out", "on_offer", "read", "needed"),
    [
        (0, 0, 0, False),
        (1, 1, 0, True),
        (3, 10, 10, False),
        (4, 20, 20, True),
        (4, 40, 40, False),
        (11, 110, 100, False),
        (100, 1000, 900, False),
        (101, 1000, 900, True),
    ],
)
def test_confirmation_is_needed_when_more_than_a_tenth_falls_to_zero(
    sold_out: int, on_offer: int, read: int, needed: bool
) -> None:
    assert needs_confirmation(sold_out, on_offer, read) is needed


@pytest.mark.parametrize(
    ("sold_out", "on_offer", "read", "needed"),
    [
        (0, 0, 0, False),
        (1, 1, 5, True),
        (3, 3, 0, True),
        (2, 3, 5, False),
        (11, 110, 100, False),
        (12, 110, 100, True),
    ],
)
def test_confirmation_is_needed_when_stock_from_elsewhere_is_all_that_is_sold(
    sold_out: int, on_offer: int, read: int, needed: bool
) -> None:
    """Failure mode F100."""
    assert sells_out(sold_out, on_offer, read) is needed


def product(*free: int, unlimited: bool = False) -> RemoteProduct:
    levels = tuple(StockLevel(id_, "BEANS", amount, 1) for id_, amount in enumerate(free))
    return RemoteProduct(1, "BEANS", unlimited=unlimited, levels=levels)


@pytest.mark.parametrize(
    ("found", "sold_out"),
    [
        (product(0, -2), True),
        (product(0, 1), False),
        (product(0, 0, 5), True),  # the third warehouse is not mirrored
        (product(), False),
        (product(0, 0, unlimited=True), False),
    ],
)
def test_product_is_sold_out_when_no_mirrored_warehouse_has_any(
    found: RemoteProduct, sold_out: bool
) -> None:
    assert is_sold_out(found, {0, 1}) is sold_out


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 29, tzinfo=UTC), datetime(2026, 3, 28, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
    ],
)
def test_latest_occurrence_is_today_or_yesterday(now: datetime, expected: datetime) -> None:
    assert latest_occurrence(time(2, 30), now) == expected


def test_warning_names_how_many_products_have_stock() -> None:
    assert stock_warning(56, 0, "Channel-USD") == (
        "Picqer has stock for 0 of 56 products: the shop will be sold out in Channel-USD."
    )
    assert "44 products will be sold out" in stock_warning(56, 12, "Channel-USD")
    assert stock_warning(56, 28, "Channel-USD") == ""
    assert stock_warning(0, 0, "Channel-USD") == ""


def test_rest_of_a_run_is_estimated_by_the_rate_limit() -> None:
    reading = Progress(Kind.STOCK, Phase.ACTIVE_PRODUCTS, total=10_000, read=2_000, limit=500)
    pushing = Progress(
        Kind.PRODUCTS, Phase.PUSH, total=1_000, read=0, created=100, unchanged=100, limit=500
    )

    assert reading.seconds_left == 10  # 80 pages and 2 more
    assert (reading.done, pushing.done) == (2_000, 200)
    assert pushing.seconds_left == 48  # half of 800 products
    assert Progress(Kind.FULL, Phase.DONE, total=10).seconds_left == 0
