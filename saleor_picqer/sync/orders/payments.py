"""Capture the payment of a shipped order: once, and apart from the shipment."""

from __future__ import annotations

from collections.abc import Mapping

from saleor_picqer.domain.fulfilments import left_open
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.payments import PROBLEMS, Capture, CaptureState, CaptureWhen, notice
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context


def require(claimed: ClaimedOrder, order: Order, shipped: Mapping[str, int]) -> None:
    """Make the capture due after a shipment, according to the channel's rule.

    `shipped` are the shipped quantities by line pk, still open in `order`.
    """
    when = claimed.context.settings.capture_payment
    is_due = when is CaptureWhen.FIRST_SHIPMENT or (
        when is CaptureWhen.ALL_SHIPPED and not left_open(order.lines, shipped)
    )
    if is_due:
        claimed.context.captures.require(order.pk)


def capture(context: Context, entry: Entry) -> None:
    """Take the capture of an order as far as possible, and show the outcome on the order.

    Saleor is asked at most once: a killed worker may have captured the payment.
    """
    order_pk = entry.order_pk
    if context.settings.capture_payment is CaptureWhen.NEVER:
        context.captures.withdraw(order_pk)
    elif context.captures.claim(order_pk):
        outcome = context.shop.payments.capture(order_pk)
        context.captures.settle(order_pk, outcome.state, notice(outcome))
    _look_up(context, order_pk)
    _tell(context, entry)


def _look_up(context: Context, order_pk: str) -> None:
    """Look up the outcome of an earlier request to capture."""
    asked = context.captures.unanswered(order_pk)
    if asked is None:
        return
    outcome = context.shop.payments.outcome(order_pk, asked.at)
    if outcome.state is CaptureState.PENDING and asked.is_late:
        outcome = Capture(CaptureState.UNKNOWN)
    if outcome.state is CaptureState.PENDING:
        context.captures.wait(order_pk)
    else:
        context.captures.settle(order_pk, outcome.state, notice(outcome))


def _tell(context: Context, entry: Entry) -> None:
    """Add the outcome to the order's timeline, and flag the order after a problem."""
    untold = context.captures.untold(entry.order_pk)
    if untold is None:
        return
    state, text = untold
    # A deleted order has no timeline.
    if context.shop.orders.get(entry.order_pk) is not None:
        claimed = ClaimedOrder(context, entry)
        if state in PROBLEMS:
            claimed.flag(text)
            claimed.publish()
        else:
            claimed.note(text)
    context.captures.mark_told(entry.order_pk)
