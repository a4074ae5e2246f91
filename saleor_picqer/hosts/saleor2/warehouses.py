"""Warehouses of Saleor 2.10."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf import settings
from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value
from saleor.shipping.models import ShippingZone
from saleor.warehouse.models import Warehouse

from saleor_picqer.hosts.common.warehouses import Warehouses

_LINKED = Warehouse.shipping_zones.through.objects.filter(warehouse=OuterRef("pk"))
_NO = Value(False, output_field=BooleanField())


class Saleor2Warehouses(Warehouses):
    def _country(self, channel: str) -> str:
        return str(settings.DEFAULT_COUNTRY)

    def _annotate(self, channel: str, rows: QuerySet[Warehouse]) -> QuerySet[Warehouse]:
        return rows.annotate(
            picqer_here=Exists(_LINKED), picqer_elsewhere=_NO, picqer_collection=_NO
        )

    def connect(self, pk: str, channel: str, known: Collection[str] | None) -> list[str]:
        zones = {str(zone): zone for zone in ShippingZone.objects.values_list("pk", flat=True)}
        if new := [zone for text, zone in zones.items() if text not in (known or ())]:
            Warehouse.objects.get(pk=pk).shipping_zones.add(*new)
        return sorted({*zones, *(known or ())})

    def disconnect(self, pk: str, channel: str) -> None:
        _LINKED.model.objects.filter(warehouse=pk).delete()

    def arrange(self, channel: str, pks: Sequence[str]) -> None:
        """Do nothing: warehouses have no order."""
