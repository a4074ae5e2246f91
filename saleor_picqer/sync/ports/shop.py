"""Saleor by topic. Primary keys travel as strings; all methods use the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from saleor_picqer.domain.fulfilments import ForeignFulfilment
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.domain.payments import Capture
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.stock import Shelf
from saleor_picqer.domain.taken_back import EndedFulfilment
from saleor_picqer.domain.warehouses import ShopWarehouse

# Takes the locked stocks of some products, and returns new quantities by warehouse and variant pk.
# Stocks without a new quantity stay as they are.
Recount = Callable[[Sequence[Shelf]], Mapping[tuple[str, int], int]]


class ShopOrders(Protocol):
    """The shop's orders."""

    def get(self, pk: str) -> Order | None:
        """Load an order with all lines."""

    def cancel(self, order_pk: str) -> bool:
        """Cancel the order and release the stock; False when Saleor forbids cancelling."""

    def add_note(self, order_pk: str, message: str) -> None:
        """Add a note to the order's timeline."""

    def write_metadata(
        self, order_pk: str, values: Mapping[str, str], public: Mapping[str, str]
    ) -> None:
        """Merge values into the order's private and public metadata, under the plugin's prefix.

        An empty value removes the key. No other field changes, and Saleor calls no hook.
        """


class ShopFulfilments(Protocol):
    """The fulfilments of the shop's orders."""

    def create(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        tracking: Tracking,
        *,
        notify: bool,
    ) -> tuple[str, ...]:
        """Create a fulfilment of the given quantities by line pk and return the pk.

        Without a warehouse, there is a fulfilment for each warehouse that has the lines reserved.
        Quantities no longer open are left out; nothing is created when none are left. Raises
        DataError when the order is cancelled or a draft.
        """

    def foreign(self, order_pk: str, own: Collection[str]) -> list[ForeignFulfilment]:
        """Return the order's fulfilments of goods, without the given pks."""

    def ended(self, order_pk: str) -> list[EndedFulfilment]:
        """Return the order's fulfilments of cancelled and returned goods."""

    def show(self, pk: str, tracking: Tracking, *, former: str, notify: bool) -> bool:
        """Replace what a fulfilment shows of its parcels; False for a cancelled fulfilment.

        A tracking number other than `former` was entered by staff, and stays. With `notify`,
        Saleor tells the customer of the new number.
        """

    def notify(self, pk: str) -> None:
        """Let Saleor send the confirmation of a shipment, unless the fulfilment is cancelled."""


class ShopPayments(Protocol):
    """The payments of the shop's orders, through Saleor's own functions."""

    def capture(self, order_pk: str) -> Capture:
        """Capture what is authorised and due of the order, or ask the payment app to.

        Raises no error: without an answer the outcome is UNKNOWN. Never repeated by the caller.
        """

    def outcome(self, order_pk: str, since: datetime) -> Capture:
        """Return the outcome of a request made then; PENDING without an answer."""


class ShopCatalogue(Protocol):
    """The shop's product variants."""

    def variants(self, channel: str, after: str = "") -> Iterator[Variant]:
        """Yield every listed variant of goods with a SKU by primary key, after the given one."""

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        """Load the listed variants with the given SKUs, by the given spelling."""

    def variants_by_pk(self, channel: str, pks: Collection[str]) -> dict[str, Variant]:
        """Load the listed variants with the given primary keys."""

    def existing(self, pks: Collection[str], *, elsewhere: bool = False) -> Set[str]:
        """Return the primary keys of variants that exist, in whichever channel.

        With `elsewhere`, only of variants listed in channels of the Picqer account that do not send
        their products.
        """

    def modified_since(
        self, channel: str, since: datetime, after: str, limit: int
    ) -> Mapping[str, datetime]:
        """Return listed variants by time stamp and primary key, the earliest ones first.

        Begins at `since`, and at that moment behind the primary key `after`, which may be blank.
        The time stamps of variant and product tell of their own fields only.
        """

    def image(self, image: str) -> bytes:
        """Return a variant's image as JPEG or PNG.

        Raises DataError for an image that is missing, broken or too large.
        """

    def pulled(self, product: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields that the shop takes from a product of Picqer's.

        Raises SettingsError, with the reason, where the shop's callable fails.
        """

    def write_pulled(self, fields: Mapping[str, Mapping[str, Any]]) -> Set[str]:
        """Write fields by variant, in 2 statements; return the variants that have changed."""

    def count(self, channel: str) -> int:
        """Return the number of variants in `variants`."""


class ShopStock(Protocol):
    """The stock of the shop."""

    def recount(
        self,
        warehouse_pks: Collection[str],
        skus: Collection[str],
        new_quantities: Recount,
        *,
        order_pks: Collection[str] = (),
    ) -> int:
        """Write stock in one transaction, under Saleor's locks; return the number of changes.

        Concerns the variants with the SKUs and those on the orders, in the given warehouses.
        `new_quantities` is called once with all their stocks locked, and with a shelf for each
        stock that does not exist yet.
        """

    def set_tracking(self, *, on: Collection[str], off: Collection[str]) -> None:
        """Stop tracking the inventory of the variants `off`.

        The variants `on` are tracked again if this method has switched their tracking off.
        """

    def locked(self, order_pk: str) -> AbstractContextManager[None]:
        """Open a transaction with the order, the lines and the stocks of the lines locked.

        For actions after which the stocks are counted anew, before anybody sees them.
        """


class ShopWarehouses(Protocol):
    """The shop's warehouses."""

    def all(self, channel: str) -> list[ShopWarehouse]:
        """Read all warehouses of the shop, as seen from the channel."""

    def create(self, pk: str, name: str, channel: str) -> None:
        """Create a warehouse in the channel's country. Without effect for a known pk."""

    def rename(self, pk: str, name: str) -> None:
        """Give a warehouse the name, if it has another."""

    def connect(self, pk: str, channel: str, known: Collection[str] | None) -> list[str]:
        """Link a warehouse to the channel and its shipping zones; return the pks of the zones.

        Zones in `known` are not linked again: staff may have unlinked them. With None the
        channel itself is linked too.
        """

    def disconnect(self, pk: str, channel: str) -> None:
        """Unlink a warehouse from the channel, which then no longer sells its stock."""

    def delete(self, pk: str, channel: str) -> str:
        """Delete a warehouse and all stock in it, or return why not."""

    def arrange(self, channel: str, pks: Sequence[str]) -> None:
        """Bring warehouses of the channel into the given order, among their present places.

        Without effect on Saleor 2.10, where warehouses have no order.
        """


class ShopOffers(Protocol):
    """Stock for sale in warehouses of the shop: quantity without allocations."""

    def count(self, warehouses: Collection[str], besides: Collection[str] = ()) -> int:
        """Return the number of SKUs on offer, without those that `besides` offer too."""

    def after(self, warehouses: Collection[str], variant_pk: str) -> list[tuple[str, str]]:
        """Return variant pk and SKU of the next SKUs on offer, up to a batch, by variant pk."""

    def among(self, warehouses: Collection[str], skus: Collection[str]) -> set[str]:
        """Return the SKUs on offer among the given SKUs, in exactly the given spelling."""

    def among_others(self, warehouses: Collection[str], skus: Collection[str]) -> set[str]:
        """Return the SKUs on offer among the given SKUs, in whatever spelling Saleor has them.

        No index answers this.
        """

    def available(
        self, warehouses: Collection[str], skus: Collection[str]
    ) -> dict[tuple[str, str], int]:
        """Return the amount for sale of each stock by warehouse pk and SKU as Saleor spells it."""


class ShopChannels(Protocol):
    """The shop's channels."""

    def webhook_url(self, channel: str) -> str:
        """Return the public address of the plugin's webhook endpoint, without trailing slash."""


class Shop(Protocol):
    """A Saleor shop."""

    @property
    def orders(self) -> ShopOrders: ...

    @property
    def fulfilments(self) -> ShopFulfilments: ...

    @property
    def payments(self) -> ShopPayments: ...

    @property
    def catalogue(self) -> ShopCatalogue: ...

    @property
    def stock(self) -> ShopStock: ...

    @property
    def warehouses(self) -> ShopWarehouses: ...

    @property
    def offers(self) -> ShopOffers: ...

    @property
    def channels(self) -> ShopChannels: ...
