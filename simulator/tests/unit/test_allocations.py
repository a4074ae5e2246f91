"""Allocating stock to orders."""

from __future__ import annotations

from picqer_simulator.rules import allocations, order_lines
from simulator_support.builders import add_product, build_account, create_order, events_of, row


def test_allocates_the_free_stock_when_the_order_needs_more() -> None:
    account = build_account()
    add_product(account, stock=3)
    idorder = create_order(account, {"MUG": 5})

    account.run(allocations.allocate, idorder)

    assert (row(account).reservedallocations, row(account).freestock) == (3, 0)


def test_allocates_more_than_the_stock_when_the_option_allows_it() -> None:
    account = build_account(allocate_beyond_stock=True)
    add_product(account, stock=3)
    idorder = create_order(account, {"MUG": 5})

    account.run(allocations.allocate, idorder)

    assert row(account).freestock == -2


def test_allocates_in_several_warehouses_when_one_has_too_little() -> None:
    account = build_account(("Utrecht", "Antwerpen"))
    add_product(account, stock={"Utrecht": 1, "Antwerpen": 4})
    idorder = create_order(account, {"MUG": 3})

    account.run(allocations.allocate, idorder)

    assert row(account).reservedallocations == 1
    assert row(account, warehouse="Antwerpen").reservedallocations == 2


def test_allocates_no_more_when_repeated() -> None:
    account = build_account()
    add_product(account, stock=10)
    idorder = create_order(account, {"MUG": 2})

    account.run(allocations.allocate, idorder)
    events = events_of(account, allocations.allocate, idorder)

    assert row(account).reservedallocations == 2
    assert events == ["orders.allocated"]


def test_releases_the_stock_when_the_order_is_deallocated() -> None:
    account = build_account()
    add_product(account, stock=3)
    idorder = create_order(account, {"MUG": 2})
    account.run(allocations.allocate, idorder)

    assert events_of(account, allocations.deallocate, idorder) == ["products.free_stock_changed"]
    assert row(account).reserved == 0


def test_releases_the_stock_when_the_line_changes() -> None:
    account = build_account()
    add_product(account, stock=3)
    idorder = create_order(account, {"MUG": 2})
    account.run(allocations.allocate, idorder)
    line = account.state.orders[idorder].products[0].idorder_product

    account.run(order_lines.update, idorder, line, {"amount": 1})

    assert row(account).reserved == 0


def test_is_shown_per_line_when_the_product_status_is_asked_for() -> None:
    account = build_account()
    add_product(account, "MUG", stock=2)
    add_product(account, "CUP", stock=1)
    idorder = create_order(account, {"MUG": 2, "CUP": 2})
    account.run(allocations.allocate, idorder)

    status = account.run(allocations.product_status, idorder)

    assert [line["allocated"] for line in status["products"]] == [True, False]


def test_allocates_nothing_when_the_product_is_a_virtual_composition() -> None:
    account = build_account()
    add_product(account, "SET", type="virtual_composition")
    idorder = create_order(account, {"SET": 1})

    account.run(allocations.allocate, idorder)

    assert account.state.orders[idorder].products[0].amount_allocated == 0
