"""Texts about an order for staff: timeline notes, flags and reasons of failures.

A flag is a note which also asks for attention until the cause is gone. Each flag says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus
from saleor_picqer.domain.skus import describe_amounts

# --- failures

NOT_IN_PICQER_YET: Final = "The order is not in Picqer yet."
GONE_FROM_SALEOR: Final = "The order no longer exists in Saleor."
UNEXPECTED_ERROR: Final = "An unexpected error stopped the push to Picqer: see the worker's log."
BEING_CHANGED_IN_PICQER: Final = "The order is being changed in Picqer right now."
JUST_CHANGED_IN_SALEOR: Final = "The order has just been changed in Saleor."


def not_sent(reason: str) -> str:
    return f"{_NOT_SENT} {reason}"


def not_updated(reason: str) -> str:
    return f"{_NOT_UPDATED} {reason}"


def event_not_handled(reason: str) -> str:
    return f"{_EVENT_NOT_HANDLED} {reason} Push the order to have it read from Picqer again."


def given_up(reason: str) -> str:
    return f"{_NOT_SENT} It is not tried again until staff retry it. {reason}"


def is_failure(text: str) -> bool:
    """Return whether a flag tells of a failure, which is over after a successful attempt."""
    return text.startswith((_NOT_SENT, _NOT_UPDATED, _EVENT_NOT_HANDLED))


_NOT_SENT: Final = "The order could not be sent to Picqer."
_NOT_UPDATED: Final = "The order could not be updated in Picqer."
_EVENT_NOT_HANDLED: Final = "A change of this order in Picqer could not be applied in Saleor."


# --- create and look up


def received(number: str) -> str:
    return f"Received by Picqer as order {number}."


def other_amounts(remote: RemoteOrder) -> str:
    return (
        f"Order {remote.number} was entered in Picqer with other amounts than in Saleor:"
        f" {describe_amounts(remote.amounts)}. Check which are right, and correct the others."
    )


def sku_of_another(sku: str) -> str:
    return (
        f'In Picqer, SKU "{sku}" still belongs to another product of Saleor, whose new SKU has not'
        " been sent yet. The order is sent once Picqer has both products: run a full sync if that"
        " does not happen by itself."
    )


def skipped_but_received(number: str) -> str:
    return (
        f"The order is skipped in Saleor, but Picqer has received it as order {number}. Cancel"
        " that order in Picqer, or push this one again to have it followed."
    )


def reference_taken(remote: RemoteOrder) -> str:
    return (
        f"Picqer's order {remote.number} has the reference {remote.reference} already, with other"
        " products or for another customer. If that order belongs to another shop, set a prefix of"
        " references for this channel and retry. If that order is this one, skip this one in"
        " Saleor."
    )


def several_orders(reference: str, followed: str, others: Iterable[str]) -> str:
    return (
        f"Picqer has several orders with the reference {reference}. Order {followed} is followed:"
        f" cancel {', '.join(others)} in Picqer."
    )


# --- customers

CUSTOMER_BEING_CREATED: Final = (
    "Another order of the same customer is creating the customer's record in Picqer."
)


def without_customer(reason: str) -> str:
    return f"The order is in Picqer as that of a guest, without the customer's record. {reason}"


# --- missing products


def creating_is_off(sku: str) -> str:
    return (
        f'SKU "{sku}" is not in Picqer, and creating missing products is switched off. Create the'
        " product in Picqer, then retry."
    )


def unknown_everywhere(sku: str) -> str:
    return (
        f'SKU "{sku}" is neither in Picqer nor in this channel of Saleor. Create the product in'
        " Picqer, or list it in this channel, then retry."
    )


def inactive(sku: str) -> str:
    return f'SKU "{sku}" is inactive in Picqer. Activate the product in Picqer, then retry.'


# --- update


def header_changed(fields: str, *, late: bool) -> str:
    hint = " The warehouse has the order already: check the picklist." if late else ""
    return f"Changed in Picqer too: {fields}.{hint}"


def too_late(fields: str) -> str:
    return f"Too late to change in Picqer: {fields}. Tell the warehouse."


LINES_CHANGED: Final = "The lines were changed in Picqer too."
LINES_CHANGED_LATE: Final = (
    "The lines were changed in Saleor when Picqer's warehouse had the order already. Tell the"
    " warehouse, or correct the lines."
)


def not_tagged(reason: str) -> str:
    return f"The order has no tags in Picqer. {reason}"


# --- allocate, process and hold

ALLOCATED: Final = "Picqer keeps the stock reserved until the order may be picked."


def not_allocated(reason: str) -> str:
    return f"Picqer does not keep the stock reserved until the order may be picked. {reason}"


def ready_to_pick(number: str) -> str:
    return f"Order {number} is ready to be picked in Picqer."


def nothing_to_ship(number: str) -> str:
    return f"{_NOTHING_TO_SHIP} Cancel order {number} in Picqer, unless it has to be shipped."


def method_changed(number: str) -> str:
    return (
        f"{_METHOD_CHANGED} Cancel order {number} in Picqer, or push this one again to have it"
        " shipped by Picqer all the same."
    )


def open_again(number: str) -> str:
    return (
        f"{_OPEN_AGAIN} Picqer had shipped order {number}. Push this order to have the open goods"
        " sent once more, or fulfil or cancel them in Saleor."
    )


def is_hold(text: str) -> bool:
    """Return whether a flag tells why an order is held, which may be over."""
    return text.startswith((_NOTHING_TO_SHIP, _METHOD_CHANGED, _OPEN_AGAIN)) or is_not_shipped(text)


_NOTHING_TO_SHIP: Final = "Nothing of this order is left to ship in Saleor."
_OPEN_AGAIN: Final = "A fulfilment was cancelled in Saleor, so goods are open again."
_METHOD_CHANGED: Final = "The order has a shipping method in Saleor that Picqer does not handle."


# --- follow


def paused(number: str, reason: str) -> str:
    return f"Order {number} is paused in Picqer{f': {reason}' if reason else ''}."


def resumed(number: str) -> str:
    return f"Order {number} is no longer paused in Picqer."


def reopened(number: str) -> str:
    return (
        f"Order {number} was reopened in Picqer, so it is not picked now. Process it again in"
        " Picqer, or push this order to have it processed."
    )


def shipped(tracking: str) -> str:
    return f"Shipped by Picqer{_with(tracking)}."


def tracking_changed(tracking: str) -> str:
    if not tracking:
        return "The shipment was cancelled in Picqer, so the tracking number is removed."
    return f"The shipment was changed in Picqer. The tracking number is {tracking} now."


def added_to_fulfilment(number: int, tracking: str) -> str:
    return (
        f"Picqer has shipped{_with(tracking)} what is in fulfilment {number} already. Its parcels"
        " are shown there."
    )


def not_shipped(number: str, amounts: Mapping[str, int]) -> str:
    return (
        f"Picqer has completed order {number} {_WITHOUT_SHIPPING} {describe_amounts(amounts)}. Push"
        " this order to have these goods sent once more, or fulfil, cancel or refund them in"
        " Saleor."
    )


def is_not_shipped(text: str) -> bool:
    """Return whether a flag tells of goods that Picqer has not shipped."""
    return text.startswith("Picqer has completed order") and _WITHOUT_SHIPPING in text


_WITHOUT_SHIPPING: Final = "without shipping"


def shipped_unpaid(number: str) -> str:
    return (
        f"{_SHIPPED_UNPAID} The setting 'Let Picqer pick orders' holds such orders back, but order"
        f" {number} was processed in Picqer. Collect the payment, or get the goods back."
    )


def is_unpaid(text: str) -> bool:
    """Return whether a flag tells of a missing payment, which may have come."""
    return text.startswith(_SHIPPED_UNPAID)


_SHIPPED_UNPAID: Final = "Picqer has shipped this order, which Saleor does not count as paid."


def fulfilled_by_hand(number: str) -> str:
    order = f"order {number}" if number else "this order too"
    return (
        f"Fulfilled by hand in Saleor, although Picqer ships {order}. Cancel it in Picqer, unless"
        " Picqer is to ship it all the same."
    )


def also_shipped(surplus: Mapping[str, int]) -> str:
    return f"Picqer has also shipped what is not part of this order: {describe_amounts(surplus)}."


def shipped_although_cancelled(tracking: str) -> str:
    return (
        f"Shipped by Picqer{_with(tracking)}, although the order is cancelled in Saleor: get the"
        " goods back."
    )


def followed_as(number: str) -> str:
    return f"The order is order {number} in Picqer now."


def processed_although_cancelled(number: str) -> str:
    return (
        f"Order {number} is processed in Picqer, but cancelled in Saleor: cancel it in Picqer, or"
        " get the goods back."
    )


CANCELLED_IN_SALEOR_TOO: Final = "Cancelled in Picqer, so cancelled in Saleor."
STILL_OPEN_IN_SALEOR: Final = (
    "Cancelled in Picqer, and still open in Saleor. The order is followed again when it is entered"
    " in Picqer with the same reference. Otherwise push it again, or cancel it in Saleor."
)


def cannot_cancel_in_saleor(amounts: Mapping[str, int]) -> str:
    left = f": {describe_amounts(amounts)}" if amounts else ""
    return (
        "Cancelled in Picqer, but the order can no longer be cancelled in Saleor, because a part is"
        f" fulfilled. Refund what is not shipped{left}."
    )


# --- cancel


def cancelled_in_picqer_too(number: str) -> str:
    return f"Cancelled in Saleor, and order {number} is cancelled in Picqer too."


def cancellation_asked(number: str) -> str:
    return f"Cancelled in Saleor, so Picqer is asked to cancel order {number}."


def cancellation_refused(reason: str) -> str:
    return f"Picqer has refused the cancellation. {reason}"


NOT_ASKED_TO_CANCEL: Final = (
    'Picqer was not asked, because the setting "Cancel in Picqer" does not allow it.'
)


def still_in_picqer(remote: RemoteOrder, why: str = "") -> str:
    picked = remote.picked and remote.status is not RemoteStatus.COMPLETED
    reason = "it is picked already" if picked else _PROGRESS.get(remote.status, "")
    return (
        f"Cancelled in Saleor, but order {remote.number} is still in Picqer"
        f"{f', where {reason}' if reason else ''}: cancel it in Picqer, or get the goods back."
        f"{f' {why}' if why else ''}"
    )


_PROGRESS: Final[Mapping[RemoteStatus, str]] = {
    RemoteStatus.COMPLETED: "it is shipped already",
    RemoteStatus.PROCESSING: "it is being processed",
}

# --- other accounts

IN_OTHER_ACCOUNT: Final = "The order is in another Picqer account."


def left_in_account(number: str, account: str) -> str:
    return (
        f"The order is order {number} of the Picqer account {account}, which this channel no longer"
        " uses. Finish it in that account, or push it again to send it to the new one."
    )


def changed_in_account(fields: str, number: str, account: str) -> str:
    return (
        f"Changed in Saleor: {fields}. The order is order {number} of the Picqer account {account},"
        " which this channel no longer uses: change it there."
    )


def maybe_in_account(reference: str, account: str) -> str:
    return (
        f"The order may be in the Picqer account {account}, which this channel no longer uses: a"
        f" request got no answer. Look for reference {reference} there. If that account has the"
        " order, finish it there and skip this one. If not, push this one again."
    )


def _with(tracking: str) -> str:
    return f" with tracking {tracking}" if tracking else ""
