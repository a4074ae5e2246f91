"""Which orders Picqer handles: one policy per channel, asked of how an order is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from saleor_picqer.domain.names import normal_name, split_titles

MARK_KEY: Final = "picqer.handled"
"""Private metadata key that marks a shipping method, or a warehouse where customers collect their
orders (click and collect), as handled by Picqer."""

MARKED: Final = "marked"
ALL: Final = "all"
_TRUE = frozenset({"true", "yes", "1", "on"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an order is to reach its customer, as the order itself remembers it.

    `method_name` is that of its shipping method, or of the place where it is collected.
    """

    method_name: str = ""
    mark: str | None = None
    is_collection: bool = False

    @property
    def is_marked(self) -> bool:
        return (self.mark or "").strip().lower() in _TRUE


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """`marked`, `all`, or the names of the methods that Picqer handles.

    Names are compared without case and surrounding blanks; no name at all means no method. `all`
    means all shipping methods: orders that are collected are only sent where the place is marked
    or named.
    """

    kind: str = MARKED
    names: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> ShippingPolicy:
        word = text.strip().lower()
        if word in {MARKED, ALL}:
            return cls(kind=word)
        return cls(kind="named", names=frozenset(map(normal_name, split_titles(text))))

    @property
    def reads_marks(self) -> bool:
        return self.kind == MARKED

    def handles(self, delivery: Delivery) -> bool:
        """An order that is not delivered in any way (a digital one) is never handled."""
        if not delivery.method_name.strip():
            return False
        if self.kind == ALL:
            return not delivery.is_collection
        if self.kind == MARKED:
            return delivery.is_marked
        return normal_name(delivery.method_name) in self.names
