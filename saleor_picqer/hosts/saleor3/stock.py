"""Warehouses of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection

from saleor.channel.models import Channel
from saleor.warehouse.models import Warehouse

from saleor_picqer.hosts.common.stock import Stock


class Saleor3Stock(Stock):
    def _country(self, channel: str) -> str:
        return str(Channel.objects.get(pk=channel).default_country.code)

    def _link(self, warehouse: Warehouse, channel: str) -> None:
        # From 3.23 a site setting decides whether channels or shipping zones make stock visible.
        owner = Channel.objects.get(pk=channel)
        warehouse.channels.add(owner)
        warehouse.shipping_zones.add(*owner.shipping_zones.all())

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        Channel.objects.get(pk=channel).warehouses.remove(*Warehouse.objects.filter(pk__in=pks))

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        others = Warehouse.objects.filter(channels=channel).exclude(pk__in=list(mirrored))
        return [str(pk) for pk in others.values_list("pk", flat=True)]
