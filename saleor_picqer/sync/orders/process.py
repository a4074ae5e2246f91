"""Let Picqer reserve the stock of an order or start picking; otherwise tell staff why not."""

from __future__ import annotations

from contextlib import suppress

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import AccountError, RefusedError, TryLaterError, WrongStatusError
from saleor_picqer.sync.orders import reserve, texts, update
from saleor_picqer.sync.orders.claim import ClaimedOrder


def allocate(claimed: ClaimedOrder, order: Order) -> bool:
    """Reserve the order's stock in Picqer; False, with a flag, when Picqer refuses."""
    since = reserve.start(claimed)
    try:
        answer = claimed.context.picqer.orders.allocate(claimed.remote_id)
    except WrongStatusError:
        raise
    except (AccountError, RefusedError) as error:
        # Saleor itself keeps the stock reserved, so nothing is oversold.
        claimed.flag(texts.not_allocated(error.explain()))
        return False
    claimed.hear(answer)
    # Before the stage: a worker that is killed in between does both again.
    reserve.allocated(claimed, order, since)
    claimed.save(stage=Stage.ALLOCATED)
    claimed.note(texts.ALLOCATED)
    return True


def process(claimed: ClaimedOrder, order: Order) -> bool:
    """Hand the order over to Picqer's warehouse."""
    since = reserve.start(claimed)
    claimed.hear(claimed.context.picqer.orders.process(claimed.remote_id))
    reserve.processed(claimed, order, since)
    claimed.save(stage=Stage.PROCESSED)
    # A webhook may have brought a later status already.
    with suppress(TryLaterError):
        claimed.record_remote_status(RemoteStatus.PROCESSING, claimed.entry.status_page)
    claimed.note(texts.ready_to_pick(claimed.entry.remote_number))
    update.send_tags(claimed, claimed.build_whole_request(order))
    return True


def hold(claimed: ClaimedOrder, order: Order) -> bool:
    """Flag an order that Picqer must not ship, or not once more, before staff have decided."""
    number = claimed.entry.remote_number
    if claimed.entry.stage is Stage.COMPLETED:
        # What Picqer never shipped is open too, and the flag of the completion says so.
        if not texts.is_not_shipped(claimed.entry.attention):
            claimed.flag(texts.open_again(number))
    elif order.is_fulfilled:
        claimed.flag(texts.nothing_to_ship(number))
    else:
        claimed.flag(texts.method_changed(number))
    return False
