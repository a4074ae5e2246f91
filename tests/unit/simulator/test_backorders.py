from __future__ import annotations

from picqer_simulator import Simulator
from picqer_simulator.rules import backorders, lifecycle, staff, stock

from tests.unit.simulator.builders import (
    account,
    add_product,
    process_order,
    refusal_of,
    row,
    status_of,
)


def _arrives(simulator: Simulator, amount: int, code: str = "MUG") -> None:
    simulator.run(stock.change, simulator.productcodes[code.casefold()], 1, {"change": amount})


def _available(simulator: Simulator) -> list[int]:
    return [entry["amount_available"] for entry in simulator.run(backorders.list_, {})]


def test_gets_the_goods_that_come_in_but_no_picklist() -> None:
    simulator = account()
    add_product(simulator)
    process_order(simulator, {"MUG": 3})

    _arrives(simulator, 2)

    assert _available(simulator) == [2]
    assert (row(simulator).reservedbackorders, row(simulator).freestock) == (2, 0)
    assert not simulator.state.picklists


def test_oldest_gets_its_goods_first() -> None:
    simulator = account()
    add_product(simulator)
    process_order(simulator, {"MUG": 3})
    process_order(simulator, {"MUG": 3})

    _arrives(simulator, 4)

    assert _available(simulator) == [3, 1]


def test_keeps_its_goods_when_another_order_is_processed() -> None:
    simulator = account()
    add_product(simulator)
    process_order(simulator, {"MUG": 3})
    _arrives(simulator, 4)

    process_order(simulator, {"MUG": 3})

    assert _available(simulator) == [3, 0]
    assert [entry.products[0].amount for entry in simulator.state.picklists.values()] == [1]


def test_gets_the_goods_of_an_order_that_is_cancelled() -> None:
    simulator = account()
    add_product(simulator, stock=3)
    cancelled = process_order(simulator, {"MUG": 3})
    process_order(simulator, {"MUG": 3})

    simulator.run(staff.cancel, cancelled)

    assert _available(simulator) == [3]


def test_prioritised_order_gets_its_goods_first() -> None:
    simulator = account()
    add_product(simulator)
    process_order(simulator, {"MUG": 3})
    urgent = process_order(simulator, {"MUG": 3})

    simulator.run(lifecycle.prioritise, urgent)
    _arrives(simulator, 4)

    assert _available(simulator) == [1, 3]


def test_is_split_when_only_a_part_of_it_is_available() -> None:
    simulator = account()
    add_product(simulator)
    idorder = process_order(simulator, {"MUG": 3})
    _arrives(simulator, 2)

    made = simulator.run(lifecycle.process_backorders, idorder, {})

    assert [picklist["totalproducts"] for picklist in made] == [2]
    assert [entry["amount"] for entry in simulator.run(backorders.list_, {})] == [1]
    assert row(simulator).reservedpicklists == 2


def test_never_takes_the_same_goods_for_two_lines_of_one_order() -> None:
    simulator = account()
    add_product(simulator)
    lines = [{"productcode": "MUG", "amount": 3}, {"productcode": "MUG", "amount": 5}]
    idorder = process_order(simulator, products=lines)
    _arrives(simulator, 5)

    simulator.run(lifecycle.process_backorders, idorder, {})

    assert (row(simulator).stock, row(simulator).reservedpicklists) == (5, 5)


def test_waits_for_the_whole_order_when_delivery_is_not_split() -> None:
    simulator = account()
    add_product(simulator, "MUG", stock=1)
    add_product(simulator, "CUP")
    idorder = process_order(simulator, {"MUG": 1, "CUP": 1}, partialdelivery=False)

    assert simulator.run(lifecycle.process_backorders, idorder, {}) == []
    _arrives(simulator, 1, "CUP")

    made = simulator.run(lifecycle.process_backorders, idorder, {})
    assert [picklist["totalproducts"] for picklist in made] == [2]


def test_process_all_makes_picklists_for_every_order() -> None:
    simulator = account()
    add_product(simulator)
    ids = [process_order(simulator, {"MUG": 1}), process_order(simulator, {"MUG": 1})]
    _arrives(simulator, 2)

    made = simulator.run(backorders.process_all)

    assert [picklist["idorder"] for picklist in made] == ids


def test_delete_cancels_the_line_and_completes_the_order_when_the_rest_was_shipped() -> None:
    simulator = account()
    add_product(simulator, stock=1)
    idorder = process_order(simulator, {"MUG": 3})
    simulator.run(staff.ship, idorder, {})
    idbackorder = simulator.run(backorders.list_, {})[0]["idbackorder"]

    simulator.run(backorders.delete, idbackorder)

    assert status_of(simulator, idorder) == "completed"
    assert simulator.state.orders[idorder].products[0].amount_cancelled == 2
    assert refusal_of(simulator, backorders.get, idbackorder) == 20


def test_delete_cancels_the_order_when_nothing_was_shipped() -> None:
    simulator = account()
    add_product(simulator)
    idorder = process_order(simulator, {"MUG": 3})

    simulator.run(backorders.delete, 1)

    assert status_of(simulator, idorder) == "cancelled"


def test_list_of_an_order_leaves_out_the_others() -> None:
    simulator = account()
    add_product(simulator)
    process_order(simulator, {"MUG": 1})
    second = process_order(simulator, {"MUG": 1})

    found = simulator.run(backorders.list_of_order, second, {})

    assert [entry["idorder"] for entry in found] == [second]
    assert found[0]["amountavailable"] == found[0]["amount_available"]
