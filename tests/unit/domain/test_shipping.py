"""Which orders Picqer handles, by how they are delivered."""

import pytest

from saleor_picqer.domain.shipping import KEY_LENGTH, Delivery, ShippingPolicy


@pytest.mark.parametrize("mark", ["true", "TRUE", " yes ", "1", "on"])
def test_marked_handles_when_the_snapshot_says_so(mark: str) -> None:
    assert ShippingPolicy.parse("marked").handles(Delivery("Parcel", mark))


@pytest.mark.parametrize("mark", [None, "", "false", "0", "no", "maybe"])
def test_marked_leaves_alone_when_the_snapshot_says_anything_else(mark: str | None) -> None:
    assert not ShippingPolicy.parse("marked").handles(Delivery("Parcel", mark))


def test_names_are_compared_without_case_and_blanks() -> None:
    policy = ShippingPolicy.parse(" Parcel  NL , Express ")

    assert policy.handles(Delivery("parcel nl"))
    assert policy.handles(Delivery(" EXPRESS"))
    assert not policy.handles(Delivery("Courier"))


def test_named_ignores_the_mark() -> None:
    assert not ShippingPolicy.parse("Parcel").handles(Delivery("Courier", "true"))


@pytest.mark.parametrize("text", ["marked", "all", "Parcel", ""])
def test_nothing_is_handled_when_the_order_has_no_shipping_method(text: str) -> None:
    assert not ShippingPolicy.parse(text).handles(Delivery(" ", "true"))


def test_nothing_is_handled_when_no_method_is_named() -> None:
    assert not ShippingPolicy.parse(" , ").handles(Delivery("Parcel", "true"))


def test_all_handles_every_method() -> None:
    assert ShippingPolicy.parse(" ALL ").handles(Delivery("Courier"))


CORNER_SHOP = Delivery("Corner shop", is_collection=True)


def test_all_leaves_alone_what_is_collected() -> None:
    assert not ShippingPolicy.parse("all").handles(CORNER_SHOP)


def test_named_handles_what_is_collected_at_a_place_of_that_name() -> None:
    assert ShippingPolicy.parse("Parcel, corner SHOP").handles(CORNER_SHOP)


@pytest.mark.parametrize(("mark", "handled"), [("true", True), (None, False)])
def test_marked_handles_what_is_collected_at_a_marked_place(
    mark: str | None, handled: bool
) -> None:
    delivery = Delivery("Corner shop", mark, is_collection=True)

    assert ShippingPolicy.parse("marked").handles(delivery) is handled


# --- an order that is recorded already

COURIER = Delivery("Courier", method_pk="2")
PARCEL = Delivery("Parcel", method_pk="1")


@pytest.mark.parametrize(
    ("delivery", "handled"),
    [
        (PARCEL, True),
        (COURIER, False),
        # The method was deleted: the order keeps its name.
        (Delivery("Parcel"), True),
        (Delivery("Courier"), False),
        # Another method with the same name.
        (Delivery("Parcel", method_pk="3"), False),
        (Delivery("Courier", "true", method_pk="2"), True),
    ],
)
def test_recorded_order_stays_handled_until_it_gets_another_method(
    delivery: Delivery, handled: bool
) -> None:
    """Failure mode F83."""
    assert ShippingPolicy.parse("marked").still_handles(delivery, PARCEL.key) is handled


def test_order_is_handled_with_any_method_when_staff_have_pushed_it() -> None:
    assert ShippingPolicy.parse("marked").still_handles(COURIER, "")


def test_key_of_a_very_long_name_still_fits() -> None:
    delivery = Delivery("x" * 400, method_pk="7")

    assert len(delivery.key) == KEY_LENGTH
    assert delivery.is_by(delivery.key)
