"""Shipping methods of Saleor 2.10, which has neither marks nor collection points."""

from __future__ import annotations

from collections.abc import Collection

from saleor.shipping.models import ShippingMethod

from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.hosts.common.shipping import Shipping


class Saleor2Shipping(Shipping):
    def deliveries(self, channel: str) -> Collection[Delivery]:
        return [Delivery(name) for name in self.names()]

    def names(self) -> Collection[str]:
        return list(ShippingMethod.objects.values_list("name", flat=True))

    def has_others(self) -> bool:
        return False
