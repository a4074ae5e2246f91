"""What the use cases need from the outside; `wiring` puts the adapters in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from saleor_picqer.config import Settings
from saleor_picqer.domain.fulfilments import Picklist, RemoteOrder
from saleor_picqer.domain.hooks import RemoteHook
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

    def webhook_url(self, channel: str) -> str:
        """The public address of the plugin's webhook endpoint, without a trailing slash."""


class Picqer(Protocol):
    """One Picqer account. Every method may raise an error of `saleor_picqer.errors`."""

    def vat_group(self, percentage: Decimal) -> int: ...

    def create_order(self, request: Mapping[str, Any]) -> RemoteOrder: ...

    def process_order(self, order_id: int) -> None:
        """Idempotent: an order that is processed already is left as it is."""

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

    def postpone(self, entry: Entry, reason: str) -> None:
        """Gives the row back with a failed attempt; fails it for good after too many."""

    def fail(self, entry: Entry, reason: str) -> None:
        """Gives up, with a reason in the shop owner's words."""

    def find(self, channel: str, remote_id: int) -> Entry | None: ...

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
    secrets: Secrets

    @property
    def channel(self) -> str:
        return self.settings.channel
