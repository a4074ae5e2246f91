from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from picqer_simulator import Account
from picqer_simulator.rules import allocations, lifecycle, orders, picklists, reference, staff
from simulator_support.builders import (
    add_product,
    build_account,
    create_order,
    events_of,
    order_body,
    process_order,
    refusal_of,
    row,
    status_of,
)


def _in(status: str, account: Account) -> int:
    """An order in that status, of a product in stock."""
    if status == "expected":
        return int(account.run(orders.create, order_body(), status="expected")["idorder"])
    idorder = create_order(account)
    steps: dict[str, list[Callable[[], Any]]] = {
        "concept": [],
        "processing": [lambda: account.run(lifecycle.process, idorder)],
        "paused": [lambda: account.run(lifecycle.pause, idorder, {})],
        "cancelled": [lambda: account.run(lifecycle.cancel, idorder, {})],
        "completed": [
            lambda: account.run(lifecycle.process, idorder),
            lambda: account.run(staff.ship, idorder, {}),
        ],
    }
    for step in steps[status]:
        step()
    return idorder


STATUSES = ("expected", "concept", "processing", "paused", "completed", "cancelled")
# Action -> status it may start from -> status it leads to; the others are refused with the code.
TRANSITIONS: dict[str, tuple[Any, dict[str, str], dict[str, int]]] = {
    "process": (
        lifecycle.process,
        {"expected": "processing", "concept": "processing"},
        {"processing": 32, "completed": 32, "paused": 21, "cancelled": 21},
    ),
    "allocate": (
        allocations.allocate,
        {"expected": "expected", "concept": "concept"},
        {"processing": 32, "completed": 32, "paused": 21, "cancelled": 21},
    ),
    "change-to-concept": (
        lifecycle.change_to_concept,
        {"expected": "concept"},
        dict.fromkeys(("concept", "processing", "paused", "completed", "cancelled"), 21),
    ),
    "resume": (
        lifecycle.resume,
        {"paused": "concept"},
        dict.fromkeys(("expected", "concept", "processing", "completed", "cancelled"), 21),
    ),
    "reopen": (
        lifecycle.reopen,
        {"processing": "concept"},
        dict.fromkeys(("expected", "concept", "paused", "completed", "cancelled"), 21),
    ),
    "undo-cancellation": (
        lifecycle.undo_cancellation,
        {"cancelled": "concept"},
        dict.fromkeys(("expected", "concept", "processing", "paused", "completed"), 21),
    ),
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("action", TRANSITIONS)
def test_follows_the_diagram_of_statuses(action: str, status: str) -> None:
    operation, allowed, refused = TRANSITIONS[action]
    account = build_account()
    add_product(account, stock=10)
    idorder = _in(status, account)

    if status in allowed:
        account.run(operation, idorder)
        assert status_of(account, idorder) == allowed[status]
    else:
        assert refusal_of(account, operation, idorder) == refused[status]
        assert status_of(account, idorder) == status


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("force", [False, True])
def test_cancels_unprocessed_orders_and_others_only_by_force(status: str, *, force: bool) -> None:
    account = build_account()
    add_product(account, stock=10)
    idorder = _in(status, account)
    query = {"force": "true"} if force else {}

    if status == "cancelled" or (status not in ("expected", "concept") and not force):
        assert refusal_of(account, lifecycle.cancel, idorder, query) == 21
        assert status_of(account, idorder) == status
    else:
        account.run(lifecycle.cancel, idorder, query)
        assert status_of(account, idorder) == "cancelled"
        assert row(account).reserved == 0


class TestEvents:
    def test_of_process_come_in_their_order_when_goods_become_bound(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = create_order(account)

        assert events_of(account, lifecycle.process, idorder) == [
            "orders.closed",
            "orders.status_changed",
            "picklists.created",
            "products.free_stock_changed",
        ]

    def test_of_process_leave_stock_out_when_it_was_allocated_before(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = create_order(account)
        account.run(allocations.allocate, idorder)

        events = events_of(account, lifecycle.process, idorder)

        assert "products.free_stock_changed" not in events

    def test_of_the_last_shipment_end_with_completion(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = process_order(account)

        assert events_of(account, staff.ship, idorder, {}) == [
            "picklists.shipments.created",
            "picklists.closed",
            "products.stock_changed",
            "orders.status_changed",
            "orders.completed",
        ]

    def test_of_a_forced_cancel_name_the_order_first(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = process_order(account)

        assert events_of(account, lifecycle.cancel, idorder, {"force": ""}) == [
            "orders.status_changed",
            "picklists.cancelled",
            "products.free_stock_changed",
        ]

    def test_of_pause_and_resume_carry_the_order_as_it_is_then(self) -> None:
        account = build_account()
        add_product(account)
        idorder = process_order(account)
        account.events.clear()

        account.run(lifecycle.pause, idorder, {"reason": "Address?"})
        account.run(lifecycle.resume, idorder)

        assert [(event.name, event.data["status"]) for event in account.events] == [
            ("orders.paused", "paused"),
            ("orders.status_changed", "paused"),
            ("orders.resumed", "processing"),
            ("orders.status_changed", "processing"),
        ]
        assert account.events[0].data["paused_reason"] == "Address?"

    def test_do_not_happen_when_the_operation_is_refused(self) -> None:
        account = build_account()
        add_product(account)
        idorder = process_order(account)
        account.events.clear()

        refusal_of(account, lifecycle.process, idorder)

        assert not account.events


def test_process_is_refused_when_no_warehouse_accepts_the_order() -> None:
    account = build_account()
    add_product(account, stock=5)
    account.state.warehouses[1].accept_orders = False
    idorder = create_order(account)

    assert refusal_of(account, lifecycle.process, idorder) == 21


def test_process_keeps_allocations_until_the_picklists_appear_when_that_takes_time() -> None:
    account = build_account(processing_seconds=60)
    add_product(account, stock=5)
    idorder = create_order(account)
    account.run(allocations.allocate, idorder)

    account.run(lifecycle.process, idorder)

    assert status_of(account, idorder) == "processing"
    assert (row(account).reservedallocations, account.state.picklists) == (2, {})
    account.clock.advance(61)
    account.run_due()
    assert (row(account).reservedallocations, row(account).reservedpicklists) == (0, 2)


def test_picklists_that_are_due_wait_for_a_warehouse_that_accepts_the_order() -> None:
    account = build_account(processing_seconds=60)
    add_product(account, stock=5)
    process_order(account)
    account.state.warehouses[1].accept_orders = False
    account.clock.advance(61)

    account.run_due()
    assert not account.state.picklists

    account.state.warehouses[1].accept_orders = True
    account.run_due()
    assert len(account.state.picklists) == 1


def test_what_becomes_due_is_told_even_when_the_next_request_is_refused() -> None:
    account = build_account(processing_seconds=60)
    add_product(account, stock=5)
    idorder = process_order(account)
    account.clock.advance(61)
    account.events.clear()

    refusal_of(account, lifecycle.process, idorder)

    names = [event.name for event in account.events]
    assert names == ["picklists.created", "products.free_stock_changed"]


def test_reopen_is_refused_when_something_is_picked() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)
    account.run(picklists.pick_all, 1)

    assert refusal_of(account, lifecycle.reopen, idorder) == 21


@pytest.mark.parametrize(
    ("operation", "option"),
    [
        (lifecycle.reopen, "status_after_reopen"),
        (lifecycle.undo_cancellation, "status_after_undo"),
    ],
)
def test_going_back_leads_where_the_option_says(operation: Any, option: str) -> None:
    account = build_account()
    account.set_options(**{option: "expected"})
    add_product(account, stock=5)
    idorder = process_order(account)
    if operation is lifecycle.undo_cancellation:
        account.run(lifecycle.cancel, idorder, {"force": "true"})

    assert account.run(operation, idorder)["status"] == "expected"


def test_a_reopened_order_can_be_processed_again() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    account.run(lifecycle.reopen, idorder)
    account.run(lifecycle.process, idorder)

    assert (row(account).reservedpicklists, row(account).freestock) == (2, 3)


def test_anonymise_waits_seven_days() -> None:
    account = build_account()
    add_product(account)
    idorder = create_order(account, emailaddress="anna@example.org")
    assert refusal_of(account, lifecycle.anonymise, idorder) == 21

    account.clock.advance(8 * 24 * 3600)

    assert account.run(lifecycle.anonymise, idorder)["emailaddress"] is None


def test_an_order_goes_to_the_warehouses_it_names() -> None:
    account = build_account(("Utrecht", "Antwerpen"))
    add_product(account, stock={"Utrecht": 5, "Antwerpen": 5})
    antwerp = next(
        entry["idwarehouse"]
        for entry in account.run(reference.list_warehouses, {})
        if entry["name"] == "Antwerpen"
    )

    process_order(account, warehouses=[antwerp])

    assert row(account, warehouse="Antwerpen").reservedpicklists == 2
