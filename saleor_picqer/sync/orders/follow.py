"""Apply to Saleor's order what happened to the order in Picqer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from saleor_picqer.domain.events import OrderEvent
from saleor_picqer.domain.fulfilments import left_open
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, Entry, Stage
from saleor_picqer.domain.payments import is_not_captured
from saleor_picqer.domain.remote_orders import STARTED, UNPROCESSED, RemoteOrder, RemoteStatus
from saleor_picqer.domain.skus import compare_key
from saleor_picqer.errors import NotFoundError
from saleor_picqer.sync.orders import fulfil, lookup, reserve, shipments, taken_back, texts, update
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context, Outbox

_UNPROCESSED: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.REOPENED, Stage.FAILED})
# Stages whose flag is over once Picqer processes the order.
_FLAGGED: Final = frozenset({Stage.REOPENED, Stage.FAILED})


def follow(claimed: ClaimedOrder, order: Order) -> bool:
    """Apply Picqer's state of the order; False when the order has no further action."""
    apply_remote_state(claimed, claimed.fetch())
    update.send_changes(claimed, order)
    return claimed.entry.stage in OPEN_STAGES


def pull(context: Context, event: OrderEvent) -> bool:
    """Apply to Saleor's order what an event tells of, as Picqer has it now.

    Called for webhooks, without a lease. Returns False for an order outside the outbox. Reading
    the order costs 1 request, a closed picklist 2, and another shipment of a picklist 1. Hints
    about a picklist with a fulfilment cost nothing unless they are news.
    """
    entry = find_entry(context.outbox, context.account, event)
    # Parcels of a former order of the row can change too.
    known = context.links.fulfilments.recorded({hint.picklist_id for hint in event.hints})
    unknown = [hint.picklist_id for hint in event.hints if hint.picklist_id not in known]
    if entry is not None and (event.is_changed or unknown):
        _pull(ClaimedOrder(context, entry), event.order_id, unknown)
    for picklist_id in sorted(known):
        hints = [hint for hint in event.hints if hint.picklist_id == picklist_id]
        shipments.follow(context, picklist_id, hints)
    return entry is not None or bool(known)


def _pull(claimed: ClaimedOrder, remote_id: int, picklist_ids: Collection[int]) -> None:
    stage = claimed.entry.stage
    if stage is Stage.COMPLETED:
        # Goods that were fulfilled before the account told of their picklist.
        for picklist_id in picklist_ids:
            fulfil.fulfil_picklist(claimed, picklist_id)
    elif stage is not Stage.SKIPPED:
        remote = claimed.fetch(remote_id)
        if stage is not Stage.CANCELLED or _revive(claimed, remote):
            apply_remote_state(claimed, remote, picklist_ids)
    claimed.publish()


def catch_up(claimed: ClaimedOrder) -> RemoteOrder | None:
    """Apply Picqer's state of an open order about which webhooks may have been lost.

    An order that is cancelled or gone may have been entered again: it is followed as the new one,
    which is returned. Takes 1 request more for such an order. Raises NotFoundError when Picqer has
    neither.
    """
    try:
        remote = claimed.fetch()
    except NotFoundError:
        found = find_entered_again(claimed, None)
        if not found:
            raise
        _follow_entered(claimed, None, found)
    else:
        found = find_entered_again(claimed, remote)
        if found:
            _follow_entered(claimed, remote, found)
        else:
            apply_remote_state(claimed, remote)
    claimed.publish()
    return found[0] if found else None


def find_entered_again(claimed: ClaimedOrder, former: RemoteOrder | None) -> list[RemoteOrder]:
    """Find the orders that Picqer's staff have entered and started in place of the former one.

    `former` is None if Picqer no longer has the order. Takes 1 request, or none unless the former
    order is cancelled or gone.
    """
    if former and former.status is not RemoteStatus.CANCELLED:
        return []
    order = claimed.load_order()
    if not claimed.entry.reference:
        return []
    found = lookup.find_candidates(claimed, claimed.entry.reference, claimed.skus)
    return [
        remote
        for remote in found
        if remote.status in STARTED
        and remote.id != claimed.entry.remote_id
        and is_same_order(claimed, order, remote)
    ]


def _follow_entered(
    claimed: ClaimedOrder, former: RemoteOrder | None, entered: Sequence[RemoteOrder]
) -> None:
    """Follow the first of the orders that were entered in place of the former one."""
    if claimed.load_order().state is not OrderState.CANCELLED:
        # What was shipped before the order was cancelled in Picqer must not stay open.
        if former:
            fulfil.fulfil_picklists(claimed, former)
        reserve.released(claimed)
    elif former:
        apply_remote_state(claimed, former)
    remote, *others = entered
    if not _revive(claimed, remote):
        return
    apply_remote_state(claimed, remote, remote.closed_picklists)
    if others:
        numbers = [other.number for other in others]
        claimed.flag(texts.several_orders(remote.reference, remote.number, numbers))


def find_entry(outbox: Outbox, account: str, event: OrderEvent) -> Entry | None:
    """Return the row of the order that an event of an account tells of."""
    # An order that was cancelled in Picqer and entered again has a new id, but its old reference.
    found = outbox.find(account, event.order_id)
    return found or outbox.find_cancelled(account, event.reference)


def _revive(claimed: ClaimedOrder, remote: RemoteOrder) -> bool:
    """Follow a cancelled order again once Picqer processes the order; False until then."""
    order = claimed.load_order()
    is_ours = is_same_order(claimed, order, remote)
    if remote.status not in STARTED or not is_ours or claimed.has_shipped_before(remote):
        return False
    if order.state is OrderState.CANCELLED:
        claimed.flag(texts.processed_although_cancelled(remote.number))
        return False
    is_same = remote.id == claimed.entry.remote_id
    claimed.save(
        stage=Stage.PROCESSED,
        remote_id=remote.id,
        former_ids=claimed.entry.former_ids if is_same else claimed.former_ids,
        remote_number=remote.number,
        products=remote.products,
        remote_status="",
        attention="",
        # An order that is entered again counts as equal to Saleor's order.
        sent_digests=lookup.digests_to_send(claimed, order),
    )
    claimed.note(texts.followed_as(remote.number))
    reserve.revived(claimed, remote)
    return True


def is_same_order(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> bool:
    """Return whether Picqer's order with the order's id or reference is the same order."""
    skus = {compare_key(line.sku) for line in order.lines}
    remote_skus = {compare_key(sku) for sku in remote.amounts}
    # Another shop's order may have the same reference, but hardly the same products.
    return remote.id == claimed.entry.remote_id or bool(skus & remote_skus)


def apply_remote_state(
    claimed: ClaimedOrder, remote: RemoteOrder, hints: Collection[int] = ()
) -> None:
    """Apply status, picklists, completion or cancellation of Picqer's order.

    `hints` are picklists of which webhooks have told.
    """
    before = claimed.entry.remote_status
    if claimed.record_remote_status(remote.status, remote.status_page):
        _note_pause(claimed, remote, before)
    reserve.follow(claimed, remote)
    fulfil.fulfil_picklists(claimed, remote, hints)
    if remote.status is RemoteStatus.COMPLETED:
        _complete(claimed, remote)
    elif remote.status is RemoteStatus.CANCELLED:
        _cancel(claimed)
    elif remote.status in (RemoteStatus.PROCESSING, RemoteStatus.PAUSED):
        # Last, so that a worker that is killed before it leaves the rest to the next one.
        _mark_processed(claimed, remote)
    elif remote.status in UNPROCESSED and claimed.entry.stage is Stage.PROCESSED:
        _reopen(claimed, remote)


def _note_pause(claimed: ClaimedOrder, remote: RemoteOrder, before: str) -> None:
    if remote.status is RemoteStatus.PAUSED:
        claimed.note(texts.paused(remote.number, remote.paused_reason))
    elif before == RemoteStatus.PAUSED:
        claimed.note(texts.resumed(remote.number))


def _mark_processed(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Mark the order processed once Picqer has started the order.

    Skipped while another worker holds the lease: the holder marks the order.
    """
    stage = claimed.entry.stage
    leased_by_other = claimed.entry.leased and not claimed.entry.lease
    if leased_by_other or stage not in _UNPROCESSED:
        return
    # What failed is the cancellation in Picqer, and staff still have to deal with that.
    if stage is Stage.FAILED and claimed.load_order().state is OrderState.CANCELLED:
        return
    attention = "" if stage in _FLAGGED else claimed.entry.attention
    claimed.save(stage=Stage.PROCESSED, attention=attention)
    claimed.note(texts.ready_to_pick(remote.number))


def _reopen(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Follow Picqer's staff, who have taken the order back from the warehouse."""
    attention = texts.reopened(remote.number)
    claimed.save(stage=Stage.REOPENED, attention=attention)
    claimed.note(attention)
    reserve.released(claimed)


def _complete(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    order = claimed.load_order()
    if order.state is OrderState.CANCELLED:
        if not (remote.closed_picklists and claimed.entry.attention):
            claimed.flag(texts.shipped_although_cancelled(""))
        reserve.completed(claimed)
        claimed.save(stage=Stage.COMPLETED)
        return
    # Some accounts list no picklists with the order: what is left was shipped, too.
    with claimed.context.shop.stock.locked(claimed.entry.order_pk):
        left = fulfil.fulfil_rest(claimed, order, remote)
        reserve.completed(claimed)
    attention = texts.not_shipped(remote.number, left) if left else ""
    if not attention and fulfil.is_unpaid(claimed, order):
        attention = texts.shipped_unpaid(remote.number)
    is_news = attention not in ("", claimed.entry.attention)
    if not attention and _outlasts_completion(claimed.entry.attention):
        attention = claimed.entry.attention
    claimed.save(stage=Stage.COMPLETED, attention=attention)
    if is_news:
        claimed.note(attention)


def _outlasts_completion(text: str) -> bool:
    return taken_back.is_return(text) or is_not_captured(text)


def _cancel(claimed: ClaimedOrder) -> None:
    """Cancel Saleor's order after Picqer's; flag the order when that is forbidden."""
    context = claimed.context
    wanted = context.settings.cancel_in_saleor
    order = claimed.load_order()
    was_open = order.state is not OrderState.CANCELLED
    # Cancelling in Saleor can be repeated; the worker that saves the stage first adds the note.
    # At no moment may both Picqer's free stock and Saleor's quantity contain the goods.
    with context.shop.stock.locked(claimed.entry.order_pk):
        done = was_open and wanted and context.shop.orders.cancel(claimed.entry.order_pk)
        reserve.released(claimed)
    refused = texts.STILL_OPEN_IN_SALEOR
    if wanted:
        refused = texts.cannot_cancel_in_saleor(left_open(order.lines, {}))
    attention = refused if was_open and not done else ""
    claimed.save(stage=Stage.CANCELLED, attention=attention)
    if was_open:
        claimed.note(attention or texts.CANCELLED_IN_SALEOR_TOO)
    else:
        claimed.note(texts.cancelled_in_picqer_too(claimed.entry.remote_number))
