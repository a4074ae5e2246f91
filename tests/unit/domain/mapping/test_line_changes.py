"""Failure mode F62: the lines of an order in Picqer become the lines of the shop's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.mapping.line_changes import LineChange, LineChanges, line_changes
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.remote_orders import RemoteLine

PRICE = Decimal("8.26")


def wanted_line(sku: str = "MUG", amount: int = 1, **fields: Any) -> LineRequest:
    values: dict[str, Any] = {"price": PRICE} | fields
    return LineRequest(sku, amount, **values)


def stored(line_id: int, sku: str = "MUG", amount: int = 1, **fields: Any) -> RemoteLine:
    values: dict[str, Any] = {"price": PRICE, "vat_group": 321} | fields
    return RemoteLine(line_id, sku, amount, **values)


def changes(wanted: list[LineRequest], *lines: RemoteLine) -> LineChanges:
    return line_changes(wanted, lines)


def test_nothing_changes_when_the_lines_are_the_same() -> None:
    assert changes([wanted_line()], stored(1)) == LineChanges((), {}, ())


def test_amount_changes_when_it_is_another() -> None:
    assert changes([wanted_line(amount=3)], stored(1, amount=2)).update == {1: LineChange(amount=3)}


def test_price_changes_when_it_is_another() -> None:
    assert changes([wanted_line(price=Decimal(0))], stored(1)).update == {
        1: LineChange(price=Decimal(0))
    }


def test_line_stays_when_only_trailing_zeros_of_its_price_differ() -> None:
    assert changes([wanted_line(price=Decimal("8.260"))], stored(1)) == LineChanges((), {}, ())


def test_remarks_are_cleared_when_the_shop_has_none() -> None:
    assert changes([wanted_line()], stored(1, remarks="Gift")).update == {1: LineChange(remarks="")}


def test_line_is_replaced_when_its_vat_group_is_another() -> None:
    # Picqer cannot change the VAT group of a line.
    wanted = wanted_line(vat_group=309)

    assert changes([wanted], stored(1, vat_group=321)) == LineChanges((wanted,), {}, (1,))


def test_line_stays_when_the_shop_knows_no_vat_group() -> None:
    assert changes([wanted_line()], stored(1, vat_group=309)) == LineChanges((), {}, ())


def test_line_with_the_right_price_stays_when_there_are_several_of_the_wanted_line() -> None:
    gift = wanted_line(price=Decimal(0))

    assert changes([gift], stored(1), stored(2, price=Decimal(0))) == LineChanges((), {}, (1,))


def test_line_stays_when_only_the_case_of_its_sku_differs() -> None:
    assert changes([wanted_line("mug")], stored(1, "MUG")) == LineChanges((), {}, ())


# --- random lines on both sides

codes = st.sampled_from(["MUG", "CUP", "POT"])
amounts = st.integers(1, 4)
prices = st.sampled_from([Decimal(0), PRICE, Decimal("9.99")])
groups = st.sampled_from([321, 309])
remarks = st.sampled_from(["", "Gift"])
wishes = st.lists(
    st.builds(wanted_line, codes, amounts, price=prices, vat_group=groups, remarks=remarks),
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
    """Yield the lines of the order after each request."""
    now = {line.id: line for line in there}
    for i, added in enumerate(wanted.add, start=max(now) + 1):
        now[i] = _line(i, added)
        yield [*now.values()]
    for line_id, change in wanted.update.items():
        now[line_id] = replace(now[line_id], **change.body)
        yield [*now.values()]
    for line_id in wanted.delete:
        del now[line_id]
        yield [*now.values()]


def _line(line_id: int, wanted: LineRequest) -> RemoteLine:
    return RemoteLine(
        line_id, wanted.sku, wanted.amount, wanted.price, wanted.vat_group, wanted.remarks or ""
    )


def _expected(wanted: list[LineRequest]) -> Counter[tuple[Any, ...]]:
    return Counter(_values(_line(0, line)) for line in wanted)


@given(wanted=wishes, there=lines)
def test_order_ends_with_exactly_the_wanted_lines(
    wanted: list[LineRequest], there: list[RemoteLine]
) -> None:
    *_, last = [there, *applied(line_changes(wanted, there), there)]

    assert Counter(map(_values, last)) == _expected(wanted)


@given(wanted=wishes, there=lines)
def test_order_is_never_empty_on_the_way(
    wanted: list[LineRequest], there: list[RemoteLine]
) -> None:
    assert all(applied(line_changes(wanted, there), there))


@given(wanted=wishes, there=lines, cut=st.integers(0, 10))
def test_changes_are_completed_when_an_attempt_was_interrupted(
    wanted: list[LineRequest], there: list[RemoteLine], cut: int
) -> None:
    on_the_way = [there, *applied(line_changes(wanted, there), there)]
    halfway = on_the_way[min(cut, len(on_the_way) - 1)]

    *_, last = [halfway, *applied(line_changes(wanted, halfway), halfway)]

    assert Counter(map(_values, last)) == _expected(wanted)


@given(wanted=wishes)
def test_nothing_is_sent_twice(wanted: list[LineRequest]) -> None:
    there = [_line(i, line) for i, line in enumerate(wanted)]

    assert line_changes(wanted, there) == LineChanges((), {}, ())
