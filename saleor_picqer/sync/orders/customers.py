"""Customers with an account in the shop and their records in Picqer: never somebody else's."""

from __future__ import annotations

from typing import Any

from saleor_picqer.config import Customers
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.sync.ports import Context

_OF_ORDER = {
    "name": "invoicename",
    "contactname": "invoicecontactname",
    "telephone": "telephone",
    "emailaddress": "emailaddress",
    "language": "language",
}
"""Picqer's field of a customer -> the order's field that it is taken from."""

_OF_ADDRESS = ("name", "contactname", "address", "address2", "zipcode", "city", "region", "country")


def find(context: Context, order: Order, request: OrderRequest) -> int | None:
    """The idcustomer for this order, or None for a guest order.

    No request once the customer is known; else one, and one more for a new record. An address
    that several records share tells nobody apart: such an order is a guest order.
    """
    wanted = context.settings.customers is Customers.REGISTERED
    if not (wanted and order.customer and order.email):
        return None
    known = context.links.customers.get(order.customer)
    return known if known is not None else _link(context, order, request)


def _link(context: Context, order: Order, request: OrderRequest) -> int | None:
    found = context.picqer.customers.find(order.email)
    if len(found) > 1:
        return None
    remote_id = found[0] if found else context.picqer.customers.create(_customer(request))
    return remote_id if context.links.customers.link(order.customer, remote_id) else None


def _customer(request: OrderRequest) -> dict[str, Any]:
    header = request.header
    invoice, delivery = _address(header, "invoice"), _address(header, "delivery")
    addresses = [invoice | {"defaultinvoice": True, "defaultdelivery": invoice == delivery}]
    if invoice != delivery:
        addresses.append(delivery | {"defaultinvoice": False, "defaultdelivery": True})
    fields = {name: header.get(field) for name, field in _OF_ORDER.items()}
    return _given(fields) | {"addresses": addresses}


def _address(header: Any, kind: str) -> dict[str, Any]:
    return _given({name: header.get(f"{kind}{name}") for name in _OF_ADDRESS})


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
