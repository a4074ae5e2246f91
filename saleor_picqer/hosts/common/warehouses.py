"""Warehouses of the shop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import slugify
from saleor.account.models import Address as SaleorAddress
from saleor.warehouse.models import Allocation, Stock, Warehouse

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.domain.warehouses import ShopWarehouse, why_not_deleted

_STOCKED = Stock.objects.filter(warehouse=OuterRef("pk"))
_ALLOCATED = Allocation.objects.filter(stock__warehouse=OuterRef("pk"), quantity_allocated__gt=0)


class Warehouses(ABC):
    """Warehouses of the shop: implements `sync.ports.shop.ShopWarehouses`."""

    def all(self, channel: str) -> list[ShopWarehouse]:
        """Read all warehouses, in one query."""
        return [_as_data(row) for row in self._rows(channel).order_by("pk")]

    @transaction.atomic
    def create(self, pk: str, name: str, channel: str) -> None:
        """Create a warehouse in the channel's country."""
        if Warehouse.objects.filter(pk=pk).exists():
            return
        address = SaleorAddress.objects.create(
            company_name=name[:256], country=self._country(channel)
        )
        # The start of the pk keeps the slug unique: several accounts may use the same name.
        slug = f"{slugify(name)[:200] or PLUGIN_ID}-{pk[:8]}"
        Warehouse.objects.create(pk=pk, name=name[:250], slug=slug, address=address)

    def rename(self, pk: str, name: str) -> None:
        rows = Warehouse.objects.filter(pk=pk)
        rows.exclude(name=name[:250]).update(name=name[:250])

    @transaction.atomic
    def delete(self, pk: str, channel: str) -> str:
        """Delete a warehouse, unless it is needed at the moment of the deletion."""
        # A checkout that allocates goods locks their stock first.
        list(Stock.objects.select_for_update().filter(warehouse=pk).order_by("pk"))
        warehouse = self._rows(channel).filter(pk=pk).first()
        if warehouse is None or (reason := why_not_deleted(_as_data(warehouse))):
            return reason if warehouse else ""
        warehouse.delete()
        return ""

    @abstractmethod
    def connect(self, pk: str, channel: str, known: Collection[str] | None) -> list[str]:
        """Link a warehouse to the channel and its shipping zones without those in `known`."""

    @abstractmethod
    def disconnect(self, pk: str, channel: str) -> None:
        """Unlink a warehouse from the channel; its stock remains but no longer sells."""

    @abstractmethod
    def arrange(self, channel: str, pks: Sequence[str]) -> None: ...

    @abstractmethod
    def _country(self, channel: str) -> str: ...

    @abstractmethod
    def _annotate(self, channel: str, rows: QuerySet[Warehouse]) -> QuerySet[Warehouse]:
        """Add `picqer_here`, `picqer_elsewhere` and `picqer_collection` to warehouses."""

    def _rows(self, channel: str) -> QuerySet[Warehouse]:
        digital = _STOCKED.filter(
            product_variant__product__product_type__is_shipping_required=False, quantity__gt=0
        )
        rows = Warehouse.objects.annotate(
            picqer_digital=Exists(digital), picqer_allocated=Exists(_ALLOCATED)
        )
        return self._annotate(channel, rows)


def _as_data(row: Warehouse) -> ShopWarehouse:
    return ShopWarehouse(
        pk=str(row.pk),
        name=row.name,
        slug=row.slug,
        in_channel=row.picqer_here,
        is_collection_point=row.picqer_collection,
        holds_digital=row.picqer_digital,
        in_other_channels=row.picqer_elsewhere,
        has_allocations=row.picqer_allocated,
    )
