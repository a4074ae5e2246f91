"""Getting an order into Picqer, or finding out that it is there."""

from __future__ import annotations

from contextlib import suppress

from saleor_picqer.domain.fulfilments import BEGUN, RemoteOrder, in_words
from saleor_picqer.domain.order_request import OrderRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import (
    DataError,
    PicqerApiError,
    UnknownCustomerError,
    UnknownProductError,
)
from saleor_picqer.sync import adoption, changes, customers, missing_products
from saleor_picqer.sync.work import Work


def find(work: Work, order: Order) -> bool:
    """What has its reference, but other products, is another order."""
    remote = None
    with suppress(DataError):
        remote = adoption.find(work, order)
    if remote and work.entry.stage is not Stage.SKIPPED:
        return _received(work, order, remote)
    work.save(reference="", sent={})
    if remote:
        work.flag(
            f"it was in Picqer as order {remote.number} before it was skipped: cancel that, or push"
            " this one again to have it followed"
        )
    return remote is None


def create(work: Work, order: Order) -> bool:
    request = work.request(order)
    remote = adoption.find(work, order) or _post(work, order, request)
    return _received(work, order, remote)


def _received(work: Work, order: Order, remote: RemoteOrder) -> bool:
    """What cannot be part of the first request, or has changed since, goes right after it."""
    differs = adoption.differs(work, order, remote)
    work.save(
        stage=Stage.CREATED,
        account=work.context.account,
        reference=remote.reference,
        remote_id=remote.id,
        remote_number=remote.number,
        remote_status=remote.status.value,
        link=remote.link,
        requested=False,
        sent=adoption.known(work, order, remote),
    )
    work.note(f"received as order {remote.number}.")
    if differs:
        entered = in_words(remote.amounts)
        work.flag(f"order {remote.number} was entered there with other amounts: {entered}")
    if remote.status not in BEGUN:
        changes.send(work, order)
    return True


def _post(work: Work, order: Order, request: OrderRequest) -> RemoteOrder:
    customer = customers.find(work.context, order, request)
    try:
        return _post_with_products(work, order, request.for_customer(customer))
    except UnknownCustomerError:
        if customer is None:
            raise
        work.context.links.unlink_customer(order.customer)
    customer = customers.find(work.context, order, request)
    return _post_with_products(work, order, request.for_customer(customer))


def _post_with_products(work: Work, order: Order, request: OrderRequest) -> RemoteOrder:
    """An order that was refused is not there, and may be sent again."""
    try:
        return _send(work, order, request)
    except UnknownProductError as error:
        missing_products.create(work.context, order, error)
    try:
        return _send(work, order, request)
    except UnknownProductError:
        missing_products.create_unknown(work.context, order)
    return _send(work, order, request)


def _send(work: Work, order: Order, request: OrderRequest) -> RemoteOrder:
    """As long as there is a reference, the order may be in Picqer, and with what was sent."""
    work.save(
        stage=Stage.CREATING,
        account=work.context.account,
        reference=request.reference,
        sent=adoption.fingerprints(work, order),
    )
    try:
        return work.context.picqer.create_order(request.body)
    except PicqerApiError as error:
        if not error.maybe_executed:
            work.save(reference="", sent={})
        raise
