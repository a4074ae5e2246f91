"""Warehouses of Saleor 2.10."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from saleor.shipping.models import ShippingZone
from saleor.warehouse.models import Warehouse

from saleor_picqer.hosts.common.stock import Stock


class Saleor2Stock(Stock):
    def _country(self, channel: str) -> str:
        return str(settings.DEFAULT_COUNTRY)

    def _link(self, warehouse: Warehouse, channel: str) -> None:
        warehouse.shipping_zones.add(*ShippingZone.objects.all())

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        for warehouse in Warehouse.objects.filter(pk__in=list(pks)):
            warehouse.shipping_zones.clear()

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        others = Warehouse.objects.filter(shipping_zones__isnull=False)
        others = others.exclude(pk__in=list(mirrored)).distinct()
        return [str(pk) for pk in others.values_list("pk", flat=True)]
