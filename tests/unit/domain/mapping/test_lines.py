"""What the lines of an order look like in Picqer."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.mapping.inputs import OrderMapping
from saleor_picqer.domain.mapping.request import order_request
from saleor_picqer.domain.orders import OrderLine
from saleor_picqer.errors import DataError
from saleor_picqer.picqer.objects.orders import OrderCreate
from tests.unit.domain.builders import Lists, line, order, request_of


def products(*lines: OrderLine) -> tuple[dict[str, Any], ...]:
    return tuple(line.body for line in request_of(order(*lines)).lines)


def codes(*lines: OrderLine) -> list[tuple[str, int]]:
    return [(product["productcode"], product["amount"]) for product in products(*lines)]


def test_line_has_code_amount_and_price() -> None:
    assert products(line("MUG", 2)) == (
        {"productcode": "MUG", "amount": 2, "price": Decimal("8.26")},
    )


def test_name_is_left_to_picqer() -> None:
    """Failure mode F43: a warehouse does not read the customer's language."""
    assert "name" not in products(line(name="Rode mok"))[0]


def test_what_does_not_ship_or_is_fulfilled_is_left_out() -> None:
    card, done = line("CARD", ships=False), line("DONE", 2, fulfilled=2)

    assert codes(card, done, line("MUG", 3, fulfilled=1)) == [("MUG", 2)]


@pytest.mark.parametrize("sku", ["", "  "])
def test_line_is_named_when_it_has_no_sku(sku: str) -> None:
    with pytest.raises(DataError, match='The line "Red mug" has no SKU'):
        products(line(sku, name="Red mug"))


# --- VAT


def test_vat_group_is_that_of_the_lines_own_rate() -> None:
    """Failure mode F37: foreign VAT rate; the product's own group is another request."""
    assert products(line(tax_rate=Decimal(19)))[0]["idvatgroup"] == 319


def test_vat_group_is_the_products_when_the_rate_is_unknown() -> None:
    assert "idvatgroup" not in products(line(tax_rate=None))[0]


def test_vat_group_is_sent_when_the_rate_is_zero() -> None:
    """Failure mode F42."""
    assert products(line(tax_rate=Decimal(0)))[0]["idvatgroup"] == 300


def test_each_rate_is_looked_up_once() -> None:
    lists = Lists()
    lines = [line(f"P-{n}", 3, total="10", tax_rate=Decimal(21)) for n in range(5)]

    order_request(order(*lines), OrderMapping(), lists)

    assert lists.asked == [21]


# --- gifts and remarks


def test_gift_says_so_and_is_free() -> None:
    """Failure mode F42."""
    gift = products(line(gift=True, total=0))[0]

    assert (gift["remarks"], gift["price"]) == ("Gift", 0)


def test_gift_still_says_so_when_it_has_remarks() -> None:
    assert products(line(gift=True, metadata={"remarks": "wrap"}))[0]["remarks"] == "Gift\nwrap"


# --- merging


def test_lines_are_merged_when_they_are_equal() -> None:
    assert codes(line("MUG", 2), line(" MUG ", 3), line("CUP")) == [("MUG", 5), ("CUP", 1)]


def test_prices_are_equal_whatever_their_zeros() -> None:
    assert codes(line("MUG", 2, total="15.001"), line("MUG", total="7.50")) == [
        ("MUG", 1),
        ("MUG", 2),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"total": 0},
        {"tax_rate": Decimal(9)},
        {"gift": True},
        {"metadata": {"remarks": "wrap"}},
        {"private_metadata": {"name": "Mug no. 5"}},
        {"extra": {"price": Decimal(1)}},
    ],
)
def test_lines_stay_apart_when_anything_differs(other: Any) -> None:
    assert len(products(line(), line(**other))) == 2


def test_split_lines_are_merged_price_by_price() -> None:
    dear, cheap = products(line("MUG", 3, total="10"), line("MUG", 3, total="10"))

    assert (dear["amount"], dear["price"]) == (2, Decimal("3.34"))
    assert (cheap["amount"], cheap["price"]) == (4, Decimal("3.33"))


# --- random carts


@st.composite
def carts(draw: st.DrawFn) -> list[OrderLine]:
    places = draw(st.sampled_from([2, 3]))
    return draw(
        st.lists(
            st.builds(
                line,
                sku=st.sampled_from(["MUG", " MUG", "CUP", "TEAPOT"]),
                quantity=st.integers(1, 200),
                total=st.decimals(0, 100_000, places=places),
                tax_rate=st.none() | st.sampled_from([Decimal(9), Decimal(21), Decimal("21.000")]),
                gift=st.booleans(),
                metadata=st.just({}) | st.builds(dict, remarks=st.sampled_from(["wrap", " "])),
            ),
            min_size=1,
            max_size=12,
        )
    )


@given(cart=carts())
def test_random_cart_is_reproduced_to_the_cent(cart: list[OrderLine]) -> None:
    found = products(*cart)

    total = sum(product["amount"] * product["price"] for product in found)
    assert total == sum(entry.total for entry in cart)
    amounts: Counter[str] = Counter()
    for product in found:
        amounts[product["productcode"]] += product["amount"]
    wanted: Counter[str] = Counter()
    for entry in cart:
        wanted[entry.sku.strip()] += entry.quantity
    assert amounts == wanted


@given(cart=carts())
def test_lines_of_a_random_cart_are_unique_and_can_be_sent(cart: list[OrderLine]) -> None:
    request = request_of(order(*cart))

    assert all(line.amount > 0 for line in request.lines)
    alike = [tuple(sorted((product | {"amount": 0}).items())) for product in products(*cart)]
    assert len(alike) == len(set(alike))
    assert OrderCreate.model_validate(request.body).encode()


@given(cart=carts(), data=st.data())
def test_random_cart_is_sent_without_what_is_fulfilled(
    cart: list[OrderLine], data: st.DataObject
) -> None:
    begun = [
        line(entry.sku, entry.quantity, total=entry.total, fulfilled=done)
        for entry in cart
        for done in [data.draw(st.integers(0, entry.quantity))]
    ]

    found = products(*begun)

    assert all(product["amount"] > 0 and product["price"] >= 0 for product in found)
    assert sum(p["amount"] for p in found) == sum(entry.open_quantity for entry in begun)
