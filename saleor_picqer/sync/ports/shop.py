"""Saleor by topic. Primary keys travel as strings; all methods use the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from typing import Protocol

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.products import Variant

# Takes order pks, and returns those whose goods Picqer's free stock already excludes.
ReservedOrders = Callable[[Collection[str]], Set[str]]


class ShopOrders(Protocol):
    """The shop's orders."""

    def get(self, pk: str) -> Order | None:
        """Load an order with all lines."""

    def fulfil(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        *,
        tracking: str,
        notify: bool,
    ) -> str | None:
        """Create a fulfilment of the given quantities by line pk and return the pk.

        Quantities no longer open are left out; None when none are left. Raises DataError
        when the order's status forbids a fulfilment.
        """

    def cancel(self, order_pk: str) -> bool:
        """Cancel the order and release the stock; False when Saleor forbids cancelling."""

    def add_note(self, order_pk: str, message: str) -> None:
        """Add a note to the order's timeline."""

    def write_metadata(self, order_pk: str, values: Mapping[str, str]) -> None:
        """Merge values into the order's private metadata, under the plugin's prefix.

        An empty value removes the key. No other field changes, and Saleor calls no hook.
        """


class ShopCatalogue(Protocol):
    """The shop's product variants."""

    def variants(self, channel: str, after: str = "") -> Iterator[Variant]:
        """Yield every listed variant of goods with a SKU by primary key, after the given one."""

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        """Load the listed variants with the given SKUs, by the given spelling."""

    def count(self, channel: str) -> int:
        """Return the number of variants in `variants`."""


class ShopStock(Protocol):
    """The shop's warehouses and stock."""

    def mirror_warehouse(self, pk: str, name: str, channel: str) -> None:
        """Create or rename a warehouse and link the warehouse to channel and shipping zones."""

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        """Unlink warehouses from the channel, which then no longer sells the stock."""

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        """Return the channel's warehouses without a counterpart in Picqer."""

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        """Write stock by SKU as calculated by `domain.stock`, under Saleor's locks.

        With `complete`, SKUs missing from `levels` count as zero. Returns the number of
        changed stocks.
        """


class ShopChannels(Protocol):
    """The shop's channels."""

    def webhook_url(self, channel: str) -> str:
        """Return the public address of the plugin's webhook endpoint, without trailing slash."""


class Shop(Protocol):
    """A Saleor shop."""

    @property
    def orders(self) -> ShopOrders: ...

    @property
    def catalogue(self) -> ShopCatalogue: ...

    @property
    def stock(self) -> ShopStock: ...

    @property
    def channels(self) -> ShopChannels: ...
