"""Create an order in Picqer, together with a missing customer and missing products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteOrder
from saleor_picqer.errors import (
    AccountError,
    AuthenticationError,
    PicqerApiError,
    RefusedError,
    UnknownCustomerError,
    UnknownProductError,
)
from saleor_picqer.sync.orders import (
    customers,
    line_products,
    lookup,
    missing_products,
    taken_back,
    texts,
)
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

type Repair = Callable[[Context, Order, OrderRequest, PicqerApiError], OrderRequest]


def create(claimed: ClaimedOrder, order: Order) -> bool:
    """Create the order, unless a look-up finds the order in Picqer."""
    taken_back.remember(claimed, order)
    order = line_products.with_products(claimed.context, order)
    request = claimed.build_request(order)
    remote = lookup.find_existing(claimed, order) or _create_remote(claimed, order, request)
    lookup.record_received(claimed, order, remote)
    return True


def _create_remote(claimed: ClaimedOrder, order: Order, request: OrderRequest) -> RemoteOrder:
    """Send the create request, and again after each repair of what Picqer does not know."""
    context = claimed.context
    line_products.check_codes(context, order)
    request = request.for_customer(_find_customer(claimed, order, request))
    repairs = [*_REPAIRS]
    # Each turn uses up one repair, so there are at most four.
    while True:
        # A saved reference means that the request may have reached Picqer.
        claimed.save(
            stage=Stage.CREATING,
            account=context.account,
            reference=request.reference,
            sent_digests=lookup.digests_to_send(claimed, order),
        )
        try:
            return context.picqer.orders.create(request)
        except PicqerApiError as error:
            if not error.maybe_executed:
                claimed.save(reference="", sent_digests={})
            repair = next((each for each in repairs if isinstance(error, each[0])), None)
            if repair is None:
                raise
            repairs.remove(repair)
            request = repair[1](context, order, request, error)


def _find_customer(claimed: ClaimedOrder, order: Order, request: OrderRequest) -> int | None:
    """Return the customer's record; None, with a flag, when Picqer refuses it."""
    try:
        return customers.find_or_create(claimed.context, order, request)
    except AuthenticationError:
        raise  # the order itself would be refused too
    except (AccountError, RefusedError) as error:
        claimed.flag(texts.without_customer(error.explain()))
        return None


def _relink_customer(
    context: Context, order: Order, request: OrderRequest, error: PicqerApiError
) -> OrderRequest:
    """Replace the deleted record of a customer."""
    if request.customer_id is None:
        raise error
    context.links.customers.unlink(order.customer)
    return request.for_customer(customers.find_or_create(context, order, request))


def _create_suspects(
    context: Context, _order: Order, request: OrderRequest, error: PicqerApiError
) -> OrderRequest:
    return replace(request, lines=missing_products.create_suspects(context, request.lines, error))


def _create_unknown(
    context: Context, _order: Order, request: OrderRequest, _error: PicqerApiError
) -> OrderRequest:
    return replace(request, lines=missing_products.create_unknown(context, request.lines))


# Picqer's refusals, and what is done about each; a second refusal takes the next repair.
_REPAIRS: Final[tuple[tuple[type[PicqerApiError], Repair], ...]] = (
    (UnknownCustomerError, _relink_customer),
    (UnknownProductError, _create_suspects),
    (UnknownProductError, _create_unknown),
)
