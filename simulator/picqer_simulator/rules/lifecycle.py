"""The statuses of an order: transitions, and their effects on stock and picklists."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import ALREADY_PROCESSED, NO_PRODUCTS, WRONG_STATUS, ApiError
from picqer_simulator.core.models import Order, Picklist, Wire
from picqer_simulator.core.parsing import read, text
from picqer_simulator.core.queries import Query, is_set
from picqer_simulator.rules import (
    allocations,
    backlog,
    order_wire,
    picking,
    processing,
    stock_events,
)

UNPROCESSED = ("concept", "expected")
# The fields that `anonymise` empties.
PERSONAL = (
    "deliveryname",
    "deliverycontactname",
    "deliveryaddress",
    "deliveryaddress2",
    "deliveryzipcode",
    "invoicename",
    "invoicecontactname",
    "invoiceaddress",
    "invoiceaddress2",
    "invoicezipcode",
    "telephone",
    "emailaddress",
    "customer_remarks",
)
ANONYMISE_AFTER_SECONDS = 7 * 24 * 3600


def process(account: Account, idorder: int) -> Wire:
    """Process an order: create picklists from stock and backorders for the rest."""
    order = account.find(account.state.orders, idorder)
    if order.status in ("processing", "completed"):
        raise ApiError(ALREADY_PROCESSED)
    _require_status(order, *UNPROCESSED)
    if not order.products:
        raise ApiError(NO_PRODUCTS)
    allocations.require_candidates(account, order)
    processing.expand_compositions(account, order)
    # The events of new picklists follow the event of the new status.
    made = _distribute_now_or_later(account, order)
    _set_status(account, order, "processing", "orders.closed")
    processing.announce(account, made)
    return order_wire.order(account, order)


def cancel(account: Account, idorder: int, query: Query) -> Wire | None:
    """Cancel an order. After processing, the query must contain `force`."""
    order = account.find(account.state.orders, idorder)
    force = "force" in query and is_set(query["force"])
    # Without `force`, an order in processing is protected from a cancellation by mistake.
    if order.status == "cancelled" or (order.status not in UNPROCESSED and not force):
        raise ApiError(account.options.cancel_refused_code)
    dropped = _undo_processing(account, order)
    _set_status(account, order, "cancelled")
    for picklist in dropped:
        account.emit("picklists.cancelled", order_wire.picklist(account, picklist))
    empty = account.options.cancel_body == "empty"
    return None if empty else order_wire.order(account, order)


def pause(account: Account, idorder: int, body: Wire) -> Wire:
    """Pause an order, but not the order's picklists."""
    order = account.find(account.state.orders, idorder)
    # The documentation does not say whether a concept can be paused.
    allowed = ("concept", "processing") if account.options.pause_concept else ("processing",)
    _require_status(order, *allowed)
    order.paused_reason = read(account.options, body, {"reason": text}).get("reason", "")
    # `resume` returns to this status.
    order.status_before_pause = order.status
    _set_status(account, order, "paused", "orders.paused")
    return order_wire.order(account, order)


def resume(account: Account, idorder: int) -> Wire:
    """Return a paused order to its earlier status."""
    order = account.find(account.state.orders, idorder)
    _require_status(order, "paused")
    order.paused_reason = None
    _set_status(account, order, order.status_before_pause, "orders.resumed")
    # The last picklist may have been closed during the pause.
    finish_if_done(account, order)
    return order_wire.order(account, order)


def change_to_concept(account: Account, idorder: int) -> Wire:
    """Turn an expected order into a concept."""
    order = account.find(account.state.orders, idorder)
    _require_status(order, "expected")
    _set_status(account, order, "concept")
    return order_wire.order(account, order)


def reopen(account: Account, idorder: int) -> Wire:
    """Make an order in processing editable again, unless products are picked already."""
    order = account.find(account.state.orders, idorder)
    _require_status(order, "processing")
    picklists = order_wire.picklists_of(account, idorder)
    if any(entry.status == "closed" or order_wire.total_picked(entry) for entry in picklists):
        raise ApiError(WRONG_STATUS, "Products of this order are picked already")
    dropped = _undo_processing(account, order)
    processing.fold_compositions(order)
    _set_status(account, order, account.options.status_after_reopen)
    for picklist in dropped:
        account.emit("picklists.cancelled", order_wire.picklist(account, picklist))
    return order_wire.order(account, order)


def undo_cancellation(account: Account, idorder: int) -> Wire:
    """Make a cancelled order editable again, unless products are shipped."""
    order = account.find(account.state.orders, idorder)
    _require_status(order, "cancelled")
    if any(entry.status == "closed" for entry in order_wire.picklists_of(account, idorder)):
        raise ApiError(WRONG_STATUS, "Products of this order are shipped already")
    processing.fold_compositions(order)
    _set_status(account, order, account.options.status_after_undo)
    return order_wire.order(account, order)


def prioritise(account: Account, idorder: int) -> Wire:
    """Move the order's backorders before those of all other orders."""
    order = account.find(account.state.orders, idorder)
    _require_status(order, "processing")
    if backlog.of_order(account, order):
        backlog.prioritise(account, order)
    return order_wire.order(account, order)


def process_backorders(account: Account, idorder: int, body: Wire) -> list[Wire]:
    """Create picklists from the order's backorders, and return the picklists."""
    # The body may contain `prefer_bulk_locations`, which has no effect without locations.
    del body
    order = account.find(account.state.orders, idorder)
    _require_status(order, "processing")
    made = processing.process_backorders(account, order)
    processing.announce(account, made)
    return [order_wire.picklist(account, picklist) for picklist in made]


def anonymise(account: Account, idorder: int) -> Wire:
    """Remove the personal data of an order that is older than seven days."""
    order = account.find(account.state.orders, idorder)
    if order.created > account.clock.stamp(-ANONYMISE_AFTER_SECONDS):
        raise ApiError(WRONG_STATUS)
    for name in PERSONAL:
        setattr(order, name, None)
    return order_wire.order(account, order)


def finish_if_done(account: Account, order: Order) -> None:
    """Complete an order without open picklists and backorders.

    An order of which nothing was shipped becomes cancelled instead of completed.
    """
    picklists = order_wire.picklists_of(account, order.idorder)
    # Late picklists count as open picklists.
    is_busy = order.picklists_due or any(picklist.is_open for picklist in picklists)
    if order.status != "processing" or is_busy or backlog.of_order(account, order):
        return
    # The stock events of the shipment come before the events of the completed order.
    stock_events.emit(account)
    if any(picklist.status == "closed" for picklist in picklists):
        _set_status(account, order, "completed")
        account.emit("orders.completed", order_wire.order(account, order))
    else:
        _set_status(account, order, "cancelled")


def _distribute_now_or_later(account: Account, order: Order) -> list[Picklist]:
    """Create the picklists now, or after the delay of `processing_seconds`."""
    if account.options.processing_seconds:
        order.picklists_due = account.clock.stamp(account.options.processing_seconds)
        return []
    return processing.distribute(account, order)


def _undo_processing(account: Account, order: Order) -> list[Picklist]:
    """Release all goods that are not shipped; return the cancelled picklists."""
    allocations.release(account, order)
    order.picklists_due = None
    for backorder in backlog.of_order(account, order):
        backlog.reduce(account, backorder, backorder.amount)
    dropped = [entry for entry in order_wire.picklists_of(account, order.idorder) if entry.is_open]
    for picklist in dropped:
        picking.give_back(account, picklist, wait_again=False)
        picklist.status = "cancelled"
        picklist.updated = account.clock.stamp()
    return dropped


def _set_status(account: Account, order: Order, status: str, *first: str) -> None:
    """Change the status, and emit the events `first` before orders.status_changed."""
    order.status = status
    order.updated = account.clock.stamp()
    for name in (*first, "orders.status_changed"):
        account.emit(name, order_wire.order(account, order))


def _require_status(order: Order, *allowed: str) -> None:
    """Raise ApiError 21 unless the order has one of the allowed statuses."""
    if order.status not in allowed:
        raise ApiError(WRONG_STATUS, f"The order is {order.status}")
