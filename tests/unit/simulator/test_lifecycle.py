from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from picqer_simulator import Simulator
from picqer_simulator.rules import allocations, lifecycle, orders, picklists, reference, staff

from tests.unit.simulator.builders import (
    account,
    add_product,
    create_order,
    events_of,
    order_body,
    process_order,
    refusal_of,
    row,
    status_of,
)


def _in(status: str, simulator: Simulator) -> int:
    """An order in that status, of a product in stock."""
    if status == "expected":
        return int(simulator.run(orders.create, order_body(), status="expected")["idorder"])
    idorder = create_order(simulator)
    steps: dict[str, list[Callable[[], Any]]] = {
        "concept": [],
        "processing": [lambda: simulator.run(lifecycle.process, idorder)],
        "paused": [lambda: simulator.run(lifecycle.pause, idorder, {})],
        "cancelled": [lambda: simulator.run(lifecycle.cancel, idorder, {})],
        "completed": [
            lambda: simulator.run(lifecycle.process, idorder),
            lambda: simulator.run(staff.ship, idorder, {}),
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
    simulator = account()
    add_product(simulator, stock=10)
    idorder = _in(status, simulator)

    if status in allowed:
        simulator.run(operation, idorder)
        assert status_of(simulator, idorder) == allowed[status]
    else:
        assert refusal_of(simulator, operation, idorder) == refused[status]
        assert status_of(simulator, idorder) == status


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("force", [False, True])
def test_cancels_unprocessed_orders_and_others_only_by_force(status: str, *, force: bool) -> None:
    simulator = account()
    add_product(simulator, stock=10)
    idorder = _in(status, simulator)
    query = {"force": "true"} if force else {}

    if status == "cancelled" or (status not in ("expected", "concept") and not force):
        assert refusal_of(simulator, lifecycle.cancel, idorder, query) == 21
        assert status_of(simulator, idorder) == status
    else:
        simulator.run(lifecycle.cancel, idorder, query)
        assert status_of(simulator, idorder) == "cancelled"
        assert row(simulator).reserved == 0


class TestEvents:
    def test_of_process_come_in_their_order_when_goods_become_bound(self) -> None:
        simulator = account()
        add_product(simulator, stock=5)
        idorder = create_order(simulator)

        assert events_of(simulator, lifecycle.process, idorder) == [
            "orders.closed",
            "orders.status_changed",
            "picklists.created",
            "products.free_stock_changed",
        ]

    def test_of_process_leave_stock_out_when_it_was_allocated_before(self) -> None:
        simulator = account()
        add_product(simulator, stock=5)
        idorder = create_order(simulator)
        simulator.run(allocations.allocate, idorder)

        events = events_of(simulator, lifecycle.process, idorder)

        assert "products.free_stock_changed" not in events

    def test_of_the_last_shipment_end_with_completion(self) -> None:
        simulator = account()
        add_product(simulator, stock=5)
        idorder = process_order(simulator)

        assert events_of(simulator, staff.ship, idorder, {}) == [
            "picklists.shipments.created",
            "picklists.closed",
            "products.stock_changed",
            "orders.status_changed",
            "orders.completed",
        ]

    def test_of_a_forced_cancel_name_the_order_first(self) -> None:
        simulator = account()
        add_product(simulator, stock=5)
        idorder = process_order(simulator)

        assert events_of(simulator, lifecycle.cancel, idorder, {"force": ""}) == [
            "orders.status_changed",
            "picklists.cancelled",
            "products.free_stock_changed",
        ]

    def test_of_pause_and_resume_carry_the_order_as_it_is_then(self) -> None:
        simulator = account()
        add_product(simulator)
        idorder = process_order(simulator)
        simulator.events.clear()

        simulator.run(lifecycle.pause, idorder, {"reason": "Address?"})
        simulator.run(lifecycle.resume, idorder)

        assert [(event.name, event.data["status"]) for event in simulator.events] == [
            ("orders.paused", "paused"),
            ("orders.status_changed", "paused"),
            ("orders.resumed", "processing"),
            ("orders.status_changed", "processing"),
        ]
        assert simulator.events[0].data["paused_reason"] == "Address?"

    def test_do_not_happen_when_the_operation_is_refused(self) -> None:
        simulator = account()
        add_product(simulator)
        idorder = process_order(simulator)
        simulator.events.clear()

        refusal_of(simulator, lifecycle.process, idorder)

        assert not simulator.events


def test_process_is_refused_when_no_warehouse_accepts_the_order() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    simulator.state.warehouses[1].accept_orders = False
    idorder = create_order(simulator)

    assert refusal_of(simulator, lifecycle.process, idorder) == 21


def test_process_keeps_allocations_until_the_picklists_appear_when_that_takes_time() -> None:
    simulator = account(processing_seconds=60)
    add_product(simulator, stock=5)
    idorder = create_order(simulator)
    simulator.run(allocations.allocate, idorder)

    simulator.run(lifecycle.process, idorder)

    assert status_of(simulator, idorder) == "processing"
    assert (row(simulator).reservedallocations, simulator.state.picklists) == (2, {})
    simulator.clock.advance(61)
    simulator.run_due()
    assert (row(simulator).reservedallocations, row(simulator).reservedpicklists) == (0, 2)


def test_picklists_that_are_due_wait_for_a_warehouse_that_accepts_the_order() -> None:
    simulator = account(processing_seconds=60)
    add_product(simulator, stock=5)
    process_order(simulator)
    simulator.state.warehouses[1].accept_orders = False
    simulator.clock.advance(61)

    simulator.run_due()
    assert not simulator.state.picklists

    simulator.state.warehouses[1].accept_orders = True
    simulator.run_due()
    assert len(simulator.state.picklists) == 1


def test_what_becomes_due_is_told_even_when_the_next_request_is_refused() -> None:
    simulator = account(processing_seconds=60)
    add_product(simulator, stock=5)
    idorder = process_order(simulator)
    simulator.clock.advance(61)
    simulator.events.clear()

    refusal_of(simulator, lifecycle.process, idorder)

    names = [event.name for event in simulator.events]
    assert names == ["picklists.created", "products.free_stock_changed"]


def test_reopen_is_refused_when_something_is_picked() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = process_order(simulator)
    simulator.run(picklists.pick_all, 1)

    assert refusal_of(simulator, lifecycle.reopen, idorder) == 21


@pytest.mark.parametrize(
    ("operation", "knob"),
    [
        (lifecycle.reopen, "status_after_reopen"),
        (lifecycle.undo_cancellation, "status_after_undo"),
    ],
)
def test_going_back_leads_where_the_knob_says(operation: Any, knob: str) -> None:
    simulator = account()
    simulator.turn(**{knob: "expected"})
    add_product(simulator, stock=5)
    idorder = process_order(simulator)
    if operation is lifecycle.undo_cancellation:
        simulator.run(lifecycle.cancel, idorder, {"force": "true"})

    assert simulator.run(operation, idorder)["status"] == "expected"


def test_a_reopened_order_can_be_processed_again() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = process_order(simulator)

    simulator.run(lifecycle.reopen, idorder)
    simulator.run(lifecycle.process, idorder)

    assert (row(simulator).reservedpicklists, row(simulator).freestock) == (2, 3)


def test_anonymise_waits_seven_days() -> None:
    simulator = account()
    add_product(simulator)
    idorder = create_order(simulator, emailaddress="anna@example.org")
    assert refusal_of(simulator, lifecycle.anonymise, idorder) == 21

    simulator.clock.advance(8 * 24 * 3600)

    assert simulator.run(lifecycle.anonymise, idorder)["emailaddress"] is None


def test_an_order_goes_to_the_warehouses_it_names() -> None:
    simulator = account(("Utrecht", "Antwerpen"))
    add_product(simulator, stock={"Utrecht": 5, "Antwerpen": 5})
    antwerp = next(
        entry["idwarehouse"]
        for entry in simulator.run(reference.list_warehouses, {})
        if entry["name"] == "Antwerpen"
    )

    process_order(simulator, warehouses=[antwerp])

    assert row(simulator, warehouse="Antwerpen").reservedpicklists == 2
