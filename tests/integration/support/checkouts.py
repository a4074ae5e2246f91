"""A customer's checkout, step by step, as a storefront takes the steps."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from saleor.warehouse.models import Warehouse

from tests.integration.support.api import Api, Json, to_global_id, to_pk
from tests.integration.support.graphql_documents import COLLECT, CREATE_FROM_CHECKOUT

if TYPE_CHECKING:
    from tests.integration.support.shop import Shop

CAPTURED = "not a charge status, so it is captured"
# Tokens that the dummy gateway takes for what it shall do.
AUTHORISED = "not-charged"


class Checkout:
    """Checks out a customer without an account, or the customer whose `api` is given."""

    def __init__(
        self,
        shop: Shop,
        lines: Mapping[str, int],
        *,
        email: str,
        address: Json,
        api: Api | None = None,
    ) -> None:
        self.shop = shop
        self.lines = lines
        self.api = api or shop.customer_api
        self.method = ""
        found = self._change(
            shop.documents.checkout,
            input={
                "email": email,
                "lines": shop.lines_input(lines),
                "shippingAddress": address,
                "billingAddress": address,
                **shop.channel_argument(),
            },
        )
        self.methods = {method["name"]: method["id"] for method in found["methods"]}

    @property
    def pk(self) -> str:
        return to_pk(self.id)

    def deliver(self, method: str = "Parcel") -> Checkout:
        """Choose a shipping method."""
        if method != self.method:
            self._change(self.shop.documents.shipping, id=self.id, method=self.methods[method])
            self.method = method
        return self

    def collect(self, warehouse: str) -> Checkout:
        """Choose collection from a warehouse; on Saleor 3 only."""
        point = to_global_id("Warehouse", Warehouse.objects.get(name=warehouse).pk)
        self._change(COLLECT, id=self.id, point=point)
        return self

    def use(self, *codes: str) -> Checkout:
        """Enter the codes of vouchers and gift cards."""
        for code in codes:
            self._change(self.shop.documents.promo_code, id=self.id, code=code)
        return self

    def note(self, text: str) -> Checkout:
        if text:
            self.shop.leave_note(self.pk, text)
        return self

    def pay(self, token: str = CAPTURED) -> Checkout:
        """Pay the total with the dummy gateway."""
        payment = {
            "gateway": "mirumee.payments.dummy",
            "token": token,
            "amount": str(self.total),
        }
        self._mutate(self.api, self.shop.documents.payment, id=self.id, input=payment)
        return self

    def complete(self) -> str:
        """Complete the checkout and return the order's pk."""
        completed = self._mutate(self.api, self.shop.documents.complete, id=self.id)
        return to_pk(completed["order"]["id"])

    def turn_into_order(self) -> str:
        """Let an app make an order of the checkout, and return the pk; on Saleor 3 only."""
        app = self.shop.app_api("handle_checkouts")
        return to_pk(self._mutate(app, CREATE_FROM_CHECKOUT, id=self.id)["order"]["id"])

    def _change(self, document: str, **variables: Any) -> Json:
        """Run the mutation and return the changed checkout."""
        found: Json = self._mutate(self.api, document, **variables)["checkout"]
        self.id = found["id"]
        self.total = Decimal(str(found["totalPrice"]["gross"]["amount"]))
        return found

    def _mutate(self, api: Api, document: str, **variables: Any) -> Json:
        (payload,) = api.query(document, **variables).values()
        return payload
