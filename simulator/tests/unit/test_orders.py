"""Creating, listing and changing orders and lines."""

from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator.core.models import Wire
from picqer_simulator.rules import customers, order_lines, orders, products
from simulator_support.builders import (
    add_product,
    build_account,
    create_order,
    events_of,
    order_body,
    process_order,
    refusal_of,
)


def _line(**attributes: Any) -> Wire:
    return order_body(products=[attributes])


class TestCreate:
    def test_makes_a_concept_guest_order_when_the_body_is_complete(self) -> None:
        account = build_account()
        add_product(account)

        order = account.run(orders.create, order_body())

        assert (order["status"], order["idcustomer"]) == ("concept", None)

    def test_takes_name_price_and_vat_group_from_the_product_when_the_line_has_none(self) -> None:
        account = build_account()
        idproduct = add_product(account, price=8.26)

        line = account.run(orders.create, order_body({"mug": 3}))["products"][0]

        assert (line["idproduct"], line["name"], line["price"]) == (idproduct, "Mug", 8.26)
        assert line["idvatgroup"] == 1

    def test_keeps_the_line_s_own_price_when_it_is_zero(self) -> None:
        account = build_account()
        add_product(account, price=8.26)

        order = account.run(orders.create, _line(productcode="MUG", amount=1, price=0))

        assert order["products"][0]["price"] == 0

    def test_makes_two_orders_when_the_same_body_comes_twice(self) -> None:
        account = build_account()
        add_product(account)

        first, second = create_order(account), create_order(account)

        found = account.run(orders.list_, {"reference": "SALEOR-10042"})
        assert [order["idorder"] for order in found] == [first, second]

    def test_emits_one_event_when_an_order_is_created(self) -> None:
        account = build_account()
        add_product(account)

        order = account.run(orders.create, order_body())

        assert [tuple(event)[::2] for event in account.events] == [("orders.created", order)]

    def test_leaves_the_stock_unchanged_when_the_option_is_not_set(self) -> None:
        account = build_account()
        add_product(account, stock=5)

        assert events_of(account, orders.create, order_body()) == ["orders.created"]

    def test_allocates_stock_when_the_option_is_set(self) -> None:
        account = build_account(allocate_on_create=True)
        add_product(account, stock=5)

        events = events_of(account, orders.create, order_body())

        assert events == ["orders.created", "products.free_stock_changed"]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (order_body(deliveryname=None), 5),
            (order_body(deliverycountry=None), 5),
            (order_body(invoicename=""), 5),
            (order_body(invoicecountry=None), 5),
            (order_body(reference="x" * 256), 5),
            (order_body(language="fy"), 5),
            (order_body(discount="much"), 5),
            (order_body(deliverycountry="Netherlands"), 9),
            (order_body(invoicecountry="nl"), 9),
            (order_body(idcustomer=-1), 12),
            (order_body(idcustomer=404), 25),
            (order_body({}), 13),
            (order_body(products=None), 13),
            (_line(productcode="MUG", amount=1, idvatgroup=404), 14),
            (_line(productcode="MUG"), 23),
            (_line(amount=1), 23),
            (_line(productcode="MUG", amount=0), 23),
            (_line(productcode="SKU-404", amount=1), 24),
            (_line(idproduct=404, amount=1), 24),
            (order_body(warehouses=[404]), 20),
            (order_body(orderfields=[{"idorderfield": 404, "value": "x"}]), 20),
        ],
    )
    def test_refuses_with_its_code_when_the_body_is_wrong(self, body: Wire, code: int) -> None:
        account = build_account()
        add_product(account)

        assert refusal_of(account, orders.create, body) == code
        assert not account.state.orders

    def test_refuses_inactive_products_when_the_option_forbids_them(self) -> None:
        account = build_account()
        idproduct = add_product(account)
        account.run(products.inactivate, idproduct)

        create_order(account)

        account.set_options(orders_inactive_products=False)
        assert refusal_of(account, orders.create, order_body()) == 24

    def test_merges_lines_of_one_product_when_the_option_is_set(self) -> None:
        account = build_account(merge_duplicate_lines=True)
        add_product(account)
        line = {"productcode": "MUG", "amount": 2}

        order = account.run(orders.create, order_body(products=[line, line]))

        assert [entry["amount"] for entry in order["products"]] == [4]

    def test_accepts_an_empty_invoice_name_when_the_option_allows_it(self) -> None:
        account = build_account(empty_invoicename="accept")
        add_product(account)

        assert account.run(orders.create, order_body(invoicename=""))["status"] == "concept"

    def test_fills_missing_fields_when_the_order_has_a_customer(self) -> None:
        account = build_account()
        add_product(account)
        address = {"name": "Dock 4", "country": "BE", "defaultdelivery": True}
        body = {"name": "Jansen B.V.", "emailaddress": "p@jansen.example", "addresses": [address]}
        customer = account.run(customers.create, body)

        order = account.run(
            orders.create,
            order_body(idcustomer=customer["idcustomer"], deliveryname=None, deliverycountry=None),
        )

        assert (order["deliveryname"], order["deliverycountry"]) == ("Dock 4", "BE")
        assert order["emailaddress"] == "p@jansen.example"

    def test_is_refused_when_the_plan_s_monthly_limit_is_reached(self) -> None:
        account = build_account(monthly_order_limit=1)
        add_product(account)
        create_order(account)

        assert refusal_of(account, orders.create, order_body()) == 29


class TestList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, [1, 2, 3]),
            ({"reference": "shop-2"}, [2]),
            ({"reference": "SHOP"}, []),
            ({"search": "shop"}, [1, 2, 3]),
            ({"orderid": "O2026-0000"}, []),
            ({"status": "concept"}, [1, 2]),
            ({"status": "processing"}, [3]),
            ({"sinceid": "1"}, [2, 3]),
            ({"beforeid": "3"}, [1, 2]),
            ({"sinceid": "1", "beforeid": "3"}, [2]),
            ({"sincedate": "2000-01-01 00:00:00"}, [1, 2, 3]),
            ({"untildate": "2000-01-01 00:00:00"}, []),
            ({"idwarehouse": "1"}, [1, 2, 3]),
            ({"idwarehouse": "2"}, []),
            ({"offset": "2"}, [3]),
            ({"page": "2", "limit": "1"}, [1, 2, 3]),
        ],
    )
    def test_contains_an_order_when_all_filters_match(
        self, query: dict[str, str], expected: list[int]
    ) -> None:
        account = build_account()
        add_product(account)
        for number in (1, 2):
            create_order(account, reference=f"SHOP-{number}")
        process_order(account, reference="SHOP-3")

        found = account.run(orders.list_, query)

        assert [order["idorder"] for order in found] == expected

    def test_begins_with_the_newest_order_when_the_option_says_so(self) -> None:
        account = build_account(list_order="newest_first")
        add_product(account)
        first, second = create_order(account), create_order(account)

        found = account.run(orders.list_, {})

        assert [order["idorder"] for order in found] == [second, first]

    def test_hides_new_orders_when_the_replica_lags(self) -> None:
        account = build_account(new_order_hidden_seconds=60)
        add_product(account)
        idorder = create_order(account)

        assert account.run(orders.list_, {}) == []
        assert account.run(orders.get, idorder)["idorder"] == idorder
        account.clock.advance(61)
        assert len(account.run(orders.list_, {})) == 1


class TestUpdate:
    def test_changes_only_the_fields_when_the_body_contains_them(self) -> None:
        account = build_account()
        add_product(account)
        idorder = create_order(account)

        order = account.run(orders.update, idorder, {"deliverycity": "Utrecht", "products": []})

        assert (order["deliverycity"], order["deliveryname"]) == ("Utrecht", "Anna Visser")
        assert len(order["products"]) == 1

    def test_is_refused_when_a_required_field_becomes_empty(self) -> None:
        account = build_account()
        add_product(account)
        idorder = create_order(account)

        assert refusal_of(account, orders.update, idorder, {"deliveryname": ""}) == 5

    def test_is_refused_in_processing_when_the_option_forbids_it(self) -> None:
        account = build_account(header_after_processing="refuse")
        add_product(account)
        idorder = process_order(account)

        assert refusal_of(account, orders.update, idorder, {"deliverycity": "Utrecht"}) == 30


class TestLines:
    def test_can_be_added_changed_and_removed_when_the_order_is_a_concept(self) -> None:
        account = build_account()
        add_product(account)
        cup = add_product(account, "CUP")
        idorder = create_order(account)

        added = account.run(order_lines.add, idorder, {"idproduct": cup, "amount": 1})
        line = added["idorder_product"]
        changed = account.run(order_lines.update, idorder, line, {"amount": 4, "price": 1.5})
        assert (changed["amount"], changed["price"]) == (4, 1.5)

        account.run(order_lines.remove, idorder, line)
        assert [entry["productcode"] for entry in account.run(order_lines.list_, idorder, {})] == [
            "MUG"
        ]

    def test_are_locked_when_the_order_is_processed(self) -> None:
        account = build_account()
        idproduct = add_product(account)
        idorder = process_order(account)
        line = account.state.orders[idorder].products[0].idorder_product
        body = {"idproduct": idproduct, "amount": 1}

        codes = [
            refusal_of(account, order_lines.add, idorder, body),
            refusal_of(account, order_lines.update, idorder, line, {"amount": 1}),
            refusal_of(account, order_lines.remove, idorder, line),
        ]

        assert codes == [33, 33, 33]


def test_comments_and_notes_share_a_list_when_either_is_added() -> None:
    account = build_account()
    add_product(account)
    idorder = create_order(account)

    events = events_of(account, orders.add_comment, idorder, {"body": "Call first"})
    account.run(orders.add_note, idorder, {"note": "Fragile"})

    assert events == ["comments.created", "orders.notes.created"]
    assert [entry["note"] for entry in account.run(orders.list_notes, idorder)] == [
        "Call first",
        "Fragile",
    ]
    assert account.run(orders.get, idorder)["comment_count"] == 2
