"""Saleor by topic. Primary keys travel as strings; all methods use the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from typing import Protocol

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.products import Variant

# Order pks -> those whose goods Picqer has already taken out of its free stock.
ReservedOrders = Callable[[Collection[str]], Set[str]]


class ShopOrders(Protocol):
    """The shop's orders."""

    def get(self, pk: str) -> Order | None: ...

    def fulfil(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        *,
        tracking: str,
        notify: bool,
    ) -> str | None:
        """Create one fulfilment of the given quantities by line pk and return its pk.

        Quantities that are no longer open are left out; None when nothing is left. Raises
        DataError when the order's status forbids it.
        """

    def cancel(self, order_pk: str) -> bool:
        """Cancel the order and release its stock; False where Saleor does not allow it."""

    def add_note(self, order_pk: str, message: str) -> None:
        """Add a note to the order's timeline."""

    def write_metadata(self, order_pk: str, values: Mapping[str, str]) -> None:
        """Merge values into the order's private metadata, under the plugin's prefix.

        An empty value removes its key. Nothing else of the order changes and no hook is called.
        """


class ShopCatalogue(Protocol):
    """The shop's product variants."""

    def variants(self, channel: str) -> Iterator[Variant]:
        """Yield every variant with a SKU that the channel lists, in a stable order."""

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]: ...

    def count(self, channel: str) -> int:
        """Return the number of variants that `variants` yields."""


class ShopStock(Protocol):
    """The shop's warehouses and their stock."""

    def mirror_warehouse(self, pk: str, name: str, channel: str) -> None:
        """Create or rename a warehouse and link it to the channel and its shipping zones."""

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        """Unlink warehouses from the channel: they keep their stock but no longer sell there."""

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        """Return pks of the channel's warehouses that mirror none of Picqer's."""

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        """Write free stock by SKU as `domain.stock` calculates it, under Saleor's locks.

        With `complete`, SKUs missing from `levels` count as zero. Returns the number of stocks
        that changed.
        """


class ShopChannels(Protocol):
    """The shop's channels."""

    def webhook_url(self, channel: str) -> str:
        """Return the public address of the plugin's webhook endpoint, without trailing slash."""


class Shop(Protocol):
    """One Saleor shop."""

    @property
    def orders(self) -> ShopOrders: ...

    @property
    def catalogue(self) -> ShopCatalogue: ...

    @property
    def stock(self) -> ShopStock: ...

    @property
    def channels(self) -> ShopChannels: ...
