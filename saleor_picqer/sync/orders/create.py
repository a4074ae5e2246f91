"""Getting an order into Picqer, or finding out that it is there."""

from __future__ import annotations

from contextlib import suppress

from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import STARTED, RemoteOrder
from saleor_picqer.errors import (
    DataError,
    PicqerApiError,
    UnknownCustomerError,
    UnknownProductError,
)
from saleor_picqer.sync.orders import customers, lookup, missing_products, texts, update
from saleor_picqer.sync.orders.claim import ClaimedOrder


def find(claimed: ClaimedOrder, order: Order) -> bool:
    """What has its reference, but other products, is another order."""
    remote = None
    with suppress(DataError):
        remote = lookup.find(claimed, order)
    if remote and claimed.entry.stage is not Stage.SKIPPED:
        return _received(claimed, order, remote)
    claimed.save(reference="", sent_digests={})
    if remote:
        claimed.flag(texts.skipped_but_received(remote.number))
    return remote is None


def create(claimed: ClaimedOrder, order: Order) -> bool:
    request = claimed.request(order)
    remote = lookup.find(claimed, order) or _post(claimed, order, request)
    return _received(claimed, order, remote)


def _received(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> bool:
    """What cannot be part of the first request, or has changed since, goes right after it."""
    differs = lookup.differs(claimed, order, remote)
    claimed.save(
        stage=Stage.CREATED,
        account=claimed.context.account,
        reference=remote.reference,
        remote_id=remote.id,
        remote_number=remote.number,
        remote_status=remote.status.value,
        status_page=remote.status_page,
        requested=False,
        sent_digests=lookup.known(claimed, order, remote),
    )
    claimed.note(texts.received(remote.number))
    if differs:
        claimed.flag(texts.other_amounts(remote))
    if remote.status not in STARTED:
        update.send(claimed, order)
    return True


def _post(claimed: ClaimedOrder, order: Order, request: OrderRequest) -> RemoteOrder:
    customer = customers.find(claimed.context, order, request)
    try:
        return _post_with_products(claimed, order, request.for_customer(customer))
    except UnknownCustomerError:
        if customer is None:
            raise
        claimed.context.links.customers.unlink(order.customer)
    customer = customers.find(claimed.context, order, request)
    return _post_with_products(claimed, order, request.for_customer(customer))


def _post_with_products(claimed: ClaimedOrder, order: Order, request: OrderRequest) -> RemoteOrder:
    """An order that was refused is not there, and may be sent again."""
    try:
        return _send(claimed, order, request)
    except UnknownProductError as error:
        missing_products.create(claimed.context, order, error)
    try:
        return _send(claimed, order, request)
    except UnknownProductError:
        missing_products.create_unknown(claimed.context, order)
    return _send(claimed, order, request)


def _send(claimed: ClaimedOrder, order: Order, request: OrderRequest) -> RemoteOrder:
    """As long as there is a reference, the order may be in Picqer, and with what was sent."""
    claimed.save(
        stage=Stage.CREATING,
        account=claimed.context.account,
        reference=request.reference,
        sent_digests=lookup.fingerprints(claimed, order),
    )
    try:
        return claimed.context.picqer.orders.create(request)
    except PicqerApiError as error:
        if not error.maybe_executed:
            claimed.save(reference="", sent_digests={})
        raise
