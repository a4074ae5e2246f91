"""The policy of a channel: which orders Picqer handles, by the order's delivery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from saleor_picqer.domain.names import normal_name, split_titles

# Private metadata key that marks a shipping method, or a warehouse where customers collect their
# orders (click and collect), as handled by Picqer.
MARK_KEY: Final = "picqer.handled"

# Longer than any primary key with a name.
KEY_LENGTH: Final = 300

MARKED: Final = "marked"
ALL: Final = "all"
_TRUE = frozenset({"true", "yes", "1", "on"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of an order, as stored with the order.

    `method_name` is the name of the shipping method or of the collection point, `mark` the value
    under `MARK_KEY`. `method_pk` is empty for a deleted method and for a method of an app.
    """

    method_name: str = ""
    mark: str | None = None
    is_collection: bool = False
    method_pk: str = ""

    @property
    def key(self) -> str:
        """A text by which `is_by` recognises the method."""
        return f"{self.method_pk} {self.method_name}"[:KEY_LENGTH]

    def is_by(self, key: str) -> bool:
        """Return whether the method is the one with this key, which may be deleted by now."""
        if self.method_pk:
            return self.key == key
        _, _, name = key.partition(" ")
        return self.method_name == name

    @property
    def is_marked(self) -> bool:
        return (self.mark or "").strip().lower() in _TRUE


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """A channel's rule: `marked` methods, `all` methods, or methods by name.

    `all` does not include collection points: collected orders are sent only where the point is
    marked or named. `names` are normal names; without names Picqer handles no method.
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
        """Return whether Picqer handles an order with such a delivery."""
        # A digital order has no delivery.
        if not delivery.method_name.strip():
            return False
        if self.kind == ALL:
            return not delivery.is_collection
        if self.kind == MARKED:
            return delivery.is_marked
        return normal_name(delivery.method_name) in self.names

    def still_handles(self, delivery: Delivery, recorded: str) -> bool:
        """Return whether Picqer handles an order that was recorded with the method of a key.

        An order with the same method stays handled, whatever has become of the method. An empty
        key stands for any method.
        """
        return not recorded or delivery.is_by(recorded) or self.handles(delivery)


def change_names(text: str, names: Iterable[str], *, handled: bool) -> str:
    """Return the text of the setting with methods by name added, or without these methods."""
    changed = dict.fromkeys(names)
    wanted = set(map(normal_name, changed))
    named = [] if ShippingPolicy.parse(text).kind == MARKED else [*split_titles(text)]
    kept = [name for name in named if normal_name(name) not in wanted]
    return ", ".join([*kept, *(changed if handled else ())])
