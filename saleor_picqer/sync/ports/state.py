"""The plugin's own tables, as the use cases see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from contextlib import AbstractContextManager
from typing import Any, Protocol

from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.stock import RemoteWarehouse


class Outbox(Protocol):
    """Orders on their way to Picqer, one row each."""

    def claim(self, order_pk: str) -> Entry | None:
        """Lease the row to this worker; None when there is nothing to do now."""

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        """Save new values at once, before the next request goes out.

        Raises TryLaterError when another worker has taken the order further meanwhile.
        """

    def release(self, entry: Entry, *, waiting_for: str = "") -> None:
        """End the lease; `waiting_for` says what has to happen in the shop first."""

    def postpone(
        self, entry: Entry, reason: str, *, slowly: bool = False, unsure: bool = False
    ) -> bool:
        """End the lease after a failed attempt; True when that was the last attempt allowed.

        `slowly`: staff have to change something first. `unsure`: Picqer may still carry out a
        request, so no worker gets the row before that time is over.
        """

    def fail(self, entry: Entry, reason: str) -> None:
        """Give the order up, with a reason for staff that asks for attention."""

    def find(self, account: str, remote_id: int) -> Entry | None:
        """Return the row of an order in Picqer, without a lease."""

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        """Return the order that was sent with this reference and then cancelled in Picqer."""

    def record_remote_status(self, entry: Entry, status: str, status_page: str) -> bool:
        """Save Picqer's status of the order; True for the first worker that saw this status.

        Raises TryLaterError when another worker has saved a different status since the entry was
        read: only reading the order again tells which is newer.
        """

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        """Return those of the remote orders that belong to other rows than this one."""


class Reservations(Protocol):
    """Which orders Picqer has taken out of its free stock."""

    def reserved(self, order_pks: Collection[str]) -> Set[str]: ...

    def pushing(self, channel: str) -> bool:
        """Whether a worker is in the middle of a push for this channel."""


class WarehouseLinks(Protocol):
    """Picqer's warehouses and the Saleor warehouses that mirror them."""

    def all(self) -> dict[int, str]:
        """Return idwarehouse -> pk of the Saleor warehouse."""

    def pk_for(self, warehouse: RemoteWarehouse) -> str:
        """Return the pk for a new mirror, always the same, so that a repeat creates no second."""

    def link(self, warehouse: RemoteWarehouse, pk: str) -> None: ...


class ProductLinks(Protocol):
    """Products that Picqer is known to have."""

    def ids(self, skus: Collection[str]) -> dict[str, int]:
        """Return SKU -> idproduct of the known ones."""

    def link(self, products: Mapping[str, int]) -> None: ...


class CustomerLinks(Protocol):
    """Registered customers of the shop and their records in Picqer."""

    def get(self, customer_pk: str) -> int | None: ...

    def link(self, customer_pk: str, remote_id: int) -> bool:
        """Link a customer; False where the record belongs to another customer."""

    def unlink(self, customer_pk: str) -> None: ...


class FulfilmentLinks(Protocol):
    """Closed picklists that have become fulfilments."""

    def recorded(self, picklist_ids: Collection[int]) -> Set[int]:
        """Return those of the picklists that already are fulfilments."""

    def once(self, order_pk: str, picklist_id: int) -> AbstractContextManager[bool]:
        """Open a transaction that yields True to the first caller only."""


class Links(Protocol):
    """Which objects of the shop belong to which of Picqer's, for one account."""

    @property
    def warehouses(self) -> WarehouseLinks: ...

    @property
    def products(self) -> ProductLinks: ...

    @property
    def customers(self) -> CustomerLinks: ...

    @property
    def fulfilments(self) -> FulfilmentLinks: ...


class Secrets(Protocol):
    """Webhook secrets of the channels; never part of the settings or of a URL."""

    def current(self, channel: str) -> str:
        """Return the channel's secret, created at random on first use."""


class Progress(Protocol):
    """Progress of a sync run."""

    def start(self, total: int) -> None: ...

    def count(self, outcome: str) -> None:
        """Count one more item as `created`, `updated`, `unchanged` or `failed`."""

    def problem(self, message: str) -> None: ...
