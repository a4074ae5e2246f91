"""The statuses of an order and their events."""

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
    """Create an order with the given status, for a product in stock."""
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
# Action -> operation, allowed status -> next status, other status -> error code.
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
def test_status_follows_the_diagram_when_an_action_is_called(action: str, status: str) -> None:
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
def test_cancel_needs_force_when_the_order_is_processed(status: str, *, force: bool) -> None:
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
    def test_of_process_come_in_order_when_goods_are_reserved(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = create_order(account)

        assert events_of(account, lifecycle.process, idorder) == [
            "orders.closed",
            "orders.status_changed",
            "picklists.created",
            "products.free_stock_changed",
        ]

    def test_of_process_omit_stock_when_it_was_allocated_before(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = create_order(account)
        account.run(allocations.allocate, idorder)

        events = events_of(account, lifecycle.process, idorder)

        assert "products.free_stock_changed" not in events

    def test_of_the_last_shipment_end_with_completion_when_the_order_is_done(self) -> None:
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

    def test_of_a_cancel_begin_with_the_order_when_picklists_are_cancelled_too(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = process_order(account)

        assert events_of(account, lifecycle.cancel, idorder, {"force": ""}) == [
            "orders.status_changed",
            "picklists.cancelled",
            "products.free_stock_changed",
        ]

    def test_of_pause_and_resume_contain_the_order_when_its_status_has_changed(self) -> None:
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

    def test_are_not_emitted_when_the_operation_is_refused(self) -> None:
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


def test_process_keeps_allocations_when_picklists_appear_later() -> None:
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


def test_late_picklists_wait_when_no_warehouse_accepts_the_order() -> None:
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


def test_due_work_emits_events_when_the_next_request_is_refused() -> None:
    account = build_account(processing_seconds=60)
    add_product(account, stock=5)
    idorder = process_order(account)
    account.clock.advance(61)
    account.events.clear()

    refusal_of(account, lifecycle.process, idorder)

    names = [event.name for event in account.events]
    assert names == ["picklists.created", "products.free_stock_changed"]


def test_reopen_is_refused_when_a_product_is_picked() -> None:
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
def test_status_after_going_back_differs_when_the_option_changes_it(
    operation: Any, option: str
) -> None:
    account = build_account()
    account.set_options(**{option: "expected"})
    add_product(account, stock=5)
    idorder = process_order(account)
    if operation is lifecycle.undo_cancellation:
        account.run(lifecycle.cancel, idorder, {"force": "true"})

    assert account.run(operation, idorder)["status"] == "expected"


def test_order_can_be_processed_when_it_was_reopened() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    account.run(lifecycle.reopen, idorder)
    account.run(lifecycle.process, idorder)

    assert (row(account).reservedpicklists, row(account).freestock) == (2, 3)


def test_anonymise_is_refused_when_the_order_is_younger_than_seven_days() -> None:
    account = build_account()
    add_product(account)
    idorder = create_order(account, emailaddress="anna@example.org")
    assert refusal_of(account, lifecycle.anonymise, idorder) == 21

    account.clock.advance(8 * 24 * 3600)

    assert account.run(lifecycle.anonymise, idorder)["emailaddress"] is None


def test_order_goes_to_its_warehouses_when_it_names_them() -> None:
    account = build_account(("Utrecht", "Antwerpen"))
    add_product(account, stock={"Utrecht": 5, "Antwerpen": 5})
    antwerp = next(
        entry["idwarehouse"]
        for entry in account.run(reference.list_warehouses, {})
        if entry["name"] == "Antwerpen"
    )

    process_order(account, warehouses=[antwerp])

    assert row(account, warehouse="Antwerpen").reservedpicklists == 2
