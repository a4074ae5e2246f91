"""One worker's hold on one order of the outbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from saleor_picqer.domain.order_request import OrderRequest, order_request
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.errors import DataError
from saleor_picqer.sync.ports import Context


class Work:
    """`entry` is always what the outbox last saved."""

    def __init__(self, context: Context, entry: Entry) -> None:
        self.context = context
        self.entry = entry
        self._shown = _is_shown(entry)

    @property
    def remote_id(self) -> int:
        """Picqer's id of an order that is there."""
        if self.entry.remote_id is None:
            raise DataError("the order is not in Picqer yet")
        return self.entry.remote_id

    def order(self) -> Order:
        order = self.context.shop.order(self.entry.order_pk)
        if order is None:
            raise DataError("the order no longer exists in Saleor")
        return order

    def request(self, order: Order) -> OrderRequest:
        return order_request(order, self.context.settings.mapping, self.context.picqer)

    def whole_request(self, order: Order) -> OrderRequest:
        """As if nothing had been fulfilled: what is compared must not change by fulfilling."""
        lines = tuple(replace(line, fulfilled=0) for line in order.lines)
        return self.request(replace(order, lines=lines))

    def reference(self, order: Order) -> str:
        """The one it was sent with, or is going to be."""
        return self.entry.reference or self.context.settings.reference_prefix + order.number

    def save(self, **changes: Any) -> None:
        """At once, before the next request goes out.

        Raises TryLaterError when another worker has taken the order further meanwhile.
        """
        self.entry = self.context.outbox.advance(self.entry, **changes)

    def note(self, message: str) -> None:
        self.context.shop.note(self.entry.order_pk, f"Picqer: {message}")

    def flag(self, message: str) -> None:
        """Marks the order as one that somebody has to look at, and says why; once per reason."""
        if message != self.entry.attention:
            self.save(attention=message)
            self.note(message)

    def publish(self) -> None:
        """Shows on the shop's order where it is in Picqer."""
        if self._shown or _is_shown(self.entry):
            self.context.shop.remember(self.entry.order_pk, self.entry.visible)


def _is_shown(entry: Entry) -> bool:
    """An order that is not in Picqer, and goes well, shows nothing."""
    return entry.remote_id is not None or bool(entry.attention)
