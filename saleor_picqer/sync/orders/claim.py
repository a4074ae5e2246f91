"""The order on which a use case works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from saleor_picqer.domain.mapping.order_metadata import order_metadata, public_order_metadata
from saleor_picqer.domain.mapping.request import OrderRequest, order_request
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus
from saleor_picqer.errors import DataError, NotFoundError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.orders.line_products import with_own_skus
from saleor_picqer.sync.ports import Context


class ClaimedOrder:
    """An order's outbox row together with the ports of the channel.

    `entry` is the row as last saved. A push holds the row's lease; a webhook reads and saves the
    row without a lease. `in_picqer` has the amounts by SKU of Picqer's order, as Picqer last said
    in this attempt; empty for unknown.
    """

    def __init__(self, context: Context, entry: Entry) -> None:
        self.context = context
        self.entry = entry
        self.in_picqer: Mapping[str, int] = {}
        skipped = entry.stage is Stage.SKIPPED
        # Earlier attempts may have published metadata that has to be removed again.
        self._was_published = skipped or _is_published(entry) or entry.attempts > 0

    @property
    def remote_id(self) -> int:
        """Picqer's id of the order. Raises DataError for an order not known to be in Picqer."""
        if self.entry.remote_id is None:
            raise DataError(texts.NOT_IN_PICQER_YET)
        return self.entry.remote_id

    @property
    def former_ids(self) -> list[int]:
        """Picqer's ids of the order so far, for the moment at which the order gets another one."""
        # In another account, the same ids are orders of other shops.
        ids = [] if self.is_in_other_account else [*self.entry.former_ids, self.entry.remote_id]
        return list(dict.fromkeys(pk for pk in ids if pk is not None))

    def has_shipped_before(self, remote: RemoteOrder) -> bool:
        """Tell whether Picqer has shipped this order, and staff had the rest sent as a new one."""
        is_former = remote.id in self.entry.former_ids and remote.id != self.entry.remote_id
        return is_former and remote.status is RemoteStatus.COMPLETED

    @property
    def is_in_other_account(self) -> bool:
        """True when the order was sent to a former Picqer account of the channel."""
        own = ("", self.context.account)
        return self.entry.remote_id is not None and self.entry.account not in own

    @property
    def may_be_in_other_account(self) -> bool:
        """True when a create request to a former Picqer account of the channel got no answer."""
        own = ("", self.context.account)
        unanswered = self.entry.remote_id is None and bool(self.entry.reference)
        return unanswered and self.entry.account not in own

    @property
    def skus(self) -> dict[int, str]:
        """The SKUs of the order's lines in Saleor, by Picqer's product."""
        return {id_: sku for sku, id_ in self.entry.products.items()}

    def see(self, order: Order) -> None:
        """Note the version of the order under work, for the next save."""
        self.entry = replace(self.entry, seen_version=order.version)

    def load_order(self) -> Order:
        """Load the order from Saleor. Raises DataError when Saleor no longer has the order."""
        order = self.find_order()
        if order is None:
            raise DataError(texts.GONE_FROM_SALEOR)
        return order

    def find_order(self) -> Order | None:
        """Load the order from Saleor; None when Saleor no longer has the order."""
        order = self.context.shop.orders.get(self.entry.order_pk)
        return order and with_own_skus(self.context, order, self.skus)

    def fetch(self, remote_id: int | None = None) -> RemoteOrder:
        """Read the order, or another one, from Picqer, with the SKUs of Saleor's lines."""
        remote = self.context.picqer.orders.get(remote_id or self.remote_id)
        return remote.called(self.skus)

    def read(self) -> RemoteOrder | None:
        """Read the order from Picqer; None when Picqer no longer has the order."""
        try:
            return self.fetch()
        except NotFoundError:
            return None

    def hear(self, answer: RemoteOrder | None) -> None:
        """Note the amounts of the order in Picqer's answer, if it has any."""
        if answer and answer.amounts:
            self.in_picqer = answer.called(self.skus).amounts

    def build_request(self, order: Order) -> OrderRequest:
        """Build the request to create the unfulfilled rest of the order in Picqer."""
        context = self.context
        request = order_request(order, context.settings.mapping, context.picqer.reference)
        return replace(request, digest_key=context.digest_key)

    def build_whole_request(self, order: Order) -> OrderRequest:
        """Build the request for the order as if no line had been fulfilled yet."""
        # Requests are compared to find changes, and a fulfilment is not a change of the order.
        lines = tuple(replace(line, fulfilled=0) for line in order.lines)
        return self.build_request(replace(order, lines=lines))

    def reference(self, order: Order) -> str:
        """Return the present or future reference of the order in Picqer."""
        return self.entry.reference or self.context.settings.reference_prefix + order.number

    def save(self, **changes: Any) -> None:
        """Save changes and renew the lease, before the next request to Picqer.

        Raises TryLaterError when another worker has changed the row meanwhile.
        """
        self.entry = self.context.outbox.advance(self.entry, **changes)

    def record_remote_status(self, status: RemoteStatus, status_page: str) -> bool:
        """Save Picqer's status of the order; True when the status is new to all workers.

        Raises TryLaterError when another worker has saved a possibly newer status.
        """
        is_new = self.context.outbox.record_remote_status(self.entry, status.value, status_page)
        self.entry = replace(self.entry, remote_status=status.value, status_page=status_page)
        return is_new

    def note(self, text: str) -> None:
        """Add a note to the timeline of Saleor's order."""
        self.context.shop.orders.add_note(self.entry.order_pk, text)

    def flag(self, text: str) -> None:
        """Mark the order for the attention of staff, with a note; once for each reason."""
        if text != self.entry.attention:
            self.save(attention=text)
            self.note(text)

    def clear_flag(self) -> None:
        """Remove the flag."""
        if self.entry.attention:
            self.save(attention="")

    def publish(self) -> None:
        """Write the order's state in Picqer into the metadata of Saleor's order."""
        published, values = None, self._metadata()
        # Other workers publish what they know of the order, so repeat until the row agrees.
        while (self._was_published or _is_published(self.entry)) and values != published:
            published = values
            self.context.shop.orders.write_metadata(self.entry.order_pk, *published)
            values = self._metadata()

    def _metadata(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return private and public metadata; empty values remove what was published."""
        latest = self._read_latest()
        private, public = order_metadata(latest), public_order_metadata(latest)
        if _is_published(latest) or latest.stage is Stage.SKIPPED:
            return private, public
        return dict.fromkeys(private, ""), dict.fromkeys(public, "")

    def _read_latest(self) -> Entry:
        """Return the row with the latest changes of other workers."""
        entry = self.entry
        if entry.remote_id is None or entry.stage is Stage.FAILED:
            return entry
        return self.context.outbox.find(entry.account, entry.remote_id) or entry


def _is_published(entry: Entry) -> bool:
    # An order that never was in Picqer and has no problem shows no metadata.
    return bool(entry.remote_number or entry.attention)
