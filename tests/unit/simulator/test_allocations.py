from __future__ import annotations

from picqer_simulator.rules import allocations, order_lines

from tests.unit.simulator.builders import account, add_product, create_order, events_of, row


def test_claims_only_what_is_free() -> None:
    simulator = account()
    add_product(simulator, stock=3)
    idorder = create_order(simulator, {"MUG": 5})

    simulator.run(allocations.allocate, idorder)

    assert (row(simulator).reservedallocations, row(simulator).freestock) == (3, 0)


def test_claims_beyond_the_stock_when_the_knob_says_so() -> None:
    simulator = account(allocate_beyond_stock=True)
    add_product(simulator, stock=3)
    idorder = create_order(simulator, {"MUG": 5})

    simulator.run(allocations.allocate, idorder)

    assert row(simulator).freestock == -2


def test_claims_from_several_warehouses_when_one_has_too_little() -> None:
    simulator = account(("Utrecht", "Antwerpen"))
    add_product(simulator, stock={"Utrecht": 1, "Antwerpen": 4})
    idorder = create_order(simulator, {"MUG": 3})

    simulator.run(allocations.allocate, idorder)

    assert row(simulator).reservedallocations == 1
    assert row(simulator, warehouse="Antwerpen").reservedallocations == 2


def test_claims_no_more_when_done_twice() -> None:
    simulator = account()
    add_product(simulator, stock=10)
    idorder = create_order(simulator, {"MUG": 2})

    simulator.run(allocations.allocate, idorder)
    events = events_of(simulator, allocations.allocate, idorder)

    assert row(simulator).reservedallocations == 2
    assert events == ["orders.allocated"]


def test_is_given_back_by_deallocate() -> None:
    simulator = account()
    add_product(simulator, stock=3)
    idorder = create_order(simulator, {"MUG": 2})
    simulator.run(allocations.allocate, idorder)

    assert events_of(simulator, allocations.deallocate, idorder) == ["products.free_stock_changed"]
    assert row(simulator).reserved == 0


def test_is_given_back_when_the_line_changes() -> None:
    simulator = account()
    add_product(simulator, stock=3)
    idorder = create_order(simulator, {"MUG": 2})
    simulator.run(allocations.allocate, idorder)
    line = simulator.state.orders[idorder].products[0].idorder_product

    simulator.run(order_lines.update, idorder, line, {"amount": 1})

    assert row(simulator).reserved == 0


def test_shows_per_line_in_productstatus() -> None:
    simulator = account()
    add_product(simulator, "MUG", stock=2)
    add_product(simulator, "CUP", stock=1)
    idorder = create_order(simulator, {"MUG": 2, "CUP": 2})
    simulator.run(allocations.allocate, idorder)

    status = simulator.run(allocations.product_status, idorder)

    assert [line["allocated"] for line in status["products"]] == [True, False]


def test_cannot_be_had_for_a_virtual_composition() -> None:
    simulator = account()
    add_product(simulator, "SET", type="virtual_composition")
    idorder = create_order(simulator, {"SET": 1})

    simulator.run(allocations.allocate, idorder)

    assert simulator.state.orders[idorder].products[0].amount_allocated == 0
