"""Owns the life of an order: which status follows which, and what that does to its goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.errors import ALREADY_PROCESSED, NO_PRODUCTS, WRONG_STATUS, ApiError
from picqer_simulator.core.models import Order, Picklist, Wire
from picqer_simulator.core.parsing import read, text
from picqer_simulator.core.queries import Query, is_set
from picqer_simulator.rules import allocations, backlog, order_wire, picking, processing

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

UNPROCESSED = ("concept", "expected")
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


def process(simulator: Simulator, idorder: int) -> Wire:
    """Concept or expected becomes processing; the goods become bound."""
    order = simulator.find(simulator.state.orders, idorder)
    if order.status in ("processing", "completed"):
        raise ApiError(ALREADY_PROCESSED)
    _require_status(order, *UNPROCESSED)
    if not order.products:
        raise ApiError(NO_PRODUCTS)
    allocations.require_candidates(simulator, order)
    processing.expand_compositions(simulator, order)
    made = _distribute_now_or_later(simulator, order)
    _set_status(simulator, order, "processing", "orders.closed")
    processing.announce(simulator, made)
    return order_wire.order(simulator, order)


def cancel(simulator: Simulator, idorder: int, query: Query) -> Wire | None:
    """Without force only before processing; with it in any status, picked or not."""
    order = simulator.find(simulator.state.orders, idorder)
    force = "force" in query and is_set(query["force"])
    if order.status == "cancelled" or (order.status not in UNPROCESSED and not force):
        raise ApiError(simulator.knobs.cancel_refused_code)
    dropped = _undo_processing(simulator, order)
    _set_status(simulator, order, "cancelled")
    for picklist in dropped:
        simulator.emit("picklists.cancelled", order_wire.picklist(simulator, picklist))
    empty = simulator.knobs.cancel_body == "empty"
    return None if empty else order_wire.order(simulator, order)


def pause(simulator: Simulator, idorder: int, body: Wire) -> Wire:
    order = simulator.find(simulator.state.orders, idorder)
    allowed = ("concept", "processing") if simulator.knobs.pause_concept else ("processing",)
    _require_status(order, *allowed)
    order.paused_reason = read(simulator.knobs, body, {"reason": text}).get("reason", "")
    order.status_before_pause = order.status
    _set_status(simulator, order, "paused", "orders.paused")
    return order_wire.order(simulator, order)


def resume(simulator: Simulator, idorder: int) -> Wire:
    """Back to the status before the pause."""
    order = simulator.find(simulator.state.orders, idorder)
    _require_status(order, "paused")
    order.paused_reason = None
    _set_status(simulator, order, order.status_before_pause, "orders.resumed")
    finish_if_done(simulator, order)
    return order_wire.order(simulator, order)


def change_to_concept(simulator: Simulator, idorder: int) -> Wire:
    order = simulator.find(simulator.state.orders, idorder)
    _require_status(order, "expected")
    _set_status(simulator, order, "concept")
    return order_wire.order(simulator, order)


def reopen(simulator: Simulator, idorder: int) -> Wire:
    """Processing becomes editable again, as long as nothing was picked."""
    order = simulator.find(simulator.state.orders, idorder)
    _require_status(order, "processing")
    picklists = order_wire.picklists_of(simulator, idorder)
    if any(entry.status == "closed" or order_wire.total_picked(entry) for entry in picklists):
        raise ApiError(WRONG_STATUS, "Products of this order are picked already")
    dropped = _undo_processing(simulator, order)
    processing.fold_compositions(order)
    _set_status(simulator, order, simulator.knobs.status_after_reopen)
    for picklist in dropped:
        simulator.emit("picklists.cancelled", order_wire.picklist(simulator, picklist))
    return order_wire.order(simulator, order)


def undo_cancellation(simulator: Simulator, idorder: int) -> Wire:
    order = simulator.find(simulator.state.orders, idorder)
    _require_status(order, "cancelled")
    if any(entry.status == "closed" for entry in order_wire.picklists_of(simulator, idorder)):
        raise ApiError(WRONG_STATUS, "Products of this order are shipped already")
    processing.fold_compositions(order)
    _set_status(simulator, order, simulator.knobs.status_after_undo)
    return order_wire.order(simulator, order)


def prioritise(simulator: Simulator, idorder: int) -> Wire:
    order = simulator.find(simulator.state.orders, idorder)
    _require_status(order, "processing")
    if backlog.of_order(simulator, order):
        backlog.prioritise(simulator, order)
    return order_wire.order(simulator, order)


def process_backorders(simulator: Simulator, idorder: int, body: Wire) -> list[Wire]:
    """The picklists made; `prefer_bulk_locations` has no effect without locations."""
    del body
    order = simulator.find(simulator.state.orders, idorder)
    _require_status(order, "processing")
    made = processing.process_backorders(simulator, order)
    processing.announce(simulator, made)
    return [order_wire.picklist(simulator, picklist) for picklist in made]


def anonymise(simulator: Simulator, idorder: int) -> Wire:
    """Orders older than seven days lose their personal data."""
    order = simulator.find(simulator.state.orders, idorder)
    if order.created > simulator.clock.stamp(-ANONYMISE_AFTER_SECONDS):
        raise ApiError(WRONG_STATUS)
    for name in PERSONAL:
        setattr(order, name, None)
    return order_wire.order(simulator, order)


def finish_if_done(simulator: Simulator, order: Order) -> None:
    """Nothing left to pick and nothing waiting: completed, or cancelled if nothing was shipped."""
    picklists = order_wire.picklists_of(simulator, order.idorder)
    is_busy = order.picklists_due or any(picklist.is_open for picklist in picklists)
    if order.status != "processing" or is_busy or backlog.of_order(simulator, order):
        return
    simulator.watch.report(simulator)
    if any(picklist.status == "closed" for picklist in picklists):
        _set_status(simulator, order, "completed")
        simulator.emit("orders.completed", order_wire.order(simulator, order))
    else:
        _set_status(simulator, order, "cancelled")


def _distribute_now_or_later(simulator: Simulator, order: Order) -> list[Picklist]:
    if simulator.knobs.processing_seconds:
        order.picklists_due = simulator.clock.stamp(simulator.knobs.processing_seconds)
        return []
    return processing.distribute(simulator, order)


def _undo_processing(simulator: Simulator, order: Order) -> list[Picklist]:
    """Give everything free that was not shipped; the picklists that were dropped."""
    allocations.release(simulator, order)
    order.picklists_due = None
    for backorder in backlog.of_order(simulator, order):
        backlog.reduce(simulator, backorder, backorder.amount)
    dropped = [
        entry for entry in order_wire.picklists_of(simulator, order.idorder) if entry.is_open
    ]
    for picklist in dropped:
        picking.give_back(simulator, picklist, wait_again=False)
        picklist.status = "cancelled"
        picklist.updated = simulator.clock.stamp()
    return dropped


def _set_status(simulator: Simulator, order: Order, status: str, *first: str) -> None:
    """`first` are the events that come before the one that all changes have."""
    order.status = status
    order.updated = simulator.clock.stamp()
    for name in (*first, "orders.status_changed"):
        simulator.emit(name, order_wire.order(simulator, order))


def _require_status(order: Order, *allowed: str) -> None:
    if order.status not in allowed:
        raise ApiError(WRONG_STATUS, f"The order is {order.status}")
