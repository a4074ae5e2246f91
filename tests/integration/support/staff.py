"""Work of the shop's staff on orders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from saleor.order.models import Order
from saleor.product.models import ProductVariant
from saleor.shipping.models import ShippingMethod
from saleor.warehouse.models import Warehouse

from tests.integration.support.api import Api, Json, to_global_id, to_pk
from tests.integration.support.dashboard_views import OrderView
from tests.integration.support.graphql_documents import CONFIRM, ORDER, Documents

ADDRESS = {
    "firstName": "Jan",
    "lastName": "Jansen",
    "companyName": "Bakkerij Jansen",
    "streetAddress1": "Dorpsstraat 1",
    "streetAddress2": "",
    "city": "Utrecht",
    "postalCode": "3511 AA",
    "country": "NL",
    "phone": "+31302345678",
}
GUEST = "jan@example.com"


class StaffActions(ABC):
    """The part of a shop where staff handle orders, each named by its primary key."""

    documents: ClassVar[Documents]
    admin_api: Api

    def draft_order(
        self,
        lines: Mapping[str, int],
        *,
        shipping_method: str = "Parcel",
        email: str = GUEST,
        note: str = "",
        paid: bool = True,
    ) -> str:
        """Enter and complete an order as staff, and return the pk; `lines` is quantity by SKU."""
        pk = self.draft(lines, shipping_method=shipping_method, email=email, note=note)
        self.complete_draft(pk)
        if paid:
            self.pay(pk)
        return pk

    def draft(
        self,
        lines: Mapping[str, int],
        *,
        shipping_method: str = "Parcel",
        email: str = GUEST,
        note: str = "",
    ) -> str:
        """Enter a draft order as staff, and return the pk."""
        method = ShippingMethod.objects.get(name=shipping_method)
        draft = self._mutate(
            self.admin_api,
            self.documents.draft,
            input={
                "userEmail": email,
                "lines": self.lines_input(lines),
                "shippingAddress": ADDRESS,
                "billingAddress": ADDRESS,
                "customerNote": note,
                **self.channel_id_argument(),
            },
        )["order"]
        self._mutate(
            self.admin_api,
            self.documents.draft_shipping,
            id=draft["id"],
            method=to_global_id("ShippingMethod", method.pk),
        )
        return to_pk(draft["id"])

    def complete_draft(self, order: str) -> None:
        self._mutate(self.admin_api, self.documents.draft_complete, id=to_global_id("Order", order))

    def confirm(self, order: str) -> None:
        """Confirm the order; on Saleor 3 only."""
        self._mutate(self.admin_api, CONFIRM, id=to_global_id("Order", order))

    def pay(self, order: str) -> None:
        """Mark the order as paid."""
        self._mutate(self.admin_api, self.documents.mark_as_paid, id=to_global_id("Order", order))

    def capture(self, order: str) -> None:
        """Capture the authorised payment."""
        amount = Order.objects.get(pk=order).total_gross_amount
        document = self.documents.capture.replace("AMOUNT", str(amount))
        self._mutate(self.admin_api, document, id=to_global_id("Order", order))

    def cancel(self, order: str) -> None:
        """Cancel the order."""
        self._mutate(self.admin_api, self.documents.cancel, id=to_global_id("Order", order))

    def fulfil(self, order: str, warehouse: str = "Shop floor", only: str = "") -> None:
        """Fulfil by hand what is left of the order or of a SKU, from one warehouse."""
        source = to_global_id("Warehouse", Warehouse.objects.get(name=warehouse).pk)
        found = Order.objects.get(pk=order).lines.all()
        lines = [
            {
                "orderLineId": to_global_id("OrderLine", line.pk),
                "stocks": [{"quantity": line.quantity_unfulfilled, "warehouse": source}],
            }
            for line in (found.filter(product_sku=only) if only else found)
        ]
        self._mutate(
            self.admin_api,
            self.documents.fulfil,
            order=to_global_id("Order", order),
            input={"lines": lines, "notifyCustomer": False},
        )

    def order(self, pk: str) -> OrderView:
        """Return the order as the dashboard shows it."""
        answer = self.admin_api.query(ORDER, id=to_global_id("Order", pk))
        return OrderView.of(pk, answer["order"])

    def lines_input(self, lines: Mapping[str, int]) -> list[Json]:
        """Return the lines as input of a checkout or draft."""
        variants = dict(ProductVariant.objects.filter(sku__in=lines).values_list("sku", "pk"))
        return [
            {"variantId": to_global_id("ProductVariant", variants[sku]), "quantity": quantity}
            for sku, quantity in lines.items()
        ]

    def _mutate(self, api: Api, document: str, **variables: Any) -> Json:
        """Run a document with one mutation and return its payload."""
        (payload,) = api.query(document, **variables).values()
        return payload

    @abstractmethod
    def channel_id_argument(self) -> Json:
        """Return `{"channelId": id}` on lines with channels."""
