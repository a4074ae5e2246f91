"""Turn what Picqer has shipped into fulfilments in Saleor, each picklist once."""

from __future__ import annotations

from saleor_picqer.domain.fulfilments import Fulfilment, fulfilment_of, remaining_fulfilment
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.remote_orders import RemoteOrder, RemotePicklist
from saleor_picqer.errors import DataError, TryLaterError
from saleor_picqer.sync.orders import reserve, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder


def fulfil_picklists(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Create a fulfilment for each newly closed picklist."""
    known = claimed.context.links.fulfilments.recorded(remote.closed_picklists)
    for picklist_id in remote.closed_picklists:
        if picklist_id not in known:
            _fulfil_picklist(claimed, claimed.context.picqer.orders.picklist(picklist_id))


def fulfil_rest(claimed: ClaimedOrder, order: Order) -> None:
    """Fulfil all open quantities."""
    rest = remaining_fulfilment(order.lines)
    _fulfil(claimed, order, rest, warehouse_pk=None, tracking="")


def _fulfil_picklist(claimed: ClaimedOrder, picklist: RemotePicklist) -> None:
    context = claimed.context
    # Two webhooks may tell of the same picklist at the same time.
    with context.links.fulfilments.once(claimed.entry.order_pk, picklist.id) as first:
        if not first:
            return
        order = claimed.load_order()
        fulfilment = fulfilment_of(picklist.picked, order.lines)
        warehouse_pk = context.links.warehouses.all().get(picklist.warehouse_id or 0)
        tracking = ", ".join(picklist.tracking)
        with context.shop.stock.locked(claimed.entry.order_pk):
            if order.state is OrderState.CANCELLED:
                claimed.flag(texts.shipped_although_cancelled(tracking))
            else:
                _fulfil(claimed, order, fulfilment, warehouse_pk=warehouse_pk, tracking=tracking)
            reserve.shipped(claimed, picklist.picked)
        if fulfilment.surplus:
            claimed.note(texts.also_shipped(fulfilment.surplus))


def _fulfil(
    claimed: ClaimedOrder,
    order: Order,
    fulfilment: Fulfilment,
    *,
    warehouse_pk: str | None,
    tracking: str,
) -> None:
    """Create the fulfilment in Saleor.

    Raises TryLaterError when the order was cancelled in Saleor after loading.
    """
    try:
        created = claimed.context.shop.orders.fulfil(
            claimed.entry.order_pk,
            warehouse_pk,
            fulfilment.quantities,
            tracking=tracking,
            notify=claimed.context.settings.notify_customer,
        )
    except DataError as error:
        if claimed.load_order().state is order.state:
            raise
        raise TryLaterError(texts.JUST_CHANGED_IN_SALEOR) from error
    if created is not None:
        claimed.note(texts.shipped(tracking))
