"""All ways in which an order can originate, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.integration.support.bulk_orders import bulk_create, bulk_order, paid
from tests.integration.support.checkouts import AUTHORISED
from tests.integration.support.order_edits import expire
from tests.integration.support.shop import Shop

# What is ordered; 20.00 net, 30.25 with shipping and tax.
GOODS = {"BEANS": 2}

# Something that is done in the shop to the order with this pk.
Step = Callable[[Shop, str], None]


@dataclass(frozen=True)
class OrderSource:
    """Describes an origin: `begin` returns the pk; an `outcome` has one letter per policy."""

    name: str
    begin: Callable[[Shop], str]
    outcome: str
    then: Sequence[tuple[Step, str]] = ()
    saleor_3_only: bool = False

    def __str__(self) -> str:
        return self.name


# --- how an order begins


def checkout(shop: Shop) -> str:
    return shop.checkout(GOODS)


def authorised_checkout(shop: Shop) -> str:
    return shop.begin(GOODS).deliver().pay(AUTHORISED).complete()


def unpaid_checkout(shop: Shop) -> str:
    shop.set_channel(allow_unpaid_orders=True)
    return shop.begin(GOODS).deliver().complete()


def checkout_to_be_confirmed(shop: Shop) -> str:
    shop.set_channel(automatically_confirm_all_new_orders=False)
    return shop.checkout(GOODS)


def checkout_by_app(shop: Shop) -> str:
    return shop.begin(GOODS).deliver().turn_into_order()


def draft(shop: Shop) -> str:
    return shop.draft(GOODS)


def draft_with_nothing_to_pay(shop: Shop) -> str:
    shop.create_method(shop.zone, "Free parcel", "0.00")
    shop.product("SAMPLE", price="0.00", stock=5)
    return shop.draft({"SAMPLE": 2}, shipping_method="Free parcel")


def checkout_with_nothing_to_pay(shop: Shop) -> str:
    shop.create_method(shop.zone, "Free parcel", "0.00")
    shop.carts = []  # none of them can have the new method
    shop.discounts.voucher("ALL", percent=100)
    return shop.checkout(GOODS, shipping_method="Free parcel", codes=["ALL"])


def checkout_by_gift_card(shop: Shop) -> str:
    shop.discounts.gift_card("GIFT-4-U", "500.00")
    return shop.checkout(GOODS, codes=["GIFT-4-U"])


def checkout_partly_by_gift_card(shop: Shop) -> str:
    shop.discounts.gift_card("GIFT-4-U", "5.00")
    return shop.checkout(GOODS, codes=["GIFT-4-U"])


def import_of_one(shop: Shop) -> str:
    return bulk_create(shop, bulk_order(shop, GOODS))[0]


def import_of_one_that_is_paid(shop: Shop) -> str:
    return bulk_create(shop, bulk_order(shop, GOODS, **paid("30.25")))[0]


# --- what happens to it then


def complete(shop: Shop, order: str) -> None:
    shop.complete_draft(order)


def pay(shop: Shop, order: str) -> None:
    shop.pay(order)


def capture(shop: Shop, order: str) -> None:
    shop.capture(order)


def confirm(shop: Shop, order: str) -> None:
    shop.confirm(order)


def cancel(shop: Shop, order: str) -> None:
    shop.cancel(order)


# --- all of it

# One letter for each of them is in the table below, in this sequence.
POLICIES: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {"push_when": push, "process_when": process, "authorized_is_paid": False}
    for name, push, process in (
        ("placed", "placed", "placed"),
        ("placed, picked when paid", "placed", "paid"),
        ("confirmed", "confirmed", "confirmed"),
        ("confirmed, picked when paid", "confirmed", "paid"),
        ("paid", "paid", "paid"),
    )
}

ORDER_SOURCES: Final = (
    OrderSource("checkout", checkout, "P P P P P", [(cancel, "X X X X X")]),
    OrderSource("authorised checkout", authorised_checkout, "P C P C -", [(capture, "P P P P P")]),
    OrderSource(
        "draft",
        draft,
        "- - - - -",
        [(complete, "P C P C -"), (pay, "P P P P P"), (cancel, "X X X X X")],
    ),
    OrderSource(
        "draft that is cancelled unpaid",
        draft,
        "- - - - -",
        [(complete, "P C P C -"), (cancel, "X X X X -")],
    ),
    OrderSource(
        "draft with nothing to pay",
        draft_with_nothing_to_pay,
        "- - - - -",
        [(complete, "P P P P P")],
        saleor_3_only=True,
    ),
    OrderSource("nothing to pay", checkout_with_nothing_to_pay, "P P P P P"),
    OrderSource("all paid by gift card", checkout_by_gift_card, "P P P P P"),
    OrderSource("partly paid by gift card", checkout_partly_by_gift_card, "P P P P P"),
    OrderSource(
        "unpaid checkout",
        unpaid_checkout,
        "P C - - -",
        [(pay, "P C - - -"), (confirm, "P P P P P")],
        saleor_3_only=True,
    ),
    OrderSource(
        "unpaid checkout that is confirmed first",
        unpaid_checkout,
        "P C - - -",
        [(confirm, "P C P C -"), (pay, "P P P P P")],
        saleor_3_only=True,
    ),
    OrderSource(
        "unpaid checkout that expires",
        unpaid_checkout,
        "P C - - -",
        [(expire, "X X - - -")],
        saleor_3_only=True,
    ),
    OrderSource(
        "checkout to be confirmed",
        checkout_to_be_confirmed,
        "P C - - -",
        [(confirm, "P P P P P")],
        saleor_3_only=True,
    ),
    OrderSource(
        "checkout that an app turns into an order",
        checkout_by_app,
        "P C - - -",
        [(confirm, "P C P C -"), (pay, "P P P P P")],
        saleor_3_only=True,
    ),
    OrderSource("import", import_of_one, "P C P C -", [(pay, "P P P P P")], saleor_3_only=True),
    OrderSource("import, paid", import_of_one_that_is_paid, "P P P P P", saleor_3_only=True),
)
