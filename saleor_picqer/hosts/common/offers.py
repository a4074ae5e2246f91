"""Stock for sale in warehouses of the shop."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Trim, Upper
from saleor.warehouse.models import Allocation, Stock

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.hosts.common.catalogue import SHIPS


class Offers:
    """Stock without an allocation: implements `sync.ports.shop.ShopOffers`."""

    def count(self, warehouses: Collection[str], besides: Collection[str] = ()) -> int:
        rows = _goods(warehouses)
        if besides:
            others = _on_offer(besides).order_by().values("product_variant_id")
            rows = rows.exclude(product_variant__in=others)
        return int(rows.order_by().values("product_variant_id").distinct().count())

    def after(self, warehouses: Collection[str], variant_pk: str) -> list[tuple[str, str]]:
        rows = _goods(warehouses).filter(product_variant__gt=int(variant_pk or 0))
        rows = rows.exclude(product_variant__sku=None).exclude(product_variant__sku="")
        names = ("product_variant_id", "product_variant__sku")
        # Without its ordering by pk, each variant would come once per warehouse.
        found = rows.order_by("product_variant_id").values_list(*names).distinct()
        return [(str(pk), sku) for pk, sku in found[:BATCH_SIZE]]

    def among(self, warehouses: Collection[str], skus: Collection[str]) -> set[str]:
        # An exact comparison, which an index answers: this is asked for every page.
        rows = _goods(warehouses).filter(product_variant__sku__in=list(skus))
        return set(rows.values_list("product_variant__sku", flat=True))

    def among_others(self, warehouses: Collection[str], skus: Collection[str]) -> set[str]:
        keys = {compare_key(sku) for sku in skus}
        rows = _spelled(_goods(warehouses)).filter(picqer_sku__in=keys)
        found = set(rows.values_list("picqer_sku", flat=True))
        return {sku for sku in skus if compare_key(sku) in found}

    def available(
        self, warehouses: Collection[str], skus: Collection[str]
    ) -> dict[tuple[str, str], int]:
        rows, names = _with_allocated(warehouses).filter(**_SHIPS), ("warehouse_id", *_AMOUNTS)
        found = list(rows.filter(product_variant__sku__in=list(skus)).values_list(*names))
        exact = {compare_key(sku) for _, sku, *_ in found}
        if others := {compare_key(sku) for sku in skus} - exact:
            found += _spelled(rows).filter(picqer_sku__in=others).values_list(*names)
        return {
            (str(warehouse), normalize(sku)): quantity - allocated
            for warehouse, sku, quantity, allocated in found
        }

    def of_variants(
        self, warehouses: Collection[str], variant_pks: Collection[str], using: str = "default"
    ) -> dict[tuple[str, str], int]:
        """Return the amount for sale of each stock by warehouse pk and variant pk."""
        rows = _with_allocated(warehouses).using(using)
        rows = rows.filter(product_variant__in=list(map(int, variant_pks)))
        names = ("warehouse_id", "product_variant_id", "quantity", "picqer_allocated")
        return {
            (str(warehouse), str(variant)): quantity - allocated
            for warehouse, variant, quantity, allocated in rows.values_list(*names)
        }


_SHIPS: Final = {f"product_variant__{name}": value for name, value in SHIPS.items()}
_AMOUNTS: Final = ("product_variant__sku", "quantity", "picqer_allocated")


def _spelled(stocks: QuerySet[Stock]) -> QuerySet[Stock]:
    """Return the stocks with their SKUs in the form in which SKUs are compared."""
    return stocks.annotate(picqer_sku=Upper(Trim("product_variant__sku")))


def _goods(warehouses: Collection[str]) -> QuerySet[Stock]:
    """Return the stocks on offer without digital goods, which Picqer never has."""
    return _on_offer(warehouses).filter(**_SHIPS)


def _on_offer(warehouses: Collection[str]) -> QuerySet[Stock]:
    stocked = _with_allocated(warehouses).filter(quantity__gt=0)
    return stocked.filter(quantity__gt=F("picqer_allocated"))


def _with_allocated(warehouses: Collection[str]) -> QuerySet[Stock]:
    rows = Allocation.objects.filter(stock=OuterRef("pk")).order_by().values("stock")
    total = rows.annotate(total=Sum("quantity_allocated")).values("total")
    stocks = Stock.objects.filter(warehouse__in=list(warehouses)).order_by("pk")
    return stocks.annotate(picqer_allocated=Coalesce(Subquery(total), 0))
