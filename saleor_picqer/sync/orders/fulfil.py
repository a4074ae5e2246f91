"""Turn what Picqer has shipped into fulfilments in Saleor, each picklist once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from saleor_picqer.domain.fulfilments import (
    ForeignFulfilment,
    Fulfilment,
    ShippedPicklist,
    find_covering,
    fulfilment_of,
    left_open,
    remaining_fulfilment,
)
from saleor_picqer.domain.order_state_machine import missing_step
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.parcels import Tracking, codes, parcels_of, tracking_of
from saleor_picqer.domain.remote_orders import RemoteOrder, RemotePicklist
from saleor_picqer.errors import DataError, TryLaterError
from saleor_picqer.sync.orders import payments, reserve, shipments, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder


def fulfil_picklists(
    claimed: ClaimedOrder, remote: RemoteOrder, hints: Collection[int] = ()
) -> None:
    """Create a fulfilment for each newly closed picklist: 2 requests each.

    `hints` are picklists of which webhooks have told, for an account that lists none with an order.
    """
    ids = remote.closed_picklists if remote.lists_picklists else hints
    known = claimed.context.links.fulfilments.recorded(ids)
    for picklist_id in ids:
        if picklist_id not in known:
            fulfil_picklist(claimed, picklist_id)


def fulfil_picklist(claimed: ClaimedOrder, picklist_id: int) -> None:
    """Create the fulfilment of a picklist, if the picklist is closed and has none."""
    context = claimed.context
    picklist = context.picqer.picklists.get(picklist_id).called(claimed.skus)
    if not picklist.is_closed:
        return
    record = ShippedPicklist(
        id=picklist.id,
        order_pk=claimed.entry.order_pk,
        remote_id=claimed.remote_id,
        picked=picklist.picked,
        shipments=picklist.shipments,
    )
    # Two webhooks may tell of the same picklist at the same time.
    with context.links.fulfilments.once(record) as first:
        if first:
            with context.shop.stock.locked(claimed.entry.order_pk):
                _record(claimed, picklist)
                reserve.shipped(claimed, picklist.picked)
    if not first:
        # The other worker may have read the shipments before this one.
        shipments.refresh(context, picklist_id)


def fulfil_rest(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> dict[str, int]:
    """Fulfil what Picqer has shipped without a picklist; return what stays open, by SKU."""
    recorded = claimed.context.links.fulfilments.of_order(claimed.entry.order_pk)
    shipped = [one.picked for one in recorded if one.remote_id == remote.id]
    rest = remaining_fulfilment(order.lines, remote.amounts, shipped)
    notify = claimed.context.settings.notify_customer
    _create(claimed, order, rest, None, Tracking(), notify=notify)
    return left_open(order.lines, rest.quantities)


def is_unpaid(claimed: ClaimedOrder, order: Order) -> bool:
    """Return whether Picqer was not to ship the order yet, for want of a payment."""
    policy = claimed.context.settings.orders
    return missing_step(order, policy.process, policy) is not None and not claimed.entry.requested


def _record(claimed: ClaimedOrder, picklist: RemotePicklist) -> None:
    """Show in Saleor what a picklist has shipped; flag an order that was cancelled."""
    context, order = claimed.context, claimed.load_order()
    parcels = parcels_of(picklist.shipments)
    if order.state is OrderState.CANCELLED:
        claimed.flag(texts.shipped_although_cancelled(codes(parcels)))
        return
    fulfilment = fulfilment_of(picklist.picked, order.lines)
    tracking = tracking_of(parcels, context.settings.tracking)
    warehouse_pk = context.links.warehouses.all().get(picklist.warehouse_id or 0)
    hold = timedelta(seconds=context.settings.notify_delay)
    wanted = context.settings.notify_customer
    created = _create(
        claimed, order, fulfilment, warehouse_pk, tracking, notify=wanted and not hold
    )
    covering = _find_covering(claimed, order, fulfilment.surplus) if fulfilment.surplus else []
    context.links.fulfilments.attach(
        picklist.id,
        created=created,
        adopted=[found.pk for found in covering],
        hold=hold if created and wanted and hold else None,
    )
    for found in covering:
        shipments.add_to(context, picklist.id, order.pk, found.pk)
        claimed.note(texts.added_to_fulfilment(found.number, tracking.text))
    if created and is_unpaid(claimed, order):
        claimed.flag(texts.shipped_unpaid(claimed.entry.remote_number))


def _find_covering(
    claimed: ClaimedOrder, order: Order, surplus: Mapping[str, int]
) -> list[ForeignFulfilment]:
    """Find the fulfilments that contain the goods already, and note any other surplus."""
    recorded = claimed.context.links.fulfilments.of_order(order.pk)
    own = {pk for picklist in recorded for pk in picklist.created}
    foreign = claimed.context.shop.fulfilments.foreign(order.pk, own)
    covering, rest = find_covering(surplus, order.lines, foreign)
    if rest:
        claimed.note(texts.also_shipped(rest))
    return covering


def _create(
    claimed: ClaimedOrder,
    order: Order,
    fulfilment: Fulfilment,
    warehouse_pk: str | None,
    tracking: Tracking,
    *,
    notify: bool,
) -> tuple[str, ...]:
    """Create the fulfilment in Saleor.

    Raises TryLaterError when the order was cancelled in Saleor after loading.
    """
    try:
        created = claimed.context.shop.fulfilments.create(
            claimed.entry.order_pk, warehouse_pk, fulfilment.quantities, tracking, notify=notify
        )
    except DataError as error:
        if claimed.load_order().state is order.state:
            raise
        raise TryLaterError(texts.JUST_CHANGED_IN_SALEOR) from error
    if created:
        claimed.note(texts.shipped(tracking.text))
        payments.require(claimed, order, fulfilment.quantities)
    return created
