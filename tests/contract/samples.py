"""Bodies of the contract tests' requests, and objects needed beforehand."""

from decimal import Decimal
from typing import Any

from picqer_simulator import Account, seeds

from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.orders import OrderCreate, OrderLineCreate
from saleor_picqer.picqer.objects.products import ProductCreate, StockChange

PREFIX = "saleor-picqer-test-"
TEN_PIECES = StockChange(amount=10, reason="contract test", idlocation=None)

FURNITURE: dict[str, Any] = {
    "warehouses": [{"name": "Utrecht"}],
    "orderfields": [{"title": "Gift message"}],
    "tags": [{"title": "Webshop", "color": "#16A34A", "inherit": False}],
}


def furnish(account: Account) -> None:
    """Create the objects that only Picqer's web app can create."""
    seeds.seed(account, FURNITURE)


def product(client: PicqerClient, code: str, **changes: Any) -> ProductCreate:
    vatgroup = next(client.vatgroups.list())
    fields: dict[str, Any] = {
        "productcode": code,
        "name": "Mug, red",
        "price": Decimal("8.26"),
        "idvatgroup": vatgroup.idvatgroup,
    }
    return ProductCreate(**(fields | changes))


def order(reference: str, *codes: str, amount: int = 2, **changes: Any) -> OrderCreate:
    """Return a guest order of `amount` pieces of each product code."""
    fields = {
        "reference": reference,
        "deliveryname": "Anna Visser",
        "deliveryaddress": "Kade 1",
        "deliveryzipcode": "1011 AB",
        "deliverycity": "Amsterdam",
        "deliverycountry": "NL",
        "invoicename": "Anna Visser",
        "invoicecountry": "NL",
        "products": [OrderLineCreate(productcode=code, amount=amount) for code in codes],
    }
    return OrderCreate(**(fields | changes))
