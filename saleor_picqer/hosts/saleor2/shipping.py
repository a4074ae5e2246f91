"""Shipping methods of Saleor 2.10, which has neither marks nor collection points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from saleor.shipping.models import ShippingMethod

from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.hosts.common.shipping import OfferedDelivery, Shipping


class Saleor2Shipping(Shipping):
    graphql_type: ClassVar[str] = "ShippingMethod"

    def offered(self, channel: str) -> Sequence[OfferedDelivery]:
        rows = ShippingMethod.objects.order_by("shipping_zone__name", "name", "pk")
        found = rows.values_list("pk", "name", "shipping_zone__name")
        return [
            OfferedDelivery(Delivery(name, method_pk=str(pk)), zone) for pk, name, zone in found
        ]

    def names(self) -> Collection[str]:
        return list(ShippingMethod.objects.values_list("name", flat=True))

    def has_others(self) -> bool:
        return False

    def mark(self, deliveries: Collection[Delivery], *, handled: bool) -> None:
        raise NotImplementedError("Saleor 2.10 cannot mark shipping methods.")
