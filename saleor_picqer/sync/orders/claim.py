"""One worker's hold on one order of the outbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.mapping.request import OrderRequest, order_request
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.errors import DataError, NotFoundError
from saleor_picqer.sync.ports import Context


class ClaimedOrder:
    """`entry` is always what the outbox last saved."""

    def __init__(self, context: Context, entry: Entry) -> None:
        self.context = context
        self.entry = entry
        skipped = entry.stage is Stage.SKIPPED
        self._was_shown = skipped or _is_shown(entry) or entry.attempts > 0

    @property
    def remote_id(self) -> int:
        """Picqer's id of an order that is there."""
        if self.entry.remote_id is None:
            raise DataError("the order is not in Picqer yet")
        return self.entry.remote_id

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is in an account that the channel had before."""
        here = ("", self.context.account)
        return self.entry.remote_id is not None and self.entry.account not in here

    def order(self) -> Order:
        order = self.context.shop.orders.get(self.entry.order_pk)
        if order is None:
            raise DataError("the order no longer exists in Saleor")
        return order

    def read(self) -> RemoteOrder | None:
        """The order as Picqer has it now; None where it is gone."""
        try:
            return self.context.picqer.orders.get(self.remote_id)
        except NotFoundError:
            return None

    def request(self, order: Order) -> OrderRequest:
        return order_request(order, self.context.settings.mapping, self.context.picqer.reference)

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

    def record_remote_status(self, status: RemoteStatus, status_page: str) -> bool:
        """Notes Picqer's status of the order; True for the first who saw it in that status.

        Raises TryLaterError when what was seen may be older than what another worker has noted.
        """
        is_new = self.context.outbox.record_remote_status(self.entry, status.value, status_page)
        self.entry = replace(self.entry, remote_status=status.value, status_page=status_page)
        return is_new

    def note(self, message: str) -> None:
        self.context.shop.orders.add_note(self.entry.order_pk, f"Picqer: {message}")

    def flag(self, message: str) -> None:
        """Marks the order as one that somebody has to look at, and says why; once per reason."""
        if message != self.entry.attention:
            self.save(attention=message)
            self.note(message)

    def clear_flag(self) -> None:
        """Both sides agree again."""
        if self.entry.attention:
            self.save(attention="")

    def publish(self) -> None:
        """Shows on the shop's order where it is in Picqer.

        Until that is what the outbox says: other workers show what they know of it, too.
        """
        shown, values = None, self._to_show()
        while (self._was_shown or _is_shown(self.entry)) and values != shown:
            shown = values
            self.context.shop.orders.write_metadata(self.entry.order_pk, shown)
            values = self._to_show()

    def _to_show(self) -> dict[str, str]:
        latest = self._latest()
        is_shown = _is_shown(latest) or latest.stage is Stage.SKIPPED
        return latest.visible if is_shown else dict.fromkeys(latest.visible, "")

    def _latest(self) -> Entry:
        """What others may have seen of it in Picqer meanwhile."""
        entry = self.entry
        if entry.remote_id is None or entry.stage is Stage.FAILED:
            return entry
        return self.context.outbox.find(entry.account, entry.remote_id) or entry


def _is_shown(entry: Entry) -> bool:
    """An order that never was in Picqer, and goes well, shows nothing."""
    return bool(entry.remote_number or entry.attention)
