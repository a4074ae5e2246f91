"""Warehouses of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from saleor.channel.models import Channel
from saleor.warehouse import WarehouseClickAndCollectOption
from saleor.warehouse.models import ChannelWarehouse, Warehouse

from saleor_picqer.hosts.common.warehouses import Warehouses

_LINKED = ChannelWarehouse.objects.filter(warehouse=OuterRef("pk"))


class Saleor3Warehouses(Warehouses):
    def _country(self, channel: str) -> str:
        return str(Channel.objects.get(pk=channel).default_country.code)

    def _annotate(self, channel: str, rows: QuerySet[Warehouse]) -> QuerySet[Warehouse]:
        collection = ~Q(click_and_collect_option=WarehouseClickAndCollectOption.DISABLED)
        return rows.annotate(
            picqer_here=Exists(_LINKED.filter(channel=channel)),
            picqer_elsewhere=Exists(_LINKED.exclude(channel=channel)),
            picqer_collection=Case(When(collection, then=Value(True)), default=Value(False)),
        )

    def connect(self, pk: str, channel: str, known: Collection[str] | None) -> list[str]:
        warehouse, owner = Warehouse.objects.get(pk=pk), Channel.objects.get(pk=channel)
        zones = {str(zone): zone for zone in owner.shipping_zones.values_list("pk", flat=True)}
        # From 3.23 a site setting decides whether channels or shipping zones make stock visible.
        if known is None:
            warehouse.channels.add(owner)
        if new := [zone for text, zone in zones.items() if text not in (known or ())]:
            warehouse.shipping_zones.add(*new)
        return sorted({*zones, *(known or ())})

    def disconnect(self, pk: str, channel: str) -> None:
        ChannelWarehouse.objects.filter(channel=channel, warehouse=pk).delete()

    @transaction.atomic
    def arrange(self, channel: str, pks: Sequence[str]) -> None:
        rows = list(ChannelWarehouse.objects.filter(channel=channel).order_by("sort_order", "pk"))
        present = [str(row.warehouse_id) for row in rows]
        wanted = iter([pk for pk in pks if pk in present])
        # The mirrors exchange their places; other warehouses keep theirs.
        sequence = [next(wanted) if pk in pks else pk for pk in present]
        if sequence == present:
            return
        by_warehouse = {str(row.warehouse_id): row for row in rows}
        for place, pk in enumerate(sequence):
            by_warehouse[pk].sort_order = place
        ChannelWarehouse.objects.bulk_update(rows, ["sort_order"])
