"""Customers with an account in the shop and their records in Picqer: never somebody else's."""

from __future__ import annotations

from saleor_picqer.config import Customers
from saleor_picqer.domain.mapping.customers import customer_request
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.sync.ports import Context


def find(context: Context, order: Order, request: OrderRequest) -> int | None:
    """Picqer's id of the customer of this order, or None for a guest order.

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
    remote_id = found[0] if found else context.picqer.customers.create(customer_request(request))
    return remote_id if context.links.customers.link(order.customer, remote_id) else None
