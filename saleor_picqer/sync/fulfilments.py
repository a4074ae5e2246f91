"""Following an order in Picqer: every closed picklist becomes a fulfilment, once."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from saleor_picqer.domain.fulfilments import (
    Fulfilment,
    Picklist,
    RemoteStatus,
    fulfilment_of,
    rest_of,
)
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.errors import DataError
from saleor_picqer.sync import stock
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)

_FINAL = frozenset({Stage.COMPLETED, Stage.CANCELLED})


def follow(context: Context, remote_id: int) -> bool:
    """Brings the shop's order up to what Picqer says of it now; False for a foreign order."""
    entry = context.outbox.find(context.channel, remote_id)
    if entry is None or entry.stage in _FINAL:
        return entry is not None
    remote = context.picqer.order(remote_id)
    known = context.links.fulfilled(remote.closed_picklists)
    for picklist_id in remote.closed_picklists:
        if picklist_id not in known:
            _fulfil_picklist(context, entry, context.picqer.picklist(picklist_id))
    if remote.status is RemoteStatus.COMPLETED:
        _complete(context, entry)
    elif remote.status is RemoteStatus.CANCELLED:
        _cancel(context, entry)
    return True


def _fulfil_picklist(context: Context, entry: Entry, picklist: Picklist) -> None:
    with context.links.once(entry.order_pk, picklist.id) as first:
        if not first:
            return
        order = _order(context, entry)
        fulfilment = fulfilment_of(picklist.picked, order.lines)
        warehouse_pk = context.links.warehouses().get(picklist.warehouse_id or 0)
        tracking = ", ".join(picklist.tracking)
        _fulfil(context, order, fulfilment, warehouse_pk=warehouse_pk, tracking=tracking)
        if fulfilment.surplus:
            context.shop.note(order.pk, _surplus_note(fulfilment.surplus))
    for sku, product_id in picklist.products.items():
        stock.refresh_product(context, product_id, sku)


def _fulfil(
    context: Context,
    order: Order,
    fulfilment: Fulfilment,
    *,
    warehouse_pk: str | None,
    tracking: str,
) -> None:
    created = context.shop.fulfil(
        order.pk,
        warehouse_pk,
        fulfilment.quantities,
        tracking=tracking,
        notify=context.settings.notify_customer,
    )
    if created is not None:
        tracked = f" with tracking {tracking}" if tracking else ""
        context.shop.note(order.pk, f"Picqer: shipped{tracked}.")


def _surplus_note(surplus: Mapping[str, int]) -> str:
    items = ", ".join(f"{amount} x {sku}" for sku, amount in sorted(surplus.items()))
    return f"Picqer: also shipped, but not part of this order: {items}."


def _complete(context: Context, entry: Entry) -> None:
    """Accounts that list no picklists with the order still fulfil what is left of it."""
    order = _order(context, entry)
    rest = rest_of(order.lines)
    _fulfil(context, order, rest, warehouse_pk=None, tracking="")
    context.outbox.advance(entry, stage=Stage.COMPLETED)
    if rest.quantities:
        stock.refresh(context, sorted({ln.sku for ln in order.lines if ln.pk in rest.quantities}))


def _cancel(context: Context, entry: Entry) -> None:
    if context.shop.cancel(entry.order_pk):
        context.shop.note(entry.order_pk, "Picqer: cancelled there, so cancelled here.")
    else:
        context.shop.note(
            entry.order_pk, "Picqer: cancelled there, but this order can no longer be cancelled."
        )
    context.outbox.advance(entry, stage=Stage.CANCELLED)


def _order(context: Context, entry: Entry) -> Order:
    order = context.shop.order(entry.order_pk)
    if order is None:
        raise DataError("the order no longer exists in Saleor")
    return order
