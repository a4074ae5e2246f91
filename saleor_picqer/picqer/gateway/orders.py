"""Orders in Picqer."""

from __future__ import annotations

from collections.abc import Iterator

from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.remote_orders import (
    UNPROCESSED,
    RemoteOrder,
    RemoteStatus,
)
from saleor_picqer.domain.skus import sum_by_sku
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.lines import (
    open_amount,
    ordered_lines,
    product_ids,
    with_codes,
)
from saleor_picqer.picqer.gateway.reference import CachedReferenceData
from saleor_picqer.picqer.objects import orders as picqer_orders
from saleor_picqer.picqer.objects.picklists import PicklistStatus


class Orders:
    """`sync.ports.picqer.RemoteOrders`."""

    def __init__(self, client: PicqerClient, reference: CachedReferenceData) -> None:
        self._client = client
        self._reference = reference

    def create(self, request: OrderRequest) -> RemoteOrder:
        body = picqer_orders.OrderCreate.model_validate(request.body)
        return remote_order(self._client.orders.create(body))

    def get(self, order_id: int) -> RemoteOrder:
        return remote_order(self._client.orders.get(order_id))

    def find(self, reference: str) -> list[RemoteOrder]:
        return [remote_order(found) for found in self._client.orders.find(reference)]

    def update(self, order_id: int, changes: HeaderChanges) -> None:
        self._client.orders.update(order_id, picqer_orders.OrderUpdate.model_validate(changes.body))

    def tag(self, order_id: int, title: str) -> None:
        self._client.orders.add_tag(order_id, self._reference.tag(title))

    def allocate(self, order_id: int) -> RemoteOrder | None:
        answer = self._client.orders.allocate(order_id)
        return remote_order(answer) if answer else None

    def process(self, order_id: int) -> RemoteOrder | None:
        answer = self._client.orders.process(order_id)
        return remote_order(answer) if answer else None

    def cancel(self, order_id: int, *, force: bool) -> None:
        self._client.orders.cancel(order_id, force=force)


def remote_order(order: picqer_orders.Order) -> RemoteOrder:
    """Translate an order of Picqer."""
    lines = with_codes(ordered_lines(order))
    return RemoteOrder(
        id=order.idorder,
        number=order.orderid,
        reference=order.reference,
        status=_remote_status(order.status),
        closed_picklists=tuple(
            picklist.idpicklist
            for picklist in order.picklists
            if picklist.status == PicklistStatus.CLOSED
        ),
        lists_picklists="picklists" in order.model_fields_set,
        picked=_is_picked(order),
        amounts=sum_by_sku((code, open_amount(line)) for code, line in lines),
        products=product_ids(lines),
        status_page=order.public_status_page,
        paused_reason=order.paused_reason,
        contact={name: value or "" for name, value in _contact_fields(order)},
    )


def _contact_fields(order: picqer_orders.Order) -> Iterator[tuple[str, str | None]]:
    return (
        (name, getattr(order, name))
        for name in type(order).model_fields
        if name == "emailaddress"
        or (name.startswith(("delivery", "invoice")) and name != "invoiced")
    )


def _is_picked(order: picqer_orders.Order) -> bool:
    # Without a list of picklists, any order that was processed may have been picked.
    if "picklists" not in order.model_fields_set:
        return order.status not in UNPROCESSED
    return any(p.totalpicked or p.status == PicklistStatus.CLOSED for p in order.picklists)


def _remote_status(status: str) -> RemoteStatus:
    try:
        return RemoteStatus(status)
    except ValueError:
        return RemoteStatus.UNKNOWN
