"""Judgements about what the shop sells and ships: SKUs, warehouses, methods and countries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from saleor_picqer.domain.doctor.findings import Finding, described, error, ok, quoted, warning
from saleor_picqer.domain.shipping import Delivery, ShippingPolicy

_MARKED: Final = frozenset({"true", "yes", "1", "on"})
_UNMARKED: Final = frozenset({"", "false", "no", "0", "off"})


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """The SKUs of the channel's variants of goods.

    `doubled` are examples of SKUs that several variants have, ignoring case and outer blanks.
    """

    variants: int
    missing: int = 0
    padded: int = 0
    doubled_count: int = 0
    doubled: Sequence[str] = ()


def judge_skus(skus: SkuFacts) -> Iterator[Finding]:
    if skus.missing:
        yield warning(
            f"{described(skus.missing, 'variant')} without a SKU cannot be sent to Picqer.",
            "Give each variant of goods a SKU; orders with such a variant fail.",
            skus.missing,
        )
    if skus.doubled_count:
        yield error(
            "Several variants share a SKU when case and outer blanks are ignored,"
            f" {described(skus.doubled_count, 'SKU')}: {quoted(skus.doubled)}.",
            "Picqer has one product for each of these SKUs: give every variant a SKU of its own.",
            skus.doubled_count,
        )
    if skus.padded:
        yield warning(
            f"{described(skus.padded, 'SKU')} with outer blanks. The plugin ignores them, other"
            " programs may not.",
            "Remove the blanks before and after these SKUs.",
            skus.padded,
        )
    if not (skus.missing or skus.doubled_count or skus.padded):
        yield ok(f"{described(skus.variants, 'variant')} of goods, each with a SKU of its own.")


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Products that could not be sent, and the shop's SKUs that are inactive in Picqer.

    `all_read` is false where Picqer has more inactive products than were read.
    """

    failing: int = 0
    inactive: Sequence[str] = ()
    all_read: bool = True


def judge_products(products: ProductFacts) -> Iterator[Finding]:
    if products.failing:
        yield error(
            f"{described(products.failing, 'product')} could not be sent to Picqer.",
            "`manage.py picqer products` lists them with the reasons.",
            products.failing,
        )
    if products.inactive:
        yield warning(
            f"Inactive in Picqer: {described(len(products.inactive), 'SKU')} of the channel,"
            f" {quoted(products.inactive)}.",
            "Picqer may refuse orders with them: activate them in Picqer, or take them out of the"
            " channel.",
            len(products.inactive),
        )
    if not (products.failing or products.inactive):
        limit = "" if products.all_read else " among the inactive products that were read"
        yield ok(f"No product failed, and no SKU of the channel is inactive in Picqer{limit}.")


@dataclass(frozen=True, slots=True)
class Zone:
    """A shipping zone, with codes of countries and primary keys of warehouses."""

    name: str
    countries: Sequence[str]
    warehouses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A warehouse in Saleor that mirrors one of Picqer's and should sell in the channel."""

    name: str
    exists: bool
    in_channel: bool
    zones: int


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    """The mirrors that should sell, and the channel's shipping zones without any of them.

    `zones_decide` tells whether stock is sold only where a shipping zone has the warehouse;
    `problem` why no warehouse can sell.
    """

    mirrors: Sequence[Mirror] = ()
    bare_zones: Sequence[str] = ()
    zones_decide: bool = True
    problem: str = ""


def judge_warehouses(facts: WarehouseFacts) -> Iterator[Finding]:
    if facts.problem:
        yield error(facts.problem, "Correct this in Picqer or in the plugin's settings.")
        return
    absent = [one.name for one in facts.mirrors if not one.exists]
    present = [one for one in facts.mirrors if one.exists]
    outside = [one.name for one in present if not one.in_channel]
    unzoned = [one.name for one in present if one.in_channel and not one.zones]
    if absent:
        yield warning(
            f"Warehouses of Picqer's that Saleor does not have yet: {quoted(absent)}.",
            "Run a full sync, which creates them: until then their stock is not for sale.",
            len(absent),
        )
    if outside:
        yield error(
            f"Warehouses outside the channel, whose stock is not for sale: {quoted(outside)}.",
            "Add them to the channel in the dashboard. If they should not sell, name the others in"
            " the setting Warehouses that sell.",
            len(outside),
        )
    if unzoned and facts.zones_decide:
        yield error(
            "Warehouses in no shipping zone of the channel, whose stock is not for sale:"
            f" {quoted(unzoned)}.",
            "Add them to the shipping zones of the channel in the dashboard.",
            len(unzoned),
        )
    if present and facts.bare_zones and facts.zones_decide:
        yield warning(
            "Shipping zones without a warehouse of Picqer's, where customers see no stock of"
            f" Picqer's: {quoted(facts.bare_zones)}.",
            "Add Picqer's warehouse to these zones in the dashboard, unless that is intended.",
            len(facts.bare_zones),
        )
    if present and not (outside or (facts.zones_decide and (unzoned or facts.bare_zones))):
        yield ok(f"{described(len(present), 'warehouse')} of Picqer's can sell in the channel.")


@dataclass(frozen=True, slots=True)
class AllocationFacts:
    """Number of Picqer's warehouses that sell; whether Saleor chooses in order, None if fixed."""

    warehouses: int
    follows_order: bool | None


def judge_allocation(facts: AllocationFacts) -> Iterator[Finding]:
    if facts.follows_order is False and facts.warehouses > 1:
        yield warning(
            "Saleor allocates goods in the warehouse with the most stock, while Picqer goes by its"
            " own order of warehouses: the two may choose different ones.",
            'Choose the stock allocation "by sorting order" in the settings of the channel.',
        )
    else:
        yield ok("Saleor and Picqer choose warehouses in the same order, or have one only.")


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """The channel's deliveries and the rule which of them Picqer handles.

    `nowhere` are the names of marked methods that no channel offers. `has_others` tells whether
    apps offer methods that Saleor cannot list.
    """

    policy: ShippingPolicy
    deliveries: Sequence[Delivery] = ()
    nowhere: Sequence[str] = ()
    has_others: bool = False


def judge_shipping_methods(facts: MethodFacts) -> Iterator[Finding]:
    handled = [one.method_name for one in facts.deliveries if facts.policy.handles(one)]
    if facts.policy.reads_marks:
        yield from _judge_marks(facts)
    if handled:
        count = len(handled)
        yield ok(f"Picqer handles {described(count, 'shipping method')}: {quoted(handled)}.", count)
    elif facts.has_others:
        yield ok("Apps offer the shipping methods: whether Picqer handles one, an order shows.")
    else:
        yield warning(
            "Picqer handles no shipping method of this channel, so no order is sent to Picqer.",
            "Mark a shipping method, or change the setting Shipping methods.",
        )


def _judge_marks(facts: MethodFacts) -> Iterator[Finding]:
    unclear = [
        one.method_name
        for one in facts.deliveries
        if (one.mark or "").strip().lower() not in _MARKED | _UNMARKED
    ]
    if unclear:
        yield warning(
            "Shipping methods whose mark is neither true nor false, which counts as false:"
            f" {quoted(unclear)}.",
            'Write "true" or "false" under picqer.handled in its private metadata.',
            len(unclear),
        )
    if facts.nowhere:
        yield warning(
            f"Marked shipping methods that no channel offers: {quoted(facts.nowhere)}.",
            "Remove the marks, or offer the methods in a channel.",
            len(facts.nowhere),
        )


@dataclass(frozen=True, slots=True)
class OtherShipments:
    """Orders not sent to Picqer whose goods left Saleor's mirrors of Picqer's warehouses lately."""

    orders: Sequence[str]
    days: int
    # Whether there may be more than were read.
    all_read: bool = True


def judge_other_shipments(found: OtherShipments) -> Iterator[Finding]:
    count = len(found.orders)
    if not count:
        yield ok(f"In {found.days} days Picqer's warehouses shipped orders of Picqer's only.")
        return
    at_least = "" if found.all_read else "at least "
    yield warning(
        "Shipped from Picqer's warehouses without being sent to Picqer:"
        f" {at_least}{described(count, 'order')} of the last {found.days} days,"
        f" {quoted(found.orders)}. Unless their goods were"
        " booked out in Picqer by hand, the next pull offers them for sale again.",
        "Let Picqer handle their shipping method, ship them from another warehouse of Saleor's, or"
        " book their goods out in Picqer.",
        count,
    )


@dataclass(frozen=True, slots=True)
class CountryFacts:
    """Countries of recent orders' addresses and of shipping zones, and the codes of ISO 3166-1."""

    in_orders: Mapping[str, int]
    in_zones: Sequence[str]
    known: frozenset[str]
    days: int


def judge_countries(facts: CountryFacts) -> Iterator[Finding]:
    missing = sum(count for code, count in facts.in_orders.items() if not code.strip())
    odd = {
        code: count
        for code, count in facts.in_orders.items()
        if code.strip() and code.strip().upper() not in facts.known
    }
    zones = sorted({code for code in facts.in_zones if code.upper() not in facts.known})
    if missing:
        yield error(
            "No country in the delivery address, which Picqer needs:"
            f" {described(missing, 'order')} of the last {facts.days} days.",
            "Have checkout ask for the country, and enter it in these orders.",
            missing,
        )
    if odd:
        yield warning(
            f"A country that is not in ISO 3166-1: {described(sum(odd.values()), 'order')} of the"
            f" last {facts.days} days, {quoted(sorted(odd))}. Picqer may refuse them.",
            "Enter the two letters of ISO 3166-1 in these orders.",
            sum(odd.values()),
        )
    if zones:
        yield warning(
            f"Shipping zones have countries that are not in ISO 3166-1: {quoted(zones)}.",
            "Replace them by countries: Picqer needs the two letters of ISO 3166-1.",
            len(zones),
        )
    if not (missing or odd or zones):
        yield ok("Orders and shipping zones have countries that Picqer knows.")
