"""Comparing open orders with Picqer's list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.domain.reconcile import Finding, Kind
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import (
    AccessDeniedError,
    AuthenticationError,
    PicqerApiError,
    RateLimitedError,
    ServerError,
    UnreachableError,
)
from saleor_picqer.sync.reconcile import compare_orders, have_moved_on
from tests.unit.domain.builders import line
from tests.unit.domain.builders import order as build_order
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.picqer import PAGE
from tests.unit.sync.scenario import ACCOUNT, Scenario


def processing(number: int) -> tuple[Scenario, list[StoredOrder]]:
    """Return a scenario with so many orders in the warehouse's hands."""
    scenario = Scenario()
    orders = [
        scenario.place_and_push(build_order(pk=str(n), number=f"N{n}"))
        for n in range(1, number + 1)
    ]
    scenario.account.events.clear()
    scenario.forget_requests()
    return scenario, orders


def entries(scenario: Scenario, orders: Sequence[StoredOrder]) -> list[Entry]:
    found = [scenario.outbox.find(ACCOUNT, order.id) for order in orders]
    return [entry for entry in found if entry is not None]


def compare(
    scenario: Scenario, orders: Sequence[StoredOrder], *, repair: bool = True
) -> list[Finding]:
    own = entries(scenario, orders)
    return list(compare_orders(scenario.context(), own, "processing", repair=repair))


def test_pages_are_read_until_all_orders_are_found() -> None:
    scenario, orders = processing(2 * PAGE)

    assert compare(scenario, orders) == []
    assert scenario.requests == ["order_pages.page"] * 2


def test_last_orders_are_read_one_by_one_when_the_list_has_many_of_others() -> None:
    """Failure mode F54: a shared account with a hundred orders of another shop."""
    scenario, orders = processing(12)
    own = [orders[0], orders[-1]]

    assert compare(scenario, own) == []
    assert scenario.requests == ["order_pages.page", "orders.get"]


def looked_at(
    scenario: Scenario, orders: Sequence[StoredOrder], requests: int = 5
) -> tuple[bool, int]:
    own = entries(scenario, orders)
    return have_moved_on(scenario.context(), own, "processing", requests)


def test_moved_order_is_found_when_there_are_more_orders_than_a_page_has() -> None:
    scenario, orders = processing(3 * PAGE)
    scenario.account.ship(orders[-1])
    scenario.forget_requests()

    assert looked_at(scenario, orders) == (True, orders[-1].id)
    assert scenario.requests == ["order_pages.page"] * 3


def test_moved_order_is_found_between_orders_of_another_channel() -> None:
    """Failure mode F54."""
    scenario, orders = processing(8)
    scenario.account.ship(orders[6])
    scenario.forget_requests()

    assert looked_at(scenario, orders[::2])[0]
    assert scenario.requests == ["order_pages.page"] * 3


def test_moved_order_is_found_when_the_list_has_the_newest_first() -> None:
    scenario, orders = processing(6)
    scenario.account.ship(orders[0])
    scenario.account.orders = dict(reversed(scenario.account.orders.items()))
    scenario.forget_requests()

    assert looked_at(scenario, orders)[0]
    assert len(scenario.requests) <= 5


def test_search_stops_after_so_many_requests_and_tells_where() -> None:
    scenario, orders = processing(3 * PAGE)
    scenario.account.ship(orders[-1])
    scenario.forget_requests()

    assert looked_at(scenario, orders, requests=2) == (False, orders[2 * PAGE - 1].id)
    assert scenario.requests == ["order_pages.page"] * 2


def test_nothing_changes_when_differences_are_only_listed() -> None:
    scenario, orders = processing(2)
    scenario.account.ship(orders[0])
    before = entries(scenario, orders)

    (finding,) = compare(scenario, orders, repair=False)

    assert (finding.kind, finding.repaired) == (Kind.ORDER_COMPLETED, False)
    assert entries(scenario, orders) == before


def test_difference_is_not_repaired_when_it_stays() -> None:
    scenario, orders = processing(1)
    scenario.account.ship(orders[0])
    (own,) = entries(scenario, orders)
    del scenario.shop.placed[own.order_pk]

    (finding,) = compare(scenario, orders)

    assert (finding.kind, finding.repaired) == (Kind.ORDER_COMPLETED, False)
    assert finding.detail


def test_order_that_picqer_no_longer_has_is_reported() -> None:
    scenario, orders = processing(1)
    own = entries(scenario, orders)
    del scenario.account.orders[orders[0].id]

    (finding,) = compare_orders(scenario.context(), own, "processing", repair=True)

    assert (finding.kind, finding.repaired) == (Kind.ORDER_MISSING, False)


def test_first_is_followed_when_an_order_was_entered_again_twice() -> None:
    """Failure mode F49."""
    scenario, orders = processing(1)
    own = entries(scenario, orders)
    goods = {line.productcode: line.amount for line in orders[0].lines}
    scenario.account.cancel(orders[0])
    first, second = (scenario.account.enter_by_hand("N1", **goods) for _ in range(2))
    scenario.account.process(first)
    scenario.account.process(second)

    (finding,) = compare_orders(scenario.context(), own, "processing", repair=True)

    assert (finding.kind, finding.repaired) == (Kind.ORDER_REVIVED, True)
    row = scenario.outbox.rows["1"]
    assert (row.remote_id, row.former_ids) == (first.id, [orders[0].id])
    assert f"Order {first.number} is followed: cancel {second.number} in Picqer." in row.attention


def test_shipped_part_is_fulfilled_when_the_rest_was_entered_again() -> None:
    """Failure mode F49: no goods stay open that were shipped before the order was cancelled."""
    scenario = Scenario()
    former = scenario.place_and_push(build_order(line("MUG", 2), pk="1", number="N1"))
    own = entries(scenario, [former])
    scenario.account.ship(former, 1)
    scenario.account.cancel(former)
    rest = scenario.account.enter_by_hand("N1", MUG=1)
    scenario.account.process(rest)
    scenario.account.ship(rest)

    (finding,) = compare_orders(scenario.context(), own, "processing", repair=True)

    assert (finding.kind, finding.repaired) == (Kind.ORDER_REVIVED, True)
    assert scenario.shop.placed["1"].state is OrderState.CLOSED
    assert scenario.outbox.rows["1"].stage is Stage.COMPLETED


def test_pause_is_followed() -> None:
    scenario, orders = processing(1)
    orders[0].status = RemoteStatus.PAUSED

    (finding,) = compare(scenario, orders)

    assert (finding.kind, finding.repaired) == (Kind.ORDER_STATUS, True)
    assert compare(scenario, orders, repair=False) == []


# --- errors


def failing(error: type[PicqerApiError], status: int) -> Callable[[object], Any]:
    def fail(_call: object) -> Any:
        raise error("GET", "/orders/1", status=status)

    return fail


OWN_ERRORS = pytest.mark.parametrize(
    ("error", "status"), [(ServerError, 500), (AccessDeniedError, 403)]
)


@OWN_ERRORS
@pytest.mark.parametrize("repair", [True, False])
def test_order_that_cannot_be_read_is_reported_and_the_others_are_compared(
    error: type[PicqerApiError], status: int, repair: bool
) -> None:
    scenario, orders = processing(2)
    own = entries(scenario, orders)
    for order in orders:
        order.status = RemoteStatus.PAUSED
    # Both are gone from the list of the status; the first answers neither request.
    scenario.faults.plan("picqer.orders.get", *[failing(error, status)] * (2 if repair else 1))

    first, second = compare_orders(scenario.context(), own, "processing", repair=repair)

    assert (first.kind, first.order_pk) == (Kind.ORDER_UNREADABLE, "1")
    assert (first.repaired, f"HTTP {status}" in first.detail) == (False, True)
    assert (second.kind, second.repaired) == (Kind.ORDER_STATUS, repair)


@OWN_ERRORS
def test_difference_is_reported_with_the_error_when_its_repair_fails(
    error: type[PicqerApiError], status: int
) -> None:
    scenario, orders = processing(2)
    for order in orders:
        scenario.account.ship(order)
    scenario.faults.plan("picqer.picklists.get", failing(error, status))

    first, second = compare(scenario, orders)

    assert (first.kind, first.repaired) == (Kind.ORDER_COMPLETED, False)
    assert f"HTTP {status}" in first.detail
    assert (second.kind, second.repaired) == (Kind.ORDER_COMPLETED, True)


@pytest.mark.parametrize("error", [AuthenticationError, RateLimitedError, UnreachableError])
def test_comparison_stops_when_the_error_concerns_all_orders(error: type[PicqerApiError]) -> None:
    scenario, orders = processing(2)
    for order in orders:
        scenario.account.ship(order)
    scenario.faults.plan("picqer.orders.get", failing(error, 0))

    with pytest.raises(error):
        compare(scenario, orders)


def test_comparison_stops_when_picqer_no_longer_answers() -> None:
    scenario, orders = processing(2)
    own = entries(scenario, orders)
    for order in orders:
        order.status = RemoteStatus.PAUSED

    def go_down(_call: object) -> Any:
        scenario.faults.plan("picqer.order_pages.page", *[failing(ServerError, 503)] * 9)
        return failing(ServerError, 500)(_call)

    scenario.faults.plan("picqer.orders.get", go_down)

    with pytest.raises(ServerError, match="503"):
        list(compare_orders(scenario.context(), own, "processing", repair=True))


def test_no_more_stays_reserved_than_the_listed_orders_have() -> None:
    """Failure mode F22: no webhook tells of a deleted backorder."""
    scenario, orders = processing(2)
    (own,) = orders[1].lines
    own.amount = 0

    assert compare(scenario, orders, repair=False) == []
    assert all(scenario.reservations.holds(order.id) for order in orders)

    assert compare(scenario, orders) == []
    assert [scenario.reservations.holds(order.id) for order in orders] == [True, False]
    assert scenario.readings.wanted == [own.idproduct]
    assert scenario.requests == ["order_pages.page"] * 2
