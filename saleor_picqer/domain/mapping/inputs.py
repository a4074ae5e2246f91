"""What the mapping of an order reads: the order, the channel's settings, Picqer's small lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from saleor_picqer.domain.orders import Address, Order

# Percentage -> Picqer's id of the VAT group. Raises AccountSetupError where Picqer has no such
# group.
VatGroupFor = Callable[[Decimal], int]


class ReferenceData(Protocol):
    """Picqer's small lists, by what people call their entries.

    Each method raises AccountSetupError, saying what to add in Picqer, for a missing entry.
    """

    def vat_group(self, percentage: Decimal) -> int: ...

    def shipping_profile(self, name: str) -> int:
        """Return the id of a shipping profile, given the id or the name."""

    def template(self, name: str) -> int:
        """Return the id of a template, given the id or the name."""


@dataclass(frozen=True, slots=True)
class OrderMapping:
    """A channel's settings of the mapping; shipping methods by normal name, `*` for all others."""

    reference_prefix: str = ""
    shipping_profiles: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderInput:
    """An order with the settings and lists for the mapping."""

    order: Order
    mapping: OrderMapping
    reference_data: ReferenceData

    @property
    def owner(self) -> Order:
        return self.order

    @property
    def label(self) -> str:
        return "the order"

    @property
    def shipping(self) -> Address:
        """The shipping address, else the billing address, else a blank address."""
        return self.order.shipping or self.order.billing or Address()

    @property
    def billing(self) -> Address:
        """The billing address, else the shipping address, else a blank address."""
        return self.order.billing or self.order.shipping or Address()
