"""Which shipping methods Picqer handles: one policy per channel, asked of the order itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MARK_KEY: Final = "picqer.handled"
"""Private metadata key that marks a shipping method as handled by Picqer."""

MARKED: Final = "marked"
ALL: Final = "all"
_TRUE = frozenset({"true", "yes", "1", "on"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an order is to reach its customer, as the order itself remembers it."""

    method_name: str = ""
    mark: str | None = None

    @property
    def is_marked(self) -> bool:
        return (self.mark or "").strip().lower() in _TRUE


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """`marked`, `all`, or the names of the methods that Picqer handles.

    Names are compared without case and surrounding blanks; no name at all means no method.
    """

    kind: str = MARKED
    names: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> ShippingPolicy:
        word = text.strip().lower()
        if word in {MARKED, ALL}:
            return cls(kind=word)
        return cls(kind="named", names=frozenset(map(_normal, text.split(","))) - {""})

    @property
    def reads_marks(self) -> bool:
        return self.kind == MARKED

    def handles(self, delivery: Delivery) -> bool:
        """An order without any shipping method (digital, collected in a shop) is never handled."""
        if not delivery.method_name.strip():
            return False
        if self.kind == ALL:
            return True
        if self.kind == MARKED:
            return delivery.is_marked
        return _normal(delivery.method_name) in self.names


def _normal(name: str) -> str:
    return " ".join(name.split()).casefold()
