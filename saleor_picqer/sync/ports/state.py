"""The plugin's own tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from saleor_picqer.domain.fulfilments import ShippedPicklist
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.parcels import Shipment
from saleor_picqer.domain.payments import Asked, CaptureState
from saleor_picqer.domain.stock import Reading, RemoteWarehouse, Reservation, StockLevel
from saleor_picqer.domain.warehouses import LinkedWarehouse


class Outbox(Protocol):
    """Orders on the way to Picqer or in Picqer, with a row each."""

    def claim(self, order_pk: str) -> Entry | None:
        """Lease the row of a due order to the caller; None for any other order."""

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        """Save changes and renew the lease. A caller without the lease revokes the lease.

        The stages COMPLETED, CANCELLED and SKIPPED end the digests of what was sent.

        Raises TryLaterError when another worker has changed the row since the entry was read.
        """

    def release(self, entry: Entry, *, waiting_for: str = "", error: str = "") -> None:
        """End the lease. `waiting_for` tells staff what has to happen in Saleor first.

        `error` is of an attempt that failed and is not repeated.
        """

    def postpone(
        self,
        entry: Entry,
        reason: str,
        *,
        slowly: bool = False,
        unsure: bool = False,
        delay: timedelta | None = None,
    ) -> bool:
        """End the lease after a failed attempt; True after the last allowed attempt.

        `slowly` is for errors which staff have to mend first. `unsure` keeps the row from other
        workers as long as Picqer may still carry out the request. With `delay` the order only
        waits for its turn: the attempt does not count.
        """

    def fail(self, entry: Entry, reason: str) -> None:
        """Make the order a dead letter, flagged with the reason."""

    def find(self, account: str, remote_id: int) -> Entry | None:
        """Read the row of an order in Picqer, without a lease."""

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        """Read the row of an order with the reference and cancelled in Picqer."""

    def record_remote_status(self, entry: Entry, status: str, status_page: str) -> bool:
        """Save Picqer's status of the order; True when the status is new to all workers.

        Raises TryLaterError when another worker has saved a different status since the entry was
        read. Only reading the order from Picqer again tells which is newer.
        """

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        """Return the ids in the rows of other orders."""


class StockReadings(Protocol):
    """Stock levels of a Picqer account as last read, and requests to read levels again."""

    def clock(self) -> datetime:
        """Return the database's clock; called before the request of a reading is sent."""

    def keep(
        self,
        levels: Iterable[StockLevel],
        read_at: datetime,
        spellings: Collection[str],
        *,
        give_up: bool = True,
    ) -> dict[str, int]:
        """Keep levels newer than the kept readings, in 2 statements.

        Of products whose codes differ in case, those spelled as in `spellings` count. Returns
        the former SKUs of products whose code was changed in Picqer, and the ids of the products.
        The free stock of these SKUs is zero then. Without `give_up` it stays as it is, and so does
        all that is kept of the products.
        """

    def of_skus(self, skus: Collection[str]) -> list[Reading]:
        """Return the kept readings of SKUs, spelled in any case."""

    def forget(self, product_ids: Collection[int], read_at: datetime) -> None:
        """Drop the older readings of products of which Picqer keeps no stock."""

    def request(self, product_ids: Collection[int]) -> None:
        """Have the stock of products read again, gathered with others; 1 statement."""

    def requested(self, limit: int) -> list[int]:
        """Return the products requested first."""

    def settle(self, product_ids: Collection[int], read_at: datetime) -> None:
        """Drop the requests that a reading has answered, which began at the given moment."""


class Reservations(Protocol):
    """What Picqer has reserved for orders, in one account."""

    def record(
        self,
        order_pk: str,
        remote_id: int,
        amounts: Mapping[str, int],
        since: datetime | None,
        *,
        bound: bool = True,
        products: Mapping[str, int] = MappingProxyType({}),
    ) -> list[str]:
        """Record amounts by SKU that Picqer has just confirmed as reserved, in 2 statements.

        `products` are Picqer's products of the SKUs, as far as known.

        Not `bound` are the goods of an order that Picqer has only allocated, perhaps in part.
        Returns the SKUs to read again: those without a reading, and those with a reading written
        since the given moment, which may know the reservation already. `since` is the database's
        clock before the request to Picqer, None for unknown.
        """

    def bind(self, remote_id: int, since: datetime | None) -> list[str]:
        """Record that Picqer has processed an order whose goods were only allocated.

        Returns the SKUs to read again, as `record` does; none for an order already processed.
        """

    def ship(self, remote_id: int, amounts: Mapping[str, int]) -> None:
        """Record amounts by SKU as shipped, so no longer reserved; 1 statement."""

    def close(self, remote_id: int) -> None:
        """Record the rest of the order as shipped; 1 statement."""

    def lower(self, orders: Mapping[int, Mapping[str, int]]) -> dict[int, list[str]]:
        """Reserve at most these amounts by SKU for orders, what was shipped included; 1 statement.

        Of a SKU that is missing, nothing stays reserved. Returns the SKUs with less than before, of
        each order with any.
        """

    def release(self, remote_id: int) -> bool:
        """Record the rest of the order as free again; False when nothing was reserved."""

    def holds(self, remote_id: int) -> bool:
        """Return whether anything is reserved for Picqer's order."""

    def of_goods(
        self, skus: Collection[str], product_ids: Collection[int] = ()
    ) -> list[Reservation]:
        """Return the reservations of SKUs, spelled in any case, and of products."""

    def skus_of(self, order_pks: Collection[str]) -> list[str]:
        """Return the SKUs that were reserved for orders."""


class WarehouseLinks(Protocol):
    """Links between warehouses of Picqer and mirrors in Saleor."""

    def all(self) -> dict[int, str]:
        """Return Picqer's id of each linked warehouse -> pk of the mirror."""

    def of_other_accounts(self) -> list[str]:
        """Return pks of the mirrors of all other Picqer accounts."""

    def pk_for(self, warehouse: RemoteWarehouse) -> str:
        """Return the pk of the mirror, always the same for a warehouse."""

    def read(self) -> dict[int, LinkedWarehouse]:
        """Return the links by Picqer's id of the warehouse."""

    def save(self, remote_id: int, link: LinkedWarehouse) -> None:
        """Save the link of a warehouse, instead of any other link of the account to the mirror."""

    def forget_channel(self, pk: str, channel: str) -> None:
        """Forget the shipping zones and the limits of a channel that has left the warehouse."""


class ProductLinks(Protocol):
    """Links between SKUs and Picqer's products."""

    def ids(self, skus: Collection[str]) -> dict[str, int]:
        """Return Picqer's product ids of the linked SKUs."""

    def link(self, products: Mapping[str, int]) -> None:
        """Save Picqer's product ids by SKU, and replace changed ids."""

    def unlink(self, sku: str) -> None:
        """Forget the product of a SKU that no product has any more."""


class CustomerLinks(Protocol):
    """Links between registered customers and records in Picqer."""

    def get(self, customer_pk: str) -> int | None:
        """Return the id of the customer's record in Picqer."""

    def reserve(self, customer_pk: str) -> bool:
        """Reserve a customer without a record; False while another worker creates the record.

        The reservation ends with `link` or `unlink`, or after `UNSURE`.
        """

    def link(self, customer_pk: str, remote_id: int) -> bool:
        """Link a customer; False when the record belongs to another customer."""

    def unlink(self, customer_pk: str) -> None:
        """Forget the record of a customer, or the reservation."""


class FulfilmentLinks(Protocol):
    """Links between closed picklists and fulfilments."""

    def recorded(self, picklist_ids: Collection[int]) -> Set[int]:
        """Return the picklists with a fulfilment."""

    def get(self, picklist_id: int) -> ShippedPicklist | None:
        """Return a picklist with a fulfilment."""

    def of_order(self, order_pk: str) -> list[ShippedPicklist]:
        """Return the order's picklists with a fulfilment, the oldest first."""

    def once(self, picklist: ShippedPicklist) -> AbstractContextManager[bool]:
        """Record the picklist in a transaction, which yields True to the first caller only."""

    def attach(
        self,
        picklist_id: int,
        *,
        created: Sequence[str],
        adopted: Sequence[str],
        hold: timedelta | None,
    ) -> None:
        """Save the fulfilments of a picklist, and for how long Saleor's e-mail is held back."""

    def replace_shipments(
        self, picklist: ShippedPicklist, shipments: Sequence[Shipment]
    ) -> AbstractContextManager[bool]:
        """Save other shipments in a transaction.

        Yields False where another worker has replaced them since `picklist` was read.
        """

    def release(
        self, account: str, picklist_id: int
    ) -> AbstractContextManager[ShippedPicklist | None]:
        """Open a transaction for the e-mail of any account's picklist, if the e-mail is due.

        Yields None where it is not due, or where another worker sends it. The e-mail stays due
        when the transaction fails.
        """


class Captures(Protocol):
    """Captures of payments after shipments, at most one of each order."""

    def require(self, order_pk: str) -> None:
        """Make the capture due; once for each order."""

    def withdraw(self, order_pk: str) -> None:
        """Forget a capture before Saleor is asked."""

    def claim(self, order_pk: str) -> bool:
        """Save the request to Saleor; True for a single worker, once for each order."""

    def unanswered(self, order_pk: str) -> Asked | None:
        """Return a capture with an outcome to look up now."""

    def settle(self, order_pk: str, state: CaptureState, notice: str) -> None:
        """Save the outcome, and the text for the order."""

    def wait(self, order_pk: str) -> None:
        """Have the outcome looked up again later."""

    def untold(self, order_pk: str) -> tuple[CaptureState, str] | None:
        """Return the state and a text not shown on the order yet; None without a text."""

    def mark_told(self, order_pk: str) -> None:
        """Save the text as shown."""


class Links(Protocol):
    """Links between objects of the shop and of a Picqer account."""

    @property
    def warehouses(self) -> WarehouseLinks: ...

    @property
    def products(self) -> ProductLinks: ...

    @property
    def customers(self) -> CustomerLinks: ...

    @property
    def fulfilments(self) -> FulfilmentLinks: ...
