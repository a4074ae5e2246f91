"""What all lines have in common: models and arithmetic that are the same in each of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Self

from django.db import transaction
from django.utils.text import slugify
from saleor.account.models import Address as SaleorAddress
from saleor.plugins.models import PluginConfiguration
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Warehouse

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.skus import normalize
from saleor_picqer.hosts.common import stock
from saleor_picqer.hosts.common.fulfilments import HostFulfilments
from saleor_picqer.sync.ports.shop import ReservedOrders


class Host(HostFulfilments):
    """One line of Saleor: `sync.ports.Shop`, and what the plugin needs around it."""

    has_shipping_metadata: ClassVar[bool]
    """Whether staff can mark a shipping method through its private metadata."""

    global_plugins: ClassVar[Sequence[str]] = ()
    """Dotted paths of plugins that Saleor needs beside ours."""

    @property
    def orders(self) -> Self:
        return self

    @property
    def catalogue(self) -> Self:
        return self

    @property
    def stock(self) -> Self:
        return self

    @property
    def access(self) -> Self:
        return self

    @property
    def channels(self) -> Self:
        return self

    def listen(self) -> None:
        """Once, when all apps are ready: to what no hook of the line tells."""

    # --- the host itself

    @property
    @abstractmethod
    def version(self) -> str:
        """The version of Saleor, such as 3.23.28."""

    @abstractmethod
    def allow_db(self) -> AbstractContextManager[Any]:
        """Allows the use of the main database outside of a request."""

    def reader(self, info: Any) -> str:
        """Alias of the database that a GraphQL query reads from."""
        return "default"

    @abstractmethod
    def manage_plugins(self) -> Any:
        """The permission to manage plugins."""

    @abstractmethod
    def manage_orders(self) -> Any:
        """The permission to manage orders."""

    @abstractmethod
    def check_channel_access(self, mutation: Any, info: Any, order_pks: Collection[str]) -> None:
        """Raises Saleor's PermissionDenied unless whoever asks may see the orders' channels.

        `mutation` is the class of Saleor's that is being performed.
        """

    @abstractmethod
    def visible_channels(self, info: Any) -> Collection[str] | None:
        """Slugs of the channels whose orders the one who asks may see; None for all of them."""

    @abstractmethod
    def graphql_datetime(self) -> Any:
        """The schema's scalar for points in time: a schema has only one of that name."""

    @abstractmethod
    def register_error_codes(self, codes: Iterable[str]) -> None:
        """Makes our error codes known where the line keeps a list of all of them."""

    @abstractmethod
    def configurations(self, using: str = "default") -> Any:
        """QuerySet of the plugin's stored configurations, in the database of that alias."""

    @abstractmethod
    def slug_of(self, configuration: PluginConfiguration) -> str:
        """Slug of the channel that a stored configuration is for."""

    def configuration(self, channel: str) -> PluginConfiguration | None:
        """The stored configuration of a channel, active or not."""
        rows = (row for row in self.configurations() if self.slug_of(row) == channel)
        return next(rows, None)

    def webhook_url(self, channel: str) -> str:
        return self._absolute(f"/plugins/channel/{channel}/{PLUGIN_ID}/webhooks")

    @abstractmethod
    def _absolute(self, path: str) -> str: ...

    # --- products

    @abstractmethod
    def _variants(self, channel: str) -> Any:
        """QuerySet of the channel's variants that have a SKU, with all that `_variant` reads."""

    @abstractmethod
    def _variant(self, variant: ProductVariant) -> Variant: ...

    def variants(self, channel: str) -> Iterator[Variant]:
        """In chunks by primary key: flat memory, and stable while products are added."""
        after = 0
        while chunk := list(
            self._variants(channel).filter(pk__gt=after).order_by("pk")[:BATCH_SIZE]
        ):
            yield from map(self._variant, chunk)
            after = chunk[-1].pk

    def count(self, channel: str) -> int:
        return int(self._variants(channel).count())

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        rows = self._variants(channel).filter(sku__in=list(skus))
        return {normalize(row.sku): self._variant(row) for row in rows}

    # --- warehouses and stock

    def mirror_warehouse(self, pk: str, name: str, channel: str) -> None:
        warehouse = Warehouse.objects.filter(pk=pk).first() or self._create_warehouse(
            pk, name, channel
        )
        if warehouse.name != name:
            warehouse.name = name
            warehouse.save(update_fields=["name"])
        self._link_warehouse(warehouse, channel)

    @transaction.atomic
    def _create_warehouse(self, pk: str, name: str, channel: str) -> Warehouse:
        address = SaleorAddress.objects.create(
            company_name=name[:256], country=self._country(channel)
        )
        slug = f"{slugify(name)[:200] or PLUGIN_ID}-{pk[:8]}"
        return Warehouse.objects.create(pk=pk, name=name[:250], slug=slug, address=address)

    @abstractmethod
    def _country(self, channel: str) -> str: ...

    @abstractmethod
    def _link_warehouse(self, warehouse: Warehouse, channel: str) -> None: ...

    @abstractmethod
    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None: ...

    @abstractmethod
    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]: ...

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        return stock.set_stocks(warehouse_pk, levels, reserved, complete=complete)
