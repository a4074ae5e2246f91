"""Following an order in Picqer: every closed picklist becomes a fulfilment, once."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.fulfilments import (
    BEGUN,
    Fulfilment,
    Picklist,
    RemoteOrder,
    RemoteStatus,
    fulfilment_of,
    in_words,
    rest_of,
)
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.errors import DataError, TryLaterError
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context


def follow(context: Context, remote_id: int, reference: str = "") -> bool:
    """Brings the shop's order up to what Picqer says of it now; False for a foreign order.

    An order that was cancelled in Picqer and entered there anew is known by its reference.
    """
    entry = _entry(context, remote_id, reference)
    if entry is None or entry.channel != context.channel:
        return False
    claimed = ClaimedOrder(context, entry)
    if entry.stage not in (Stage.COMPLETED, Stage.SKIPPED):
        remote = context.picqer.orders.get(remote_id)
        if entry.stage is not Stage.CANCELLED or _is_revived(claimed, remote):
            apply_remote_state(claimed, remote)
    claimed.publish()
    return True


def _entry(context: Context, remote_id: int, reference: str) -> Entry | None:
    found = context.outbox.find(context.account, remote_id)
    return found or context.outbox.find_cancelled(context.account, reference)


def _is_revived(claimed: ClaimedOrder, remote: RemoteOrder) -> bool:
    """Its cancellation was undone, or it was entered again, and somebody has processed it.

    Another shop's order may have the same reference, but hardly any of the same products.
    """
    order = claimed.order()
    skus = {line.sku.strip() for line in order.lines}
    ours = remote.id == claimed.entry.remote_id or remote.amounts.keys() & skus
    if remote.status not in BEGUN or not ours:
        return False
    if order.state is OrderState.CANCELLED:
        claimed.flag(f"order {remote.number} is processed there, but this order is cancelled here")
        return False
    _revive(claimed, remote)
    return True


def _revive(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    claimed.save(
        stage=Stage.PROCESSED,
        remote_id=remote.id,
        remote_number=remote.number,
        remote_status="",
        attention="",
    )
    claimed.note(f"it is order {remote.number} there now.")


def apply_remote_state(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Acts on the order as Picqer has it."""
    before = claimed.entry.remote_status
    if claimed.record_remote_status(remote.status, remote.status_page):
        _note_status(claimed, remote, before)
    apply_picklists(claimed, remote)
    if remote.status is RemoteStatus.COMPLETED:
        _complete(claimed, remote)
    elif remote.status is RemoteStatus.CANCELLED:
        _cancel(claimed)
    else:
        _take_over_progress(claimed, remote)


def apply_picklists(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Makes a fulfilment of each picklist that was closed since the last time."""
    known = claimed.context.links.fulfilments.recorded(remote.closed_picklists)
    for picklist_id in remote.closed_picklists:
        if picklist_id not in known:
            _fulfil_picklist(claimed, claimed.context.picqer.orders.picklist(picklist_id))


def _note_status(claimed: ClaimedOrder, remote: RemoteOrder, before: str) -> None:
    if remote.status is RemoteStatus.PAUSED:
        reason = f": {remote.paused_reason}" if remote.paused_reason else ""
        claimed.note(f"order {remote.number} is paused{reason}.")
    elif before == RemoteStatus.PAUSED:
        claimed.note(f"order {remote.number} is no longer paused.")


def _take_over_progress(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Somebody processed it in Picqer. While a worker holds the row, that worker does.

    After all else: until the stage says so, whoever has the order next does it again.
    """
    begun = remote.status in (RemoteStatus.PROCESSING, RemoteStatus.PAUSED)
    free = claimed.entry.lease or not claimed.entry.leased
    stage = claimed.entry.stage
    if stage is Stage.FAILED and claimed.order().state is OrderState.CANCELLED:
        return  # what failed is its cancelling
    if begun and free and stage in _UNPROCESSED:
        attention = "" if stage is Stage.FAILED else claimed.entry.attention
        claimed.save(stage=Stage.PROCESSED, attention=attention)
        claimed.note(f"order {remote.number} is ready to be picked.")
        if stage is Stage.CREATED:
            stock.recount(claimed.context, claimed.order())


_UNPROCESSED: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.FAILED})


def _fulfil_picklist(claimed: ClaimedOrder, picklist: Picklist) -> None:
    context = claimed.context
    with context.links.fulfilments.once(claimed.entry.order_pk, picklist.id) as first:
        if not first:
            return
        order = claimed.order()
        fulfilment = fulfilment_of(picklist.picked, order.lines)
        warehouse_pk = context.links.warehouses.all().get(picklist.warehouse_id or 0)
        tracking = ", ".join(picklist.tracking)
        if order.state is OrderState.CANCELLED:
            claimed.flag(_shipped_anyway(tracking))
        else:
            _fulfil(claimed, order, fulfilment, warehouse_pk=warehouse_pk, tracking=tracking)
        if fulfilment.surplus:
            surplus = in_words(fulfilment.surplus)
            claimed.note(f"also shipped, but not part of this order: {surplus}.")
    for sku, product_id in picklist.products.items():
        stock.refresh_product(context, product_id, sku)


def _fulfil(
    claimed: ClaimedOrder,
    order: Order,
    fulfilment: Fulfilment,
    *,
    warehouse_pk: str | None,
    tracking: str,
) -> None:
    """Raises TryLaterError where somebody has cancelled the order since it was read, say."""
    try:
        created = claimed.context.shop.orders.fulfil(
            claimed.entry.order_pk,
            warehouse_pk,
            fulfilment.quantities,
            tracking=tracking,
            notify=claimed.context.settings.notify_customer,
        )
    except DataError as error:
        if claimed.order().state is order.state:
            raise
        raise TryLaterError("the order was changed in Saleor just now") from error
    if created is not None:
        claimed.note(f"{_shipped(tracking)}.")


def _shipped(tracking: str) -> str:
    return f"shipped with tracking {tracking}" if tracking else "shipped"


def _shipped_anyway(tracking: str) -> str:
    return f"{_shipped(tracking)}, although it is cancelled in Saleor: get the goods back"


def _complete(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Accounts that list no picklists with the order still fulfil what is left of it."""
    order = claimed.order()
    if order.state is OrderState.CANCELLED:
        if not (remote.closed_picklists and claimed.entry.attention):
            claimed.flag(_shipped_anyway(""))
        claimed.save(stage=Stage.COMPLETED)
        return
    rest = rest_of(order.lines)
    _fulfil(claimed, order, rest, warehouse_pk=None, tracking="")
    claimed.save(stage=Stage.COMPLETED, attention="")
    if rest.quantities:
        stock.refresh(
            claimed.context, sorted({ln.sku for ln in order.lines if ln.pk in rest.quantities})
        )


def _cancel(claimed: ClaimedOrder) -> None:
    """The first to save the stage tells it; the shop's own cancelling can be repeated."""
    wanted = claimed.context.settings.cancel_in_saleor
    was_open = claimed.order().state is not OrderState.CANCELLED
    done = was_open and wanted and claimed.context.shop.orders.cancel(claimed.entry.order_pk)
    attention = (_UNCANCELLABLE if wanted else _STILL_OPEN) if was_open and not done else ""
    claimed.save(stage=Stage.CANCELLED, attention=attention)
    if was_open:
        claimed.note(attention or "cancelled there, so cancelled here.")
    else:
        claimed.note(f"order {claimed.entry.remote_number} is cancelled there too.")


_STILL_OPEN: Final = (
    "cancelled there, and still open here. It is followed again when it is entered anew with the"
    " same reference; else push it again, or cancel it here"
)
_UNCANCELLABLE: Final = "cancelled there, but this order can no longer be cancelled here"
