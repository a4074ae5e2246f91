"""What the use cases need from the outside; `wiring` puts the adapters in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from saleor_picqer.config import Settings
from saleor_picqer.domain.fulfilments import Picklist, RemoteLine, RemoteOrder
from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.order_request import Directory
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.stock import StockLevel, Warehouse

ReservedOrders = Callable[[Collection[str]], Set[str]]
"""Order pks -> those of them whose goods Picqer has already taken out of its free stock."""


class Shop(Protocol):
    """Saleor, one line of it. Primary keys travel as strings. All methods use the database."""

    def order(self, pk: str) -> Order | None: ...

    def variants(self, channel: str) -> Iterator[Variant]:
        """Every variant with a SKU that the channel lists, in a stable order."""

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]: ...

    def count_variants(self, channel: str) -> int: ...

    def mirror_warehouse(self, pk: str, name: str, channel: str) -> None:
        """Creates or renames a warehouse; links it to the channel and its shipping zones."""

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        """Unlinks warehouses from the channel: they keep their stock but sell no more there."""

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        """Pks of the channel's warehouses that mirror none of Picqer's."""

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        """Writes free stock by SKU, by the arithmetic of `domain.stock`, under Saleor's locks.

        With `complete`, SKUs that are not in `levels` count as zero. Returns how many stocks
        changed.
        """

    def fulfil(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        *,
        tracking: str,
        notify: bool,
    ) -> str | None:
        """Creates one fulfilment of the given quantities by line pk; its pk.

        Quantities that are no longer open are left out; None when nothing is left. Raises
        DataError when the order's status forbids it.
        """

    def cancel(self, order_pk: str) -> bool:
        """Cancels the order and releases its stock; False where Saleor does not allow it."""

    def note(self, order_pk: str, message: str) -> None:
        """Adds a note to the order's timeline."""

    def remember(self, order_pk: str, values: Mapping[str, str]) -> None:
        """Merges the values, our prefix put before their keys, into the order's private metadata.

        An empty value removes its key. Nothing else of the order changes and no hook is called.
        """

    def webhook_url(self, channel: str) -> str:
        """The public address of the plugin's webhook endpoint, without a trailing slash."""


class Picqer(Directory, Protocol):
    """One Picqer account. Every method may raise an error of `saleor_picqer.errors`."""

    @property
    def answered(self) -> bool:
        """Whether Picqer has answered anything so far, be it with a refusal."""

    def create_order(self, request: Mapping[str, Any]) -> RemoteOrder: ...

    def update_order(self, order_id: int, changes: Mapping[str, Any]) -> None:
        """Header fields."""

    def tag_order(self, order_id: int, title: str) -> None: ...

    def allocate_order(self, order_id: int) -> None:
        """Raises WrongStatusError for an order that is processed already: read it again."""

    def process_order(self, order_id: int) -> None:
        """Raises WrongStatusError for an order that is processed already: read it again."""

    def cancel_order(self, order_id: int, *, force: bool) -> None:
        """By force also when it is processed, with its picklists."""

    def order_lines(self, order_id: int) -> list[RemoteLine]:
        """Without the parts of compositions."""

    def add_line(self, order_id: int, line: Mapping[str, Any]) -> None:
        """Picqer may not know a `productcode` here: give an `idproduct`."""

    def update_line(self, order_id: int, line_id: int, changes: Mapping[str, Any]) -> None: ...

    def delete_line(self, order_id: int, line_id: int) -> None: ...

    def customers_by_email(self, email: str) -> list[int]:
        """Ids of the customers with exactly this address, whatever its case."""

    def create_customer(self, request: Mapping[str, Any]) -> int: ...

    def order(self, order_id: int) -> RemoteOrder: ...

    def orders_by_reference(self, reference: str) -> list[RemoteOrder]:
        """Exactly equal references only, oldest first."""

    def picklist(self, picklist_id: int) -> Picklist: ...

    def products(self) -> Iterator[RemoteProduct]:
        """Active and inactive ones."""

    def product_by_code(self, code: str) -> RemoteProduct | None: ...

    def create_product(self, request: Mapping[str, Any]) -> RemoteProduct: ...

    def update_product(self, product_id: int, changes: Mapping[str, Any]) -> None: ...

    def warehouses(self) -> list[Warehouse]: ...

    def warehouse_stock(self, warehouse_id: int) -> Iterator[StockLevel]: ...

    def product_stock(self, product_id: int, sku: str) -> list[StockLevel]: ...

    def hooks(self) -> Iterator[RemoteHook]: ...

    def create_hook(self, name: str, event: str, address: str, secret: str) -> None: ...

    def deactivate_hook(self, hook_id: int) -> None: ...


class Outbox(Protocol):
    """The orders on their way to Picqer, one row each."""

    def claim(self, order_pk: str) -> Entry | None:
        """Takes the row for this worker alone; None when there is nothing to do now."""

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        """Saves new values at once, before the next request goes out.

        Raises TryLaterError when another worker has taken the order further meanwhile.
        """

    def release(self, entry: Entry, *, waiting_for: str = "") -> None:
        """Gives the row back: done with it, or waiting for something to happen in the shop."""

    def postpone(
        self, entry: Entry, reason: str, *, slowly: bool = False, unsure: bool = False
    ) -> bool:
        """Gives the row back with a failed attempt; True when that was one too many.

        `slowly` where somebody has to change something before it can succeed; `unsure` where a
        request may still be carried out: nobody gets the row before that is over.
        """

    def fail(self, entry: Entry, reason: str) -> None:
        """Gives up, with a reason in the shop owner's words that asks for attention."""

    def find(self, account: str, remote_id: int) -> Entry | None: ...

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        """The order that was sent with this reference and then cancelled in Picqer."""

    def saw(self, entry: Entry, status: str, link: str) -> bool:
        """Notes Picqer's status of the order; True for the first who saw it in that status.

        Raises TryLaterError when somebody has noted another one since the entry was read: whose is
        the older, only asking Picqer again can tell.
        """

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        """Those of the remote orders that belong to other rows than this one."""

    def reserved(self, order_pks: Collection[str]) -> Set[str]: ...

    def pushing(self, channel: str) -> bool:
        """Whether some worker is in the middle of a push for this channel."""


class Links(Protocol):
    """What of ours mirrors what of Picqer's, per account."""

    def warehouses(self) -> dict[int, str]:
        """idwarehouse -> pk of the Saleor warehouse."""

    def pk_for(self, warehouse: Warehouse) -> str:
        """The pk a new mirror gets: always the same, so that a repeated pull makes no second."""

    def link_warehouse(self, warehouse: Warehouse, pk: str) -> None: ...

    def products(self, skus: Collection[str]) -> dict[str, int]:
        """SKU -> idproduct of those that Picqer is known to have."""

    def link_products(self, products: Mapping[str, int]) -> None: ...

    def customer(self, customer_pk: str) -> int | None: ...

    def link_customer(self, customer_pk: str, remote_id: int) -> bool:
        """False where that record is another customer's already."""

    def unlink_customer(self, customer_pk: str) -> None: ...

    def fulfilled(self, picklist_ids: Collection[int]) -> Set[int]:
        """Those of the picklists that already are fulfilments."""

    def once(self, order_pk: str, picklist_id: int) -> AbstractContextManager[bool]:
        """A transaction that is entered with True by the first only; undone on an error."""


class Secrets(Protocol):
    """The webhook secret of a channel; never part of the settings or of a URL."""

    def current(self, channel: str) -> str:
        """Made at random when there is none yet."""


class Progress(Protocol):
    """A sync run that somebody watches."""

    def start(self, total: int) -> None: ...

    def count(self, outcome: str) -> None:
        """One more item, which was `created`, `updated`, `unchanged` or `failed`."""

    def problem(self, message: str) -> None: ...


@dataclass(frozen=True)
class Context:
    """One channel with everything that its use cases need."""

    settings: Settings
    shop: Shop
    picqer: Picqer
    outbox: Outbox
    links: Links
    account: str
    secrets: Secrets
    since: datetime | None = None
    """Orders that were placed before are not ours, unless somebody asks for them."""

    @property
    def channel(self) -> str:
        return self.settings.channel
