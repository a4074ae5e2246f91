"""Link the registered customers of the shop to customer records in Picqer."""

from __future__ import annotations

from typing import Final

from saleor_picqer.config import Customers
from saleor_picqer.domain.mapping.customers import customer_request
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.errors import PicqerApiError, TryLaterError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.ports import Context

# Seconds until an order asks again whether its customer's record exists.
_WAIT: Final = 5


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
    """Find or create the record, one worker at a time.

    Raises TryLaterError while another order of the customer does the same.
    """
    links = context.links.customers
    if not links.reserve(order.customer):
        raise TryLaterError(texts.CUSTOMER_BEING_CREATED, delay=_WAIT)
    try:
        remote_id = _find_or_create_record(context, order, request)
    except PicqerApiError as error:
        # Picqer may still create the record: the reservation keeps other orders waiting.
        if not error.maybe_executed:
            links.unlink(order.customer)
        raise
    # A record that is linked already belongs to another customer of the shop.
    if remote_id is not None and links.link(order.customer, remote_id):
        return remote_id
    links.unlink(order.customer)
    return None


def _find_or_create_record(context: Context, order: Order, request: OrderRequest) -> int | None:
    found = context.picqer.customers.find(order.email)
    # Which of several records with one address is the customer's cannot be told.
    if len(found) > 1:
        return None
    return found[0] if found else context.picqer.customers.create(customer_request(request))
