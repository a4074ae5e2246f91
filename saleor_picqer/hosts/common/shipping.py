"""Shipping methods and collection points of the shop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection

from saleor_picqer.domain.shipping import Delivery


class Shipping(ABC):
    """Shipping methods and collection points that customers can choose."""

    @abstractmethod
    def deliveries(self, channel: str) -> Collection[Delivery]:
        """Return the deliveries that Saleor offers in the channel, with their marks."""

    @abstractmethod
    def names(self) -> Collection[str]:
        """Return the names of all methods and collection points, in any channel."""

    @abstractmethod
    def has_others(self) -> bool:
        """Return whether apps offer further methods, whose names Saleor does not know."""
