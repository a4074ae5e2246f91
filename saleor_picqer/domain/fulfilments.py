"""Fulfilments of the shop's orders, made from what Picqer has shipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from saleor_picqer.domain.orders import OrderLine
from saleor_picqer.domain.parcels import Shipment
from saleor_picqer.domain.skus import compare_key


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Quantities to fulfil by pk of the order line, and the shipped surplus by SKU."""

    quantities: Mapping[str, int]
    # Amounts that Picqer has shipped beyond the open lines of the order.
    surplus: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShippedPicklist:
    """A closed picklist of Picqer, with the fulfilments in Saleor that show its parcels.

    `remote_id` is Picqer's id of the order, `picked` the amounts by SKU.
    """

    id: int
    order_pk: str
    remote_id: int
    picked: Mapping[str, int]
    shipments: tuple[Shipment, ...] = ()
    # Pks of the fulfilments that the plugin has created for the picklist.
    created: tuple[str, ...] = ()
    # Pks of fulfilments that existed already and show the parcels too.
    adopted: tuple[str, ...] = ()
    # True once the parcels are dropped; the ids of the shipments stay.
    is_forgotten: bool = False
    # True while Saleor's e-mail to the customer is held back.
    is_held: bool = False

    def is_unchanged(self, shipments: Sequence[Shipment]) -> bool:
        """Tell whether the shipments are the known ones, as far as they are still known."""
        if self.is_forgotten:
            return [each.id for each in shipments] == [each.id for each in self.shipments]
        return tuple(shipments) == self.shipments

    @property
    def fulfilments(self) -> tuple[str, ...]:
        """Pks of all fulfilments that show the parcels."""
        return (*self.created, *self.adopted)


@dataclass(frozen=True, slots=True)
class ForeignFulfilment:
    """A fulfilment that was not made from a picklist; `quantities` is by pk of the order line."""

    pk: str
    # The number that staff see, such as 2 of the order's second fulfilment.
    number: int
    quantities: Mapping[str, int]


def fulfilment_of(picked: Mapping[str, int], lines: Iterable[OrderLine]) -> Fulfilment:
    """Distribute picked amounts (by SKU) over the open lines of the SKU, first line first.

    Lines that do not ship are left to Saleor.
    """
    left = _by_key(picked)
    quantities: dict[str, int] = {}
    for line in lines:
        key = compare_key(line.sku)
        quantity = min(left[key], line.open_quantity) if line.ships else 0
        if quantity:
            quantities[line.pk] = quantity
            left[key] -= quantity
    return Fulfilment(quantities, _spelled(left, picked))


def remaining_fulfilment(
    lines: Iterable[OrderLine], ordered: Mapping[str, int], shipped: Iterable[Mapping[str, int]]
) -> Fulfilment:
    """Return a fulfilment of what Picqer has shipped without a picklist.

    `ordered` are the amounts in Picqer's completed order, without what was cancelled there;
    `shipped` are the amounts of each picklist that Saleor has a fulfilment for.
    """
    left = _by_key(ordered)
    for picked in shipped:
        left.subtract(_by_key(picked))
    return Fulfilment(fulfilment_of(+left, lines).quantities)


def left_open(lines: Iterable[OrderLine], quantities: Mapping[str, int]) -> dict[str, int]:
    """Return what is still open by SKU once the given quantities are fulfilled."""
    left: Counter[str] = Counter()
    for line in lines:
        if line.ships:
            left[line.sku] += line.open_quantity - quantities.get(line.pk, 0)
    return dict(+left)


def find_covering(
    surplus: Mapping[str, int],
    lines: Iterable[OrderLine],
    foreign: Iterable[ForeignFulfilment],
) -> tuple[list[ForeignFulfilment], dict[str, int]]:
    """Find the fulfilments that contain the shipped surplus already.

    Returns them, and the surplus by SKU that none of them contains.
    """
    keys = {line.pk: compare_key(line.sku) for line in lines if line.ships}
    left = _by_key(surplus)
    covering = []
    for fulfilment in foreign:
        taken = 0
        for line_pk, quantity in fulfilment.quantities.items():
            some = min(left[keys[line_pk]], quantity) if line_pk in keys else 0
            left[keys.get(line_pk, "")] -= some
            taken += some
        if taken:
            covering.append(fulfilment)
    return covering, _spelled(left, surplus)


def _by_key(amounts: Mapping[str, int]) -> Counter[str]:
    """Add up amounts of the same product, however the SKU is spelled."""
    total: Counter[str] = Counter()
    for sku, amount in amounts.items():
        total[compare_key(sku)] += max(0, amount)
    return total


def _spelled(left: Counter[str], amounts: Mapping[str, int]) -> dict[str, int]:
    """Return the positive amounts with their SKUs as in `amounts`."""
    spelled = {compare_key(sku): sku for sku in amounts}
    return {spelled[key]: amount for key, amount in (+left).items() if key in spelled}
