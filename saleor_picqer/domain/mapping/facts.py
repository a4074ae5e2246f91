"""What the header of an order in Picqer is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from saleor_picqer.domain.orders import Address, Order

if TYPE_CHECKING:
    from saleor_picqer.domain.mapping.request import OrderMapping, ReferenceData


@dataclass(frozen=True, slots=True)
class OrderInput:
    """An order, its channel's part of the mapping, and Picqer's small lists."""

    order: Order
    mapping: OrderMapping
    directory: ReferenceData

    @property
    def owner(self) -> Order:
        return self.order

    @property
    def called(self) -> str:
        return "the order"

    @property
    def shipping(self) -> Address:
        """The other address, where there is none; an address of blanks, where there is neither."""
        return self.order.shipping or self.order.billing or Address()

    @property
    def billing(self) -> Address:
        return self.order.billing or self.order.shipping or Address()
