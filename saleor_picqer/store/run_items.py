"""Products read from Picqer by a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Upper

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import SoldOut
from saleor_picqer.domain.skus import BySku, compare_key, normalize
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.models import SyncItem, SyncRun

Topic = SyncItem.Topic


class RunItems:
    """Products read by a run: implements `sync.ports.runs.ReadProducts`."""

    def __init__(self, run: SyncRun) -> None:
        self._run = run
        self._unsaved: list[SyncItem] = []

    def save(self) -> None:
        """Write the products kept since the last save, in one statement."""
        SyncItem.objects.bulk_create(self._unsaved, ignore_conflicts=True)
        self._unsaved = []

    def clear(self) -> None:
        """Forget all products."""
        self._run.items.all().delete()
        self._unsaved = []

    def keep(self, products: Sequence[RemoteProduct]) -> None:
        for product in products:
            fields = {**asdict(replace(product, levels=())), "levels": _plain(product.levels)}
            self._add(Topic.PRODUCT, product.sku, fields)

    def get(self, skus: Collection[str]) -> dict[str, RemoteProduct]:
        return {sku: _product(content) for sku, content in self._find(Topic.PRODUCT, skus).items()}

    def withheld(self, skus: Collection[str]) -> Set[str]:
        return self._find(Topic.SOLD_OUT, skus).keys()

    def _find(self, topic: Topic, skus: Collection[str]) -> dict[str, Any]:
        """Return the content kept of SKUs, by SKU, in whatever spelling."""
        items = self._rows(topic)
        # Most SKUs have the same spelling in Picqer, and an index finds these.
        rows = dict(items.filter(sku__in=list(skus)).values_list("sku", "content"))
        if missing := [compare_key(sku) for sku in skus if sku not in rows]:
            others = items.annotate(key=Upper("sku")).filter(key__in=missing)
            rows |= dict(others.values_list("sku", "content"))
        found = BySku(rows)
        return {sku: content for sku in skus if (content := found.get(sku))}

    def withhold(self, sold_out: Sequence[SoldOut]) -> None:
        for row in sold_out:
            code = row.levels[0].sku if row.levels else row.sku
            content = {
                "read_at": row.read_at.isoformat(),
                "code": code,
                "levels": _plain(row.levels),
            }
            self._add(Topic.SOLD_OUT, row.sku, content)

    def sold_out(self, after: str, limit: int) -> Mapping[str, SoldOut]:
        rows = self._rows(Topic.SOLD_OUT).filter(pk__gt=int(after or 0)).order_by("pk")[:limit]
        return {str(row.pk): _sold_out(row) for row in rows}

    def count_sold_out(self) -> int:
        return self._rows(Topic.SOLD_OUT).count()

    def _add(self, topic: Topic, sku: str, content: Mapping[str, Any]) -> None:
        self._unsaved.append(SyncItem(run=self._run, topic=topic, sku=sku, content=content))

    def _rows(self, topic: Topic) -> QuerySet[SyncItem]:
        return SyncItem.objects.filter(run=self._run, topic=topic)


type _PlainLevel = tuple[int, int, int | None, int]


def _plain(levels: Sequence[StockLevel]) -> list[_PlainLevel]:
    return [(each.warehouse_id, each.free, each.product_id, each.claimed) for each in levels]


def _levels(sku: str, plain: Sequence[_PlainLevel]) -> tuple[StockLevel, ...]:
    return tuple(StockLevel(row[0], sku, *row[1:]) for row in plain)


def _product(content: Mapping[str, Any]) -> RemoteProduct:
    levels = _levels(normalize(content["code"]), content["levels"])
    return RemoteProduct(**{**content, "levels": levels})


def _sold_out(row: SyncItem) -> SoldOut:
    read_at = datetime.fromisoformat(row.content["read_at"])
    return SoldOut(row.sku, read_at, _levels(row.content["code"], row.content["levels"]))
