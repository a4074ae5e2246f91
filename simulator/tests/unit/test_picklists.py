"""Picklists: picking, closing, cancelling and snoozing."""

from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator.rules import backorders, picklists, shipments
from simulator_support.builders import (
    add_product,
    build_account,
    events_of,
    process_order,
    refusal_of,
    row,
    status_of,
)


class TestPick:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"amount": 1}, 15),
            ({"product": "MUG"}, 16),
            ({"product": "MUG", "amount": 0}, 16),
            ({"product": "MUG", "amount": "some"}, 16),
            ({"product": "SKU-404", "amount": 1}, 17),
            ({"idpicklist_product": 404, "amount": 1}, 17),
            ({"product": "MUG", "amount": 3}, 18),
        ],
    )
    def test_is_refused_with_its_code_when_the_body_is_invalid(
        self, body: dict[str, Any], code: int
    ) -> None:
        account = build_account()
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})

        assert refusal_of(account, picklists.pick, 1, body) == code

    @pytest.mark.parametrize("body", [{"product": "mug"}, {"idpicklist_product": 1}])
    def test_counts_the_pieces_when_picked_by_code_or_line(self, body: dict[str, Any]) -> None:
        account = build_account()
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})

        picklist = account.run(picklists.pick, 1, {**body, "amount": 1})

        assert picklist["totalpicked"] == 1
        assert picklist["products"][0]["amountpicked"] == 1
        assert refusal_of(account, picklists.pick, 1, {**body, "amount": 2}) == 18

    @pytest.mark.parametrize(("option", "stock"), [("close", 5), ("pick", 3)])
    def test_lowers_the_stock_at_once_when_the_option_is_pick(
        self, option: str, stock: int
    ) -> None:
        account = build_account(stock_lowered_at=option)
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})

        account.run(picklists.pick_all, 1)

        assert (row(account).stock, row(account).freestock) == (stock, 3)


class TestClose:
    def test_keeps_the_free_stock_when_stock_and_reservation_fall(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        idorder = process_order(account, {"MUG": 2})
        account.run(picklists.pick_all, 1)

        account.run(picklists.close, 1)

        numbers = row(account)
        assert (numbers.stock, numbers.reserved, numbers.freestock) == (3, 0, 3)
        assert status_of(account, idorder) == "completed"

    def test_is_refused_when_a_product_is_not_picked(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})

        assert refusal_of(account, picklists.close, 1) == 21

    @pytest.mark.parametrize("lowered_at", ["close", "pick"])
    def test_puts_the_rest_on_backorder_when_the_option_allows_it(self, lowered_at: str) -> None:
        account = build_account(close_unpicked="backorder", stock_lowered_at=lowered_at)
        add_product(account, stock=5)
        idorder = process_order(account, {"MUG": 3})
        account.run(picklists.pick, 1, {"product": "MUG", "amount": 1})

        account.run(picklists.close, 1)

        assert status_of(account, idorder) == "processing"
        assert [entry["amount"] for entry in account.run(backorders.list_, {})] == [2]
        numbers = row(account)
        assert (numbers.stock, numbers.reservedbackorders, numbers.freestock) == (4, 2, 2)

    def test_happens_automatically_when_all_is_picked_and_a_shipment_exists(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})
        account.run(shipments.create, 1, {}, {})
        assert account.run(picklists.get, 1)["status"] == "new"

        picklist = account.run(picklists.pick_all, 1)

        assert (picklist["status"], picklist["closed_by_iduser"]) == ("closed", 1)

    def test_does_not_happen_automatically_when_the_option_forbids_it(self) -> None:
        account = build_account(close_automatically=False)
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})
        account.run(shipments.create, 1, {}, {})

        assert account.run(picklists.pick_all, 1)["status"] == "new"


class TestCancel:
    @pytest.mark.parametrize("lowered_at", ["close", "pick"])
    def test_puts_all_products_on_backorder_when_nothing_is_shipped(self, lowered_at: str) -> None:
        account = build_account(stock_lowered_at=lowered_at)
        add_product(account, stock=5)
        process_order(account, {"MUG": 2})
        account.run(picklists.pick, 1, {"product": "MUG", "amount": 1})

        account.run(picklists.cancel, 1)

        numbers = row(account)
        assert (numbers.stock, numbers.reservedpicklists) == (5, 0)
        assert (numbers.reservedbackorders, numbers.freestock) == (2, 3)


class TestSnooze:
    def test_ends_when_its_time_has_come(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        process_order(account)
        moment = account.clock.stamp(3600)
        assert events_of(account, picklists.snooze, 1, {"snooze_until": moment}) == [
            "picklists.snoozed"
        ]
        assert refusal_of(account, picklists.pick_all, 1) == 21

        account.clock.advance(3601)
        account.run_due()

        assert account.run(picklists.get, 1)["status"] == "new"
        assert account.events[-1].name == "picklists.unsnoozed"

    def test_ends_when_the_moment_is_null(self) -> None:
        account = build_account()
        add_product(account, stock=5)
        process_order(account)
        account.run(picklists.snooze, 1, {"snooze_until": account.clock.stamp(3600)})

        assert events_of(account, picklists.snooze, 1, {"snooze_until": None}) == [
            "picklists.unsnoozed"
        ]


def test_picklist_can_be_picked_when_it_is_resumed() -> None:
    account = build_account()
    add_product(account, stock=5)
    process_order(account)

    assert events_of(account, picklists.pause, 1, {"reason": "Break"}) == [
        "picklists.paused",
        "picklists.changed",
    ]
    assert refusal_of(account, picklists.pick_all, 1) == 21
    account.run(picklists.resume, 1)

    assert account.run(picklists.pick_all, 1)["totalpicked"] == 2


@pytest.mark.parametrize(("shape", "empty"), [("array", []), ("object", {})])
def test_tags_have_another_shape_when_the_option_changes_it(shape: str, empty: object) -> None:
    account = build_account(picklist_tags=shape)
    add_product(account, stock=5)
    process_order(account)

    assert account.run(picklists.get, 1)["tags"] == empty
