"""Saleor 2.10: one implicit channel, stock that is never negative."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import graphene
from django.conf import settings
from django.contrib.sites.models import Site
from django.db.models import F, Sum
from django_countries.fields import Country
from saleor.core.permissions import OrderPermissions, PluginsPermissions
from saleor.core.utils import build_absolute_uri
from saleor.graphql.core.utils.error_codes import saleor_error_codes
from saleor.order.actions import (
    cancel_order,
    create_fulfillments,
    send_fulfillment_confirmation_to_customer,
)
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration
from saleor.product.models import ProductVariant
from saleor.shipping.models import ShippingZone
from saleor.warehouse.models import Stock, Warehouse

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.domain.products import Variant
from saleor_picqer.errors import DataError
from saleor_picqer.hosts.common.host import Host
from saleor_picqer.hosts.saleor2 import signals
from saleor_picqer.hosts.saleor2.orders import CHANNEL, Saleor2Orders


class Saleor2(Saleor2Orders, Host):
    has_shipping_metadata = False

    def listen(self) -> None:
        signals.listen()

    @property
    def version(self) -> str:
        return version("saleor")

    def allow_db(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def manage_plugins(self) -> Any:
        return PluginsPermissions.MANAGE_PLUGINS

    def manage_orders(self) -> Any:
        return OrderPermissions.MANAGE_ORDERS

    def check_channel_access(self, mutation: Any, info: Any, order_pks: Collection[str]) -> None:
        """Whoever manages orders manages all of them."""

    def visible_channels(self, info: Any) -> Collection[str] | None:
        return None

    def graphql_datetime(self) -> Any:
        return graphene.DateTime

    def register_error_codes(self, codes: Iterable[str]) -> None:
        saleor_error_codes.extend(code for code in codes if code not in saleor_error_codes)

    def configurations(self, using: str = "default") -> Any:
        return PluginConfiguration.objects.using(using).filter(identifier=PLUGIN_ID)

    def slug_of(self, configuration: PluginConfiguration) -> str:
        return CHANNEL

    def _absolute(self, path: str) -> str:
        return str(build_absolute_uri(path))

    # --- orders

    def _fulfil(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        *,
        tracking: str,
        notify: bool,
    ) -> str:
        """The tracking code is set before the customer is told: this line's function takes none."""
        for warehouse_pk, rows in lines.items():
            for row in rows:
                _top_up(warehouse_pk, row["order_line"], row["quantity"])
        created = create_fulfillments(None, order, lines, notify_customer=False)
        for fulfillment in created:
            fulfillment.tracking_number = tracking[:255]
            fulfillment.save(update_fields=["tracking_number"])
            if notify:
                send_fulfillment_confirmation_to_customer(order, fulfillment, None)
        return str(created[0].pk)

    def _cancel(self, order: SaleorOrder) -> None:
        cancel_order(order, None)

    # --- products

    def _variants(self, channel: str) -> Any:
        return ProductVariant.objects.exclude(sku="").select_related("product__product_type")

    def _variant(self, variant: ProductVariant) -> Variant:
        weight = variant.get_weight()
        site: Any = Site.objects.get_current()
        return Variant(
            pk=str(variant.pk),
            sku=variant.sku,
            name=variant.display_product(),
            price=variant.base_price.amount,
            price_includes_tax=site.settings.include_taxes_in_prices,
            tax_rate=self._product_tax_rate(variant),
            weight=None if weight is None else round(weight.g),
        )

    def _product_tax_rate(self, variant: ProductVariant) -> Decimal | None:
        rate = get_plugins_manager().get_tax_rate_percentage_value(
            variant.product, Country(settings.DEFAULT_COUNTRY)
        )
        return rate or None

    # --- warehouses

    def _country(self, channel: str) -> str:
        return str(settings.DEFAULT_COUNTRY)

    def _link_warehouse(self, warehouse: Warehouse, channel: str) -> None:
        warehouse.shipping_zones.add(*ShippingZone.objects.all())

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        for warehouse in Warehouse.objects.filter(pk__in=list(pks)):
            warehouse.shipping_zones.clear()

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        others = Warehouse.objects.filter(shipping_zones__isnull=False)
        others = others.exclude(pk__in=list(mirrored)).distinct()
        return [str(pk) for pk in others.values_list("pk", flat=True)]


def _top_up(warehouse_pk: Any, line: SaleorOrderLine, amount: int) -> None:
    """Picqer has the last word on what was shipped, but this line refuses to exceed its stock."""
    if line.variant_id is None:
        raise DataError(f'the variant of SKU "{line.product_sku}" was deleted')
    stock, _ = Stock.objects.select_for_update(of=("self",)).get_or_create(
        warehouse_id=warehouse_pk, product_variant_id=line.variant_id
    )
    others = stock.allocations.exclude(order_line=line).aggregate(total=Sum("quantity_allocated"))
    own = line.allocations.aggregate(total=Sum("quantity_allocated"))
    missing = (others["total"] or 0) + max(amount, own["total"] or 0) - stock.quantity
    if missing > 0:
        Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + missing)
