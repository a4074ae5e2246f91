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
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.work import Work


def follow(context: Context, remote_id: int, reference: str = "") -> bool:
    """Brings the shop's order up to what Picqer says of it now; False for a foreign order.

    An order that was cancelled in Picqer and entered there anew is known by its reference.
    """
    entry = _entry(context, remote_id, reference)
    if entry is None or entry.channel != context.channel:
        return False
    work = Work(context, entry)
    if entry.stage not in (Stage.COMPLETED, Stage.SKIPPED):
        remote = context.picqer.order(remote_id)
        if entry.stage is not Stage.CANCELLED or _is_revived(work, remote):
            take_over(work, remote)
    work.publish()
    return True


def _entry(context: Context, remote_id: int, reference: str) -> Entry | None:
    found = context.outbox.find(context.account, remote_id)
    return found or context.outbox.find_cancelled(context.account, reference)


def _is_revived(work: Work, remote: RemoteOrder) -> bool:
    """Its cancellation was undone, or it was entered again, and somebody has processed it.

    Another shop's order may have the same reference, but hardly any of the same products.
    """
    order = work.order()
    skus = {line.sku.strip() for line in order.lines}
    ours = remote.id == work.entry.remote_id or remote.amounts.keys() & skus
    if remote.status not in BEGUN or not ours:
        return False
    if order.state is OrderState.CANCELLED:
        work.flag(f"order {remote.number} is processed there, but this order is cancelled here")
        return False
    _revive(work, remote)
    return True


def _revive(work: Work, remote: RemoteOrder) -> None:
    work.save(
        stage=Stage.PROCESSED,
        remote_id=remote.id,
        remote_number=remote.number,
        remote_status="",
        attention="",
    )
    work.note(f"it is order {remote.number} there now.")


def take_over(work: Work, remote: RemoteOrder) -> None:
    """Acts on the order as Picqer has it."""
    before = work.entry.remote_status
    if work.saw(remote.status, remote.link):
        _note_status(work, remote, before)
    take_over_picklists(work, remote)
    if remote.status is RemoteStatus.COMPLETED:
        _complete(work, remote)
    elif remote.status is RemoteStatus.CANCELLED:
        _cancel(work)
    else:
        _take_over_progress(work, remote)


def take_over_picklists(work: Work, remote: RemoteOrder) -> None:
    """Makes a fulfilment of each picklist that was closed since the last time."""
    known = work.context.links.fulfilled(remote.closed_picklists)
    for picklist_id in remote.closed_picklists:
        if picklist_id not in known:
            _fulfil_picklist(work, work.context.picqer.picklist(picklist_id))


def _note_status(work: Work, remote: RemoteOrder, before: str) -> None:
    if remote.status is RemoteStatus.PAUSED:
        reason = f": {remote.paused_reason}" if remote.paused_reason else ""
        work.note(f"order {remote.number} is paused{reason}.")
    elif before == RemoteStatus.PAUSED:
        work.note(f"order {remote.number} is no longer paused.")


def _take_over_progress(work: Work, remote: RemoteOrder) -> None:
    """Somebody processed it in Picqer. While a worker holds the row, that worker does.

    After all else: until the stage says so, whoever has the order next does it again.
    """
    begun = remote.status in (RemoteStatus.PROCESSING, RemoteStatus.PAUSED)
    free = work.entry.lease or not work.entry.held
    stage = work.entry.stage
    if stage is Stage.FAILED and work.order().state is OrderState.CANCELLED:
        return  # what failed is its cancelling
    if begun and free and stage in _UNPROCESSED:
        attention = "" if stage is Stage.FAILED else work.entry.attention
        work.save(stage=Stage.PROCESSED, attention=attention)
        work.note(f"order {remote.number} is ready to be picked.")
        if stage is Stage.CREATED:
            stock.recount(work.context, work.order())


_UNPROCESSED: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.FAILED})


def _fulfil_picklist(work: Work, picklist: Picklist) -> None:
    context = work.context
    with context.links.once(work.entry.order_pk, picklist.id) as first:
        if not first:
            return
        order = work.order()
        fulfilment = fulfilment_of(picklist.picked, order.lines)
        warehouse_pk = context.links.warehouses().get(picklist.warehouse_id or 0)
        tracking = ", ".join(picklist.tracking)
        if order.state is OrderState.CANCELLED:
            work.flag(_shipped_anyway(tracking))
        else:
            _fulfil(work, order, fulfilment, warehouse_pk=warehouse_pk, tracking=tracking)
        if fulfilment.surplus:
            surplus = in_words(fulfilment.surplus)
            work.note(f"also shipped, but not part of this order: {surplus}.")
    for sku, product_id in picklist.products.items():
        stock.refresh_product(context, product_id, sku)


def _fulfil(
    work: Work, order: Order, fulfilment: Fulfilment, *, warehouse_pk: str | None, tracking: str
) -> None:
    """Raises TryLaterError where somebody has cancelled the order since it was read, say."""
    try:
        created = work.context.shop.fulfil(
            work.entry.order_pk,
            warehouse_pk,
            fulfilment.quantities,
            tracking=tracking,
            notify=work.context.settings.notify_customer,
        )
    except DataError as error:
        if work.order().state is order.state:
            raise
        raise TryLaterError("the order was changed in Saleor just now") from error
    if created is not None:
        work.note(f"{_shipped(tracking)}.")


def _shipped(tracking: str) -> str:
    return f"shipped with tracking {tracking}" if tracking else "shipped"


def _shipped_anyway(tracking: str) -> str:
    return f"{_shipped(tracking)}, although it is cancelled in Saleor: get the goods back"


def _complete(work: Work, remote: RemoteOrder) -> None:
    """Accounts that list no picklists with the order still fulfil what is left of it."""
    order = work.order()
    if order.state is OrderState.CANCELLED:
        if not (remote.closed_picklists and work.entry.attention):
            work.flag(_shipped_anyway(""))
        work.save(stage=Stage.COMPLETED)
        return
    rest = rest_of(order.lines)
    _fulfil(work, order, rest, warehouse_pk=None, tracking="")
    work.save(stage=Stage.COMPLETED, attention="")
    if rest.quantities:
        stock.refresh(
            work.context, sorted({ln.sku for ln in order.lines if ln.pk in rest.quantities})
        )


def _cancel(work: Work) -> None:
    """The first to save the stage tells it; the shop's own cancelling can be repeated."""
    wanted = work.context.settings.cancel_in_saleor
    was_open = work.order().state is not OrderState.CANCELLED
    done = was_open and wanted and work.context.shop.cancel(work.entry.order_pk)
    attention = (_UNCANCELLABLE if wanted else _STILL_OPEN) if was_open and not done else ""
    work.save(stage=Stage.CANCELLED, attention=attention)
    if was_open:
        work.note(attention or "cancelled there, so cancelled here.")
    else:
        work.note(f"order {work.entry.remote_number} is cancelled there too.")


_STILL_OPEN: Final = (
    "cancelled there, and still open here. It is followed again when it is entered anew with the"
    " same reference; else push it again, or cancel it here"
)
_UNCANCELLABLE: Final = "cancelled there, but this order can no longer be cancelled here"
