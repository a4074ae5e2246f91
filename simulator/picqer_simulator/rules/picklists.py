"""The resource `picklists`. Only processing an order creates a picklist."""

from __future__ import annotations

from typing import Any

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import (
    PICK_AMOUNT_TOO_HIGH,
    PICK_INVALID_AMOUNT,
    PICK_UNKNOWN_PRODUCT,
    PICK_WITHOUT_PRODUCT,
    WRONG_STATUS,
    ApiError,
)
from picqer_simulator.core.models import Picklist, PicklistLine, Wire
from picqer_simulator.core.parsing import boolean, integer, optional, read, require, text
from picqer_simulator.core.queries import (
    Filters,
    Query,
    before_id,
    equals,
    page,
    since,
    since_id,
    until,
)
from picqer_simulator.rules import background, lifecycle, order_wire, picking, products
from picqer_simulator.rules.users import OWNER

# The fields that PUT can change; all other fields follow from picking.
UPDATE_READERS = {
    "urgent": boolean,
    "invoiced": boolean,
    "idshippingprovider_profile": optional(integer),
}


def list_(account: Account, query: Query) -> list[Wire]:
    """List picklists."""
    picklists = account.state.picklists.values()
    found = page(account.options, picklists, query, _filters(account))
    return [order_wire.picklist(account, picklist) for picklist in found]


def get(account: Account, idpicklist: int) -> Wire:
    return order_wire.picklist(account, account.find(account.state.picklists, idpicklist))


def update(account: Account, idpicklist: int, body: Wire) -> Wire:
    """Change the fields that the body contains."""
    picklist = account.find(account.state.picklists, idpicklist)
    for name, value in read(account.options, body, UPDATE_READERS).items():
        setattr(picklist, name, value)
    return _changed(account, picklist)


def pick(account: Account, idpicklist: int, body: Wire) -> Wire:
    """Pick an amount of one product or line; raise ApiError 15 to 18."""
    # Paused and snoozed picklists cannot be picked.
    picklist = _with_status(account, idpicklist, "new")
    amount = _amount(body.get("amount"))
    left = amount
    lines = _lines_to_pick(account, picklist, body)
    if amount > sum(line.amount - line.amount_picked for line in lines):
        raise ApiError(PICK_AMOUNT_TOO_HIGH)
    for line in lines:
        part = min(left, line.amount - line.amount_picked)
        picking.pick(account, picklist, line, part)
        left -= part
    picklist.updated = account.clock.stamp()
    return _picked(account, picklist)


def pick_all(account: Account, idpicklist: int) -> Wire:
    """Pick all products."""
    picklist = _with_status(account, idpicklist, "new")
    for line in picklist.lines_to_pick:
        picking.pick(account, picklist, line, line.amount - line.amount_picked)
    picklist.updated = account.clock.stamp()
    return _picked(account, picklist)


def close(account: Account, idpicklist: int) -> Wire:
    """Close a picklist. Unpicked products are refused, or become backorders."""
    picklist = _with_status(account, idpicklist, "new")
    # The documentation does not say what closing an incomplete picklist does.
    if not is_complete(picklist) and account.options.close_unpicked == "refuse":
        raise ApiError(WRONG_STATUS, "Not all products are picked")
    return close_as_it_is(account, picklist)


def close_as_it_is(account: Account, picklist: Picklist) -> Wire:
    """Ship the picked products and create backorders for the rest."""
    picking.settle(account, picklist)
    now = account.clock.stamp()
    picklist.status, picklist.closed_at, picklist.updated = "closed", now, now
    picklist.closed_by_iduser = OWNER
    account.emit("picklists.closed", order_wire.picklist(account, picklist))
    # The last closed picklist completes the order.
    lifecycle.finish_if_done(account, account.state.orders[picklist.idorder])
    return order_wire.picklist(account, picklist)


def close_if_done(account: Account, picklist: Picklist) -> None:
    """Close a picklist that is fully picked and has a shipment."""
    has_shipment = any(
        shipment.idpicklist == picklist.idpicklist and not shipment.cancelled
        for shipment in account.state.shipments.values()
    )
    is_done = picklist.status == "new" and is_complete(picklist) and has_shipment
    if is_done and account.options.close_automatically:
        close_as_it_is(account, picklist)


def is_complete(picklist: Picklist) -> bool:
    """Return whether all products are picked."""
    return order_wire.total_picked(picklist) == order_wire.total_products(picklist)


def cancel(account: Account, idpicklist: int) -> Wire:
    """Cancel a picklist and create backorders for its products."""
    picklist = _with_status(account, idpicklist, "new", "paused", "snoozed")
    picking.give_back(account, picklist, wait_again=True)
    picklist.status = "cancelled"
    picklist.updated = account.clock.stamp()
    account.emit("picklists.cancelled", order_wire.picklist(account, picklist))
    return order_wire.picklist(account, picklist)


def assign(account: Account, idpicklist: int, body: Wire) -> Wire:
    """Assign a picklist to a user."""
    picklist = _with_status(account, idpicklist, "new", "paused", "snoozed")
    values = read(account.options, body, {"iduser": integer})
    require(values, "iduser")
    picklist.assigned_to_iduser = account.find(account.state.users, values["iduser"]).iduser
    return _changed(account, picklist)


def unassign(account: Account, idpicklist: int) -> Wire:
    """Remove the user from a picklist."""
    picklist = _with_status(account, idpicklist, "new", "paused", "snoozed")
    picklist.assigned_to_iduser = None
    return _changed(account, picklist)


def snooze(account: Account, idpicklist: int, body: Wire) -> Wire:
    """Snooze a picklist until a moment, or end the snooze if the moment is null."""
    picklist = _with_status(account, idpicklist, "new", "snoozed")
    moment = read(account.options, body, {"snooze_until": optional(text)}).get("snooze_until")
    if moment is None:
        background.wake(account, picklist)
    else:
        picklist.status, picklist.snoozed_until = "snoozed", moment
        picklist.updated = account.clock.stamp()
        account.emit("picklists.snoozed", order_wire.picklist(account, picklist))
    return order_wire.picklist(account, picklist)


def pause(account: Account, idpicklist: int, body: Wire) -> Wire:
    """Pause a picklist."""
    read(account.options, body, {"reason": text})
    picklist = _with_status(account, idpicklist, "new")
    return _set_status(account, picklist, "paused", "picklists.paused")


def resume(account: Account, idpicklist: int) -> Wire:
    """Resume a paused picklist."""
    picklist = _with_status(account, idpicklist, "paused")
    return _set_status(account, picklist, "new", "picklists.resumed")


def _filters(account: Account) -> Filters:
    """Return the filters of the list of picklists."""
    state = account.state
    return {
        "picklistid": equals("picklistid"),
        "status": equals("status"),
        "idwarehouse": equals("idwarehouse"),
        "idorder": equals("idorder"),
        "assigned_to_iduser": equals("assigned_to_iduser"),
        "sinceid": since_id("idpicklist"),
        "beforeid": before_id("idpicklist"),
        "sincedate": since("created"),
        "untildate": until("created"),
        # An open picklist has no closing time, so no filter on the time matches.
        "closed_after": since("closed_at"),
        "closed_before": until("closed_at"),
        "tag": lambda picklist, title: (
            title in (state.tags[idtag].title for idtag in state.orders[picklist.idorder].tags)
        ),
    }


def _with_status(account: Account, idpicklist: int, *allowed: str) -> Picklist:
    """Return the picklist; raise ApiError 21 unless its status is allowed."""
    picklist = account.find(account.state.picklists, idpicklist)
    if picklist.status not in allowed:
        raise ApiError(WRONG_STATUS, f"The picklist is {picklist.status}")
    return picklist


def _amount(value: Any) -> int:
    """Read an amount of at least one piece; raise ApiError 16."""
    try:
        amount = integer("amount", value)
    except ApiError:
        raise ApiError(PICK_INVALID_AMOUNT) from None
    if amount < 1:
        raise ApiError(PICK_INVALID_AMOUNT)
    return amount


def _lines_to_pick(account: Account, picklist: Picklist, body: Wire) -> list[PicklistLine]:
    """Return the lines that the body names; raise ApiError 15 or 17."""
    # A product can be on several lines of a picklist, a line only once.
    if body.get("idpicklist_product") is not None:
        wanted = body["idpicklist_product"]
        lines = [line for line in picklist.lines_to_pick if line.idpicklist_product == wanted]
    elif body.get("product"):
        product = products.find_by_code(account, str(body["product"]))
        idproduct = product.idproduct if product else None
        lines = [line for line in picklist.lines_to_pick if line.idproduct == idproduct]
    else:
        raise ApiError(PICK_WITHOUT_PRODUCT)
    if not lines:
        raise ApiError(PICK_UNKNOWN_PRODUCT)
    return lines


def _picked(account: Account, picklist: Picklist) -> Wire:
    """Close the picklist if it is done, and return the picklist as JSON."""
    close_if_done(account, picklist)
    return order_wire.picklist(account, picklist)


def _set_status(account: Account, picklist: Picklist, status: str, event: str) -> Wire:
    """Change the status and emit its events."""
    picklist.status = status
    picklist.updated = account.clock.stamp()
    # Picqer sends the general event after the specific event.
    account.emit(event, order_wire.picklist(account, picklist))
    account.emit("picklists.changed", order_wire.picklist(account, picklist))
    return order_wire.picklist(account, picklist)


def _changed(account: Account, picklist: Picklist) -> Wire:
    """Record a change and emit its event."""
    picklist.updated = account.clock.stamp()
    account.emit("picklists.changed", order_wire.picklist(account, picklist))
    return order_wire.picklist(account, picklist)
