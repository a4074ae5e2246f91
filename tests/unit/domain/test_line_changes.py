"""Failure mode F62: the lines of an order in Picqer become those of the shop, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.fulfilments import RemoteLine
from saleor_picqer.domain.mapping.line_changes import LineChanges, line_changes

PRICE = Decimal("8.26")


def product(code: str = "MUG", amount: int = 1, **fields: Any) -> dict[str, Any]:
    return {"productcode": code, "amount": amount, "price": PRICE} | fields


def stored(line_id: int, sku: str = "MUG", amount: int = 1, **fields: Any) -> RemoteLine:
    values: dict[str, Any] = {"price": PRICE, "vat_group": 321} | fields
    return RemoteLine(line_id, sku, amount, **values)


def changes(products: list[dict[str, Any]], *lines: RemoteLine) -> LineChanges:
    return line_changes(products, lines)


def test_nothing_changes_when_the_lines_are_the_same() -> None:
    assert changes([product()], stored(1)) == LineChanges((), {}, ())


def test_amount_changes_when_it_is_another() -> None:
    assert changes([product(amount=3)], stored(1, amount=2)).update == {1: {"amount": 3}}


def test_price_changes_when_it_is_another() -> None:
    assert changes([product(price=Decimal(0))], stored(1)).update == {1: {"price": Decimal(0)}}


def test_prices_are_the_same_whatever_their_zeros() -> None:
    assert changes([product(price=Decimal("8.260"))], stored(1)) == LineChanges((), {}, ())


def test_remarks_go_when_the_shop_has_none() -> None:
    assert changes([product()], stored(1, remarks="Gift")).update == {1: {"remarks": ""}}


def test_line_is_replaced_when_its_vat_group_is_another() -> None:
    """It cannot be changed."""
    wanted = product(idvatgroup=309)

    assert changes([wanted], stored(1, vat_group=321)) == LineChanges((wanted,), {}, (1,))


def test_line_stays_when_the_shop_knows_no_vat_group() -> None:
    assert changes([product()], stored(1, vat_group=309)) == LineChanges((), {}, ())


def test_line_with_the_right_price_stays_when_there_are_several_of_the_product() -> None:
    gift = product(price=Decimal(0))

    assert changes([gift], stored(1), stored(2, price=Decimal(0))) == LineChanges((), {}, (1,))


def test_codes_are_the_same_whatever_their_case() -> None:
    assert changes([product("mug")], stored(1, "MUG")) == LineChanges((), {}, ())


# --- whatever is wanted, and whatever is there

codes = st.sampled_from(["MUG", "CUP", "POT"])
amounts = st.integers(1, 4)
prices = st.sampled_from([Decimal(0), PRICE, Decimal("9.99")])
groups = st.sampled_from([321, 309])
remarks = st.sampled_from(["", "Gift"])
wishes = st.lists(
    st.builds(product, codes, amounts, price=prices, idvatgroup=groups, remarks=remarks),
    min_size=1,
    max_size=5,
)
lines = st.lists(
    st.builds(stored, st.just(0), codes, amounts, price=prices, vat_group=groups, remarks=remarks),
    min_size=1,
    max_size=5,
).map(lambda found: [RemoteLine(i, *_values(line)) for i, line in enumerate(found)])


def _values(line: RemoteLine) -> tuple[Any, ...]:
    return line.sku, line.amount, line.price, line.vat_group, line.remarks


def applied(wanted: LineChanges, there: list[RemoteLine]) -> Iterator[list[RemoteLine]]:
    """What the order has after each request."""
    now = {line.id: line for line in there}
    for i, added in enumerate(wanted.add, start=max(now) + 1):
        now[i] = _line(i, added)
        yield [*now.values()]
    for line_id, changed in wanted.update.items():
        now[line_id] = _line(line_id, {**_body(now[line_id]), **changed})
        yield [*now.values()]
    for line_id in wanted.delete:
        del now[line_id]
        yield [*now.values()]


def _body(line: RemoteLine) -> dict[str, Any]:
    names = ("productcode", "amount", "price", "idvatgroup", "remarks")
    return dict(zip(names, _values(line), strict=True))


def _line(line_id: int, body: Mapping[str, Any]) -> RemoteLine:
    names = ("productcode", "amount", "price", "idvatgroup", "remarks")
    return RemoteLine(line_id, *(body[name] for name in names))


@given(wanted=wishes, there=lines)
def test_order_has_exactly_the_wanted_lines_in_the_end(
    wanted: list[dict[str, Any]], there: list[RemoteLine]
) -> None:
    *_, last = [there, *applied(line_changes(wanted, there), there)]

    expected = Counter(tuple(sorted(body.items())) for body in wanted)
    assert Counter(tuple(sorted(_body(line).items())) for line in last) == expected


@given(wanted=wishes, there=lines)
def test_order_is_never_empty_on_the_way(
    wanted: list[dict[str, Any]], there: list[RemoteLine]
) -> None:
    assert all(applied(line_changes(wanted, there), there))


@given(wanted=wishes, there=lines, cut=st.integers(0, 10))
def test_rest_is_done_when_it_was_cut_short(
    wanted: list[dict[str, Any]], there: list[RemoteLine], cut: int
) -> None:
    on_the_way = [there, *applied(line_changes(wanted, there), there)]
    halfway = on_the_way[min(cut, len(on_the_way) - 1)]

    *_, last = [halfway, *applied(line_changes(wanted, halfway), halfway)]

    expected = Counter(tuple(sorted(body.items())) for body in wanted)
    assert Counter(tuple(sorted(_body(line).items())) for line in last) == expected


@given(wanted=wishes)
def test_nothing_is_sent_twice(wanted: list[dict[str, Any]]) -> None:
    there = [_line(i, body) for i, body in enumerate(wanted)]

    assert line_changes(wanted, there) == LineChanges((), {}, ())
