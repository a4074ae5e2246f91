"""Compositions: stock, orders, picklists, parts and production."""

from __future__ import annotations

import pytest
from picqer_simulator import Account
from picqer_simulator.rules import (
    backorders,
    compositions,
    lifecycle,
    orders,
    picklists,
    products,
    staff,
    stock,
)
from simulator_support.builders import (
    add_product,
    build_account,
    create_order,
    events_of,
    process_order,
    refusal_of,
    row,
    status_of,
)


def _tea_set(account: Account, pots: int = 5, cups: int = 9) -> int:
    """Create a virtual composition of one pot and two cups."""
    parts = (add_product(account, "POT", stock=pots), add_product(account, "CUP", stock=cups))
    idset = add_product(account, "SET", type="virtual_composition")
    for idproduct, amount in zip(parts, (1, 2), strict=True):
        account.run(compositions.add_part, idset, {"idproduct": idproduct, "amount": amount})
    return idset


def _free(account: Account, idproduct: int) -> int:
    return int(account.run(products.get, idproduct)["stock"][0]["freestock"])


class TestVirtual:
    def test_stock_is_the_amount_of_sets_when_parts_have_stock(self) -> None:
        account = build_account()
        idset = _tea_set(account, pots=5, cups=9)

        assert _free(account, idset) == 4

    def test_event_of_the_composition_is_emitted_when_a_part_s_stock_changes(self) -> None:
        account = build_account()
        _tea_set(account, pots=5, cups=9)
        cup = account.productcodes["cup"]

        assert events_of(account, stock.change, cup, 1, {"change": -2}) == [
            "products.stock_changed",
            "products.free_stock_changed",
            "products.assembled_stock_changed",
        ]

    def test_event_of_the_composition_is_not_emitted_when_the_number_of_sets_stays(self) -> None:
        account = build_account()
        _tea_set(account, pots=5, cups=9)
        pot = account.productcodes["pot"]

        events = events_of(account, stock.change, pot, 1, {"change": 1})

        assert "products.assembled_stock_changed" not in events

    def test_order_has_the_parts_as_lines_when_processed(self) -> None:
        account = build_account()
        _tea_set(account)
        idorder = create_order(account, {"SET": 2})
        assert len(account.state.orders[idorder].products) == 1

        order = account.run(lifecycle.process, idorder)

        parent, *parts = order["products"]
        assert parent["has_parts"] is True
        assert [(part["productcode"], part["amount"]) for part in parts] == [("POT", 2), ("CUP", 4)]
        assert {part["partof_idorder_product"] for part in parts} == {parent["idorder_product"]}

    def test_picklist_counts_parts_when_sets_are_picked(self) -> None:
        account = build_account()
        _tea_set(account)
        process_order(account, {"SET": 2})

        account.run(picklists.pick, 1, {"product": "POT", "amount": 2})
        picklist = account.run(picklists.pick, 1, {"product": "CUP", "amount": 3})

        assert (picklist["totalproducts"], picklist["totalpicked"]) == (6, 5)
        assert [line["amount_picked"] for line in picklist["products"]] == [1, 2, 3]

    def test_parts_leave_the_stock_when_a_set_is_shipped(self) -> None:
        account = build_account()
        _tea_set(account, pots=5, cups=9)
        idorder = process_order(account, {"SET": 2})

        account.run(staff.ship, idorder, {})

        assert status_of(account, idorder) == "completed"
        assert (row(account, "POT").stock, row(account, "CUP").stock) == (3, 5)

    def test_whole_sets_are_on_backorder_when_some_sets_are_shipped(self) -> None:
        account = build_account()
        _tea_set(account, pots=5, cups=9)
        idorder = process_order(account, {"SET": 3})

        account.run(staff.ship, idorder, {"lines": {"SET": 1}})

        waiting = account.run(backorders.list_, {})
        assert [(entry["amount"], entry["has_parts"]) for entry in waiting] == [
            (2, True),
            (2, False),
            (4, False),
        ]
        assert (row(account, "POT").stock, row(account, "CUP").stock) == (4, 7)

    def test_surplus_parts_stay_in_stock_when_a_set_is_incomplete(self) -> None:
        account = build_account(close_unpicked="backorder", stock_lowered_at="pick")
        _tea_set(account, pots=5, cups=9)
        process_order(account, {"SET": 2})
        account.run(picklists.pick, 1, {"product": "POT", "amount": 2})
        account.run(picklists.pick, 1, {"product": "CUP", "amount": 3})

        account.run(picklists.close, 1)

        assert (row(account, "POT").stock, row(account, "CUP").stock) == (4, 7)

    def test_whole_line_is_on_backorder_when_one_part_is_missing(self) -> None:
        account = build_account()
        _tea_set(account, pots=1, cups=9)

        process_order(account, {"SET": 2})

        assert not account.state.picklists
        parent = account.run(backorders.list_, {})[0]
        assert (parent["amount"], parent["amount_available"], parent["has_parts"]) == (2, 1, True)
        assert row(account, "CUP").reservedbackorders == 4

    def test_backorder_is_processed_when_all_parts_have_arrived(self) -> None:
        account = build_account()
        _tea_set(account, pots=1, cups=9)
        idorder = process_order(account, {"SET": 2})
        assert account.run(lifecycle.process_backorders, idorder, {}) == []

        account.run(stock.change, account.productcodes["pot"], 1, {"change": 1})
        account.run(lifecycle.process_backorders, idorder, {})

        assert not account.state.backorders
        assert row(account, "CUP").reservedpicklists == 4

    def test_delete_is_refused_when_the_backorder_is_a_part_s(self) -> None:
        account = build_account()
        _tea_set(account, pots=0)
        idorder = process_order(account, {"SET": 1})

        assert refusal_of(account, backorders.delete, 2) == 21
        account.run(backorders.delete, 1)

        cancelled = [line.amount_cancelled for line in account.state.orders[idorder].products]
        assert (cancelled, account.state.backorders) == ([1, 1, 2], {})

    def test_goods_of_all_levels_are_taken_when_compositions_are_nested(self) -> None:
        account = build_account()
        idset = _tea_set(account, pots=5, cups=9)
        tray = add_product(account, "TRAY", stock=9)
        hamper = add_product(account, "HAMPER", type="virtual_composition")
        account.run(compositions.add_part, hamper, {"idproduct": idset, "amount": 2})
        account.run(compositions.add_part, hamper, {"idproduct": tray, "amount": 1})
        assert _free(account, hamper) == 2

        idorder = process_order(account, {"HAMPER": 2})
        account.run(staff.ship, idorder, {})

        stock_left = [row(account, code).stock for code in ("POT", "CUP", "TRAY")]
        assert stock_left == [1, 1, 7]

    def test_nested_parts_are_picked_once_when_a_set_is_shipped(self) -> None:
        account = build_account()
        idset = _tea_set(account, pots=5, cups=9)
        hamper = add_product(account, "HAMPER", type="virtual_composition")
        account.run(compositions.add_part, hamper, {"idproduct": idset, "amount": 1})
        idorder = process_order(account, {"HAMPER": 2})
        account.run(picklists.pick, 1, {"product": "POT", "amount": 1})

        account.run(staff.ship, idorder, {"lines": {"HAMPER": 2, "SET": 2}})

        picked = [line.amount_picked for line in account.state.picklists[1].lines_to_pick]
        assert picked == [2, 4]

    def test_order_has_no_part_lines_when_it_is_reopened(self) -> None:
        account = build_account()
        _tea_set(account)
        idorder = process_order(account, {"SET": 1})

        account.run(lifecycle.reopen, idorder)

        lines = account.run(orders.get, idorder)["products"]
        assert [(line["productcode"], line["has_parts"]) for line in lines] == [("SET", False)]


class TestParts:
    def test_are_listed_nested_when_asked_for(self) -> None:
        account = build_account()
        idset = _tea_set(account)
        hamper = add_product(account, "HAMPER", type="virtual_composition")
        account.run(compositions.add_part, hamper, {"idproduct": idset, "amount": 1})

        flat = account.run(compositions.list_parts, hamper, {})
        nested = account.run(compositions.list_parts, hamper, {"nested": "true"})

        assert "parts" not in flat[0]
        assert [part["productcode"] for part in nested[0]["parts"]] == ["POT", "CUP"]

    def test_are_not_found_when_the_product_is_no_composition(self) -> None:
        account = build_account()
        idproduct = add_product(account)

        assert refusal_of(account, compositions.list_parts, idproduct, {}) == 20

    @pytest.mark.parametrize("amount", [0, -1])
    def test_are_refused_when_the_amount_is_not_positive(self, amount: int) -> None:
        account = build_account()
        idset = _tea_set(account)

        assert refusal_of(account, compositions.update_part, idset, 1, {"amount": amount}) == 5

    def test_are_refused_when_they_contain_their_own_composition(self) -> None:
        account = build_account()
        idset = _tea_set(account)
        hamper = add_product(account, "HAMPER", type="virtual_composition")
        account.run(compositions.add_part, hamper, {"idproduct": idset, "amount": 1})
        body = {"idproduct": hamper, "amount": 1}

        assert refusal_of(account, compositions.add_part, idset, body) == 5

    def test_change_the_number_of_sets_when_removed(self) -> None:
        account = build_account()
        idset = _tea_set(account, pots=1, cups=9)

        events = events_of(account, compositions.remove_part, idset, 1)

        assert events == ["products.parts.changed", "products.assembled_stock_changed"]
        assert _free(account, idset) == 4

    def test_do_not_affect_the_composition_when_removed(self) -> None:
        account = build_account()
        idset = _tea_set(account)
        account.run(compositions.remove_part, idset, 2)

        events = events_of(account, stock.change, account.productcodes["cup"], 1, {"amount": 0})

        assert "products.assembled_stock_changed" not in events

    def test_fix_the_type_of_a_product_when_it_is_a_part(self) -> None:
        account = build_account()
        idset = _tea_set(account, pots=0)
        pot = account.productcodes["pot"]
        body = {"type": "unlimited_stock"}
        assert refusal_of(account, products.update, pot, body) == 5

        account.run(compositions.remove_part, idset, 1)

        assert account.run(products.update, pot, body)["type"] == "unlimited_stock"


class TestProduction:
    def test_turns_parts_into_stock_when_a_composition_is_produced(self) -> None:
        account = build_account()
        flour = add_product(account, "FLOUR", stock=10)
        cake = add_product(account, "CAKE", type="composition_with_stock")
        account.run(compositions.add_part, cake, {"idproduct": flour, "amount": 3})

        account.run(compositions.produce, cake, {"idwarehouse": 1, "amount": 2})

        assert (row(account, "FLOUR").stock, row(account, "CAKE").stock) == (4, 2)

    def test_is_refused_when_there_are_not_enough_parts(self) -> None:
        account = build_account()
        flour = add_product(account, "FLOUR", stock=5)
        cake = add_product(account, "CAKE", type="composition_with_stock")
        account.run(compositions.add_part, cake, {"idproduct": flour, "amount": 3})
        body = {"idwarehouse": 1, "amount": 2}

        assert refusal_of(account, compositions.produce, cake, body) == 5
        assert row(account, "FLOUR").stock == 5
