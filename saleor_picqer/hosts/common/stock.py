"""Warehouses and stock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.text import slugify
from saleor.account.models import Address as SaleorAddress
from saleor.warehouse.models import Warehouse

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.hosts.common import stock_levels
from saleor_picqer.sync.ports.shop import ReservedOrders


class Stock(ABC):
    """Warehouses of the shop and their stock: implements `sync.ports.shop.ShopStock`."""

    def mirror_warehouse(self, pk: str, name: str, channel: str) -> None:
        """Create or rename a warehouse and link it to the channel and its shipping zones."""
        warehouse = Warehouse.objects.filter(pk=pk).first() or self._create(pk, name, channel)
        if warehouse.name != name:
            warehouse.name = name
            warehouse.save(update_fields=["name"])
        self._link(warehouse, channel)

    @transaction.atomic
    def _create(self, pk: str, name: str, channel: str) -> Warehouse:
        address = SaleorAddress.objects.create(
            company_name=name[:256], country=self._country(channel)
        )
        # The start of the pk keeps the slug unique: several accounts may use the same name.
        slug = f"{slugify(name)[:200] or PLUGIN_ID}-{pk[:8]}"
        return Warehouse.objects.create(pk=pk, name=name[:250], slug=slug, address=address)

    @abstractmethod
    def _country(self, channel: str) -> str: ...

    @abstractmethod
    def _link(self, warehouse: Warehouse, channel: str) -> None: ...

    @abstractmethod
    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        """Unlink warehouses from the channel; their stock remains but no longer sells."""

    @abstractmethod
    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        """Return pks of the channel's warehouses without a counterpart in Picqer."""

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        return stock_levels.set_stocks(warehouse_pk, levels, reserved, complete=complete)
