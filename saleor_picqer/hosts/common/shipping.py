"""Shipping methods and collection points of the shop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from saleor_picqer.domain.shipping import Delivery


@dataclass(frozen=True, slots=True)
class OfferedDelivery:
    """A delivery that Saleor offers; `zone` is empty for a collection point."""

    delivery: Delivery
    zone: str = ""


class Shipping(ABC):
    """Shipping methods and collection points that customers can choose."""

    # Saleor's GraphQL type of shipping methods.
    graphql_type: ClassVar[str]

    @abstractmethod
    def offered(self, channel: str) -> Sequence[OfferedDelivery]:
        """Return the deliveries that Saleor offers in the channel, by zone and name."""

    def deliveries(self, channel: str) -> Collection[Delivery]:
        """Return the deliveries that Saleor offers in the channel, with their marks."""
        return [one.delivery for one in self.offered(channel)]

    @abstractmethod
    def names(self) -> Collection[str]:
        """Return the names of all methods and collection points, in any channel."""

    @abstractmethod
    def has_others(self) -> bool:
        """Return whether apps offer further methods, whose names Saleor does not know."""

    @abstractmethod
    def mark(self, deliveries: Collection[Delivery], *, handled: bool) -> None:
        """Write the mark of methods and collection points, or remove it.

        Only for lines of Saleor with `has_shipping_metadata`.
        """
