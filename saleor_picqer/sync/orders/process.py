"""Let Picqer reserve the stock of an order or start picking; otherwise tell staff why not."""

from __future__ import annotations

from contextlib import suppress

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import AccountError, RefusedError, TryLaterError, WrongStatusError
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders import texts, update
from saleor_picqer.sync.orders.claim import ClaimedOrder


def allocate(claimed: ClaimedOrder, order: Order) -> bool:
    """Reserve the order's stock in Picqer; False, with a flag, when Picqer refuses."""
    is_retry = claimed.entry.attempts > 0
    try:
        claimed.context.picqer.orders.allocate(claimed.remote_id)
    except WrongStatusError:
        raise
    except (AccountError, RefusedError) as error:
        # Saleor itself keeps the stock reserved, so nothing is oversold.
        claimed.flag(texts.not_allocated(error.explain()))
        return False
    claimed.save(stage=Stage.ALLOCATED)
    claimed.note(texts.ALLOCATED)
    _refresh_stock(claimed, order, is_retry=is_retry)
    return True


def process(claimed: ClaimedOrder, order: Order) -> bool:
    """Hand the order over to Picqer's warehouse."""
    is_retry = claimed.entry.attempts > 0 and claimed.entry.stage is Stage.CREATED
    claimed.context.picqer.orders.process(claimed.remote_id)
    claimed.save(stage=Stage.PROCESSED)
    # A webhook may have brought a later status already.
    with suppress(TryLaterError):
        claimed.record_remote_status(RemoteStatus.PROCESSING, claimed.entry.status_page)
    claimed.note(texts.ready_to_pick(claimed.entry.remote_number))
    _refresh_stock(claimed, order, is_retry=is_retry)
    update.send_tags(claimed, claimed.build_whole_request(order))
    return True


def hold(claimed: ClaimedOrder, order: Order) -> bool:
    """Flag an order that Picqer must not ship, or not once more, before staff have decided."""
    number = claimed.entry.remote_number
    if claimed.entry.stage is Stage.COMPLETED:
        claimed.flag(texts.open_again(number))
    elif order.is_fulfilled:
        claimed.flag(texts.nothing_to_ship(number))
    else:
        claimed.flag(texts.method_changed(number))
    return False


def _refresh_stock(claimed: ClaimedOrder, order: Order, *, is_retry: bool) -> None:
    # The first, unanswered attempt may have lowered Picqer's free stock before this row said so.
    if is_retry:
        stock.refresh_order(claimed.context, order)
