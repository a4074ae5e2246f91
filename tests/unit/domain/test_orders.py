"""Which orders are pushed, and what the request looks like."""

from decimal import Decimal

import pytest

from saleor_picqer.domain.orders import Address, OrderState, due, order_request
from saleor_picqer.errors import DataError
from tests.unit.domain.builders import address, line, order


def vat_group(percentage: Decimal) -> int:
    return int(percentage) + 300


def test_due_when_open_and_handled() -> None:
    assert due(order()).now


@pytest.mark.parametrize("state", [OrderState.UNCONFIRMED, OrderState.DRAFT])
def test_waits_when_not_confirmed(state: OrderState) -> None:
    decision = due(order(state=state))

    assert not decision.now
    assert not decision.never
    assert decision.reason


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.CLOSED])
def test_never_due_when_over(state: OrderState) -> None:
    assert due(order(state=state)).never


def test_never_due_when_nothing_ships() -> None:
    assert due(order(line("GIFT-CARD", ships=False))).never


def test_request_names_the_person_when_there_is_no_company() -> None:
    request = order_request(order(), vat_group)

    assert request["deliveryname"] == "Anna Visser"
    assert request["deliverycontactname"] is None


def test_request_names_the_company_first_when_there_is_one() -> None:
    request = order_request(order(shipping=address(company="Jansen B.V.")), vat_group)

    assert request["deliveryname"] == "Jansen B.V."
    assert request["deliverycontactname"] == "Anna Visser"


@pytest.mark.parametrize(
    ("shipping", "billing", "email", "name"),
    [
        (Address(first_name=" ", company=" ", country="NL"), address(), "a@b.nl", "Anna Visser"),
        (Address(country="NL"), Address(country="NL"), "a@b.nl", "a@b.nl"),
        (Address(country="NL"), None, "", "Order 10042"),
    ],
)
def test_request_never_has_a_blank_name_when_parts_are_missing(
    shipping: Address, billing: Address | None, email: str, name: str
) -> None:
    request = order_request(order(shipping=shipping, billing=billing, email=email), vat_group)

    assert request["deliveryname"] == name
    assert request["invoicename"] == name


def test_request_uses_the_other_address_when_one_is_missing() -> None:
    request = order_request(order(shipping=None, billing=address(city="Utrecht")), vat_group)

    assert request["deliverycity"] == request["invoicecity"] == "Utrecht"


def test_request_writes_countries_in_upper_case() -> None:
    assert (
        order_request(order(shipping=address(country="be")), vat_group)["deliverycountry"] == "BE"
    )


def test_request_merges_lines_when_they_are_equal() -> None:
    twice = order(line("MUG", 2, pk="1"), line(" MUG ", 3, pk="2"), line("CUP", pk="3"))

    products = order_request(twice, vat_group)["products"]

    assert [(p["productcode"], p["amount"]) for p in products] == [("MUG", 5), ("CUP", 1)]


def test_request_keeps_lines_apart_when_prices_differ() -> None:
    gift = line("MUG", pk="2", price=Decimal(0))

    products = order_request(order(line("MUG", pk="1"), gift), vat_group)["products"]

    assert [p["price"] for p in products] == [Decimal("8.26"), Decimal(0)]


def test_request_overrides_the_vat_group_only_when_the_rate_is_known() -> None:
    known = line("MUG", tax_rate=Decimal(9))

    products = order_request(order(known, line("CUP")), vat_group)["products"]

    assert products[0]["idvatgroup"] == 309
    assert "idvatgroup" not in products[1]


def test_request_leaves_out_what_does_not_ship_or_is_fulfilled() -> None:
    lines = (line("CARD", ships=False), line("DONE", 2, fulfilled=2), line("MUG", 3, fulfilled=1))

    products = order_request(order(*lines), vat_group)["products"]

    assert [(p["productcode"], p["amount"]) for p in products] == [("MUG", 2)]


def test_request_is_refused_naming_the_line_when_it_has_no_sku() -> None:
    with pytest.raises(DataError, match='"Red mug"'):
        order_request(order(line("", name="Red mug")), vat_group)


@pytest.mark.parametrize(
    ("language", "expected"), [("nl", "nl"), ("nl-be", "nl"), ("de", "en"), ("", "en")]
)
def test_request_speaks_dutch_or_english(language: str, expected: str) -> None:
    assert order_request(order(language=language), vat_group)["language"] == expected
