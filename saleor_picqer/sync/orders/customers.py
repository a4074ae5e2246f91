"""Link the registered customers of the shop to customer records in Picqer."""

from __future__ import annotations

from saleor_picqer.config import Customers
from saleor_picqer.domain.mapping.customers import customer_request
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.sync.ports import Context


def find_or_create(context: Context, order: Order, request: OrderRequest) -> int | None:
    """Return Picqer's id of the order's customer; None for a guest order.

    No request for a linked customer, 1 for a customer known to Picqer, 2 for a new customer.
    """
    wanted = context.settings.customers is Customers.REGISTERED
    if not (wanted and order.customer and order.email):
        return None
    known = context.links.customers.get(order.customer)
    return known if known is not None else _link(context, order, request)


def _link(context: Context, order: Order, request: OrderRequest) -> int | None:
    found = context.picqer.customers.find(order.email)
    # Which of several records with one address is the customer's cannot be told.
    if len(found) > 1:
        return None
    remote_id = found[0] if found else context.picqer.customers.create(customer_request(request))
    # A record that is linked already belongs to another customer of the shop.
    return remote_id if context.links.customers.link(order.customer, remote_id) else None
