"""What the doctor reads of the shop: counts and short lists, in a fixed number of statements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Trim, Upper
from django_countries.data import COUNTRIES
from saleor.order.models import FulfillmentLine
from saleor.order.models import Order as SaleorOrder
from saleor.product.models import ProductVariant
from saleor.shipping.models import ShippingZone
from saleor.warehouse.models import Warehouse

from saleor_picqer.domain.doctor.goods import SkuFacts, Zone
from saleor_picqer.hosts.common.queries import with_skus

# The codes of ISO 3166-1, without those that Saleor adds to its own list.
ISO_COUNTRIES: Final = frozenset(COUNTRIES)
# How many names a list for a finding has at most.
_EXAMPLES: Final = 20
_CANCELLED: Final = ("canceled", "refunded_and_returned", "returned", "replaced")


class Survey(ABC):
    """Facts about a shop; the database counts products and orders, whose rows are not loaded."""

    # Name of the time at which an order or a fulfilment was created.
    _created: ClassVar[str]

    def skus(self, channel: str) -> SkuFacts:
        """Count the channel's variants of goods by what is wrong with their SKUs: 3 statements."""
        goods = self._goods(channel).annotate(picqer_trimmed=Trim("sku"))
        without = Q(sku=None) | Q(picqer_trimmed="")
        counts = goods.aggregate(
            variants=Count("pk"),
            missing=Count("pk", filter=without),
            padded=Count("pk", filter=~without & ~Q(sku=F("picqer_trimmed"))),
        )
        keyed = goods.exclude(without).annotate(picqer_key=Upper("picqer_trimmed"))
        groups = keyed.order_by().values("picqer_key").annotate(same=Count("pk"))
        doubled = groups.filter(same__gt=1).order_by("picqer_key")
        names = doubled.values_list("picqer_key", flat=True)
        return SkuFacts(**counts, doubled_count=doubled.count(), doubled=list(names[:_EXAMPLES]))

    def among(self, channel: str, skus: Collection[str]) -> list[str]:
        """Return the channel's SKUs among the given ones, spelled in any case: 1 statement."""
        rows = with_skus(self._goods(channel), skus).order_by("sku")
        return list(rows.values_list("sku", flat=True).distinct()) if skus else []

    @abstractmethod
    def tax_rates(self, channel: str) -> Mapping[Decimal | None, int]:
        """Count the channel's variants of goods by tax rate, None for a rate that is not known."""

    def countries(self, channel: str, since: datetime) -> Mapping[str, int]:
        """Count placed orders by the country of their delivery address: 1 statement."""
        rows = self._placed(channel).filter(**{f"{self._created}__gte": since})
        rows = rows.exclude(shipping_address=None).order_by()
        counted = rows.values("shipping_address__country").annotate(orders=Count("pk"))
        found: Counter[str] = Counter()
        for code, orders in counted.values_list("shipping_address__country", "orders"):
            found[str(code or "")] += orders
        return found

    def zones(self, channel: str) -> list[Zone]:
        """Return the channel's shipping zones: 2 statements."""
        rows = list(self._zones(channel).order_by("pk"))
        links = Warehouse.shipping_zones.through.objects.filter(shippingzone__in=rows)
        linked: dict[Any, set[str]] = defaultdict(set)
        for zone, warehouse in links.values_list("shippingzone_id", "warehouse_id"):
            linked[zone].add(str(warehouse))
        return [
            Zone(row.name, [str(one.code) for one in row.countries], frozenset(linked[row.pk]))
            for row in rows
        ]

    def orders_shipped_from(
        self, channel: str, warehouses: Collection[str], since: datetime, limit: int
    ) -> list[str]:
        """Return pks of orders with goods fulfilled from the warehouses since then: 1 statement."""
        orders = {f"order__{name}": value for name, value in self._of_channel(channel).items()}
        rows = FulfillmentLine.objects.filter(
            stock__warehouse__in=list(warehouses),
            **{f"fulfillment__{self._created}__gte": since},
            **{f"fulfillment__{name}": value for name, value in orders.items()},
        ).exclude(fulfillment__status__in=_CANCELLED)
        pks = rows.order_by("-fulfillment__order_id").values_list("fulfillment__order_id")
        return [str(pk) for (pk,) in pks.distinct()[:limit]]

    @abstractmethod
    def zones_decide(self) -> bool:
        """Return whether stock is for sale only where a shipping zone has its warehouse."""

    @abstractmethod
    def allocates_in_order(self, channel: str) -> bool | None:
        """Return whether Saleor allocates by the order of warehouses; None without a choice."""

    @abstractmethod
    def marked_nowhere(self) -> Sequence[str]:
        """Return the names of marked methods that no channel offers."""

    @abstractmethod
    def _goods(self, channel: str) -> QuerySet[ProductVariant]:
        """Return the channel's variants of goods, with or without a SKU."""

    @abstractmethod
    def _of_channel(self, channel: str) -> Mapping[str, Any]:
        """Return the filter of the channel's orders."""

    @abstractmethod
    def _zones(self, channel: str) -> QuerySet[ShippingZone]: ...

    def _placed(self, channel: str) -> QuerySet[SaleorOrder]:
        rows = SaleorOrder.objects.filter(**self._of_channel(channel))
        return rows.exclude(status__in=("draft", "canceled", "expired"))
