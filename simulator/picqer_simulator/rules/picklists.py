"""Owns what can be asked about picklists and done with them; Picqer alone makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

UPDATE_READERS = {
    "urgent": boolean,
    "invoiced": boolean,
    "idshippingprovider_profile": optional(integer),
}


def list_(simulator: Simulator, query: Query) -> list[Wire]:
    picklists = simulator.state.picklists.values()
    found = page(simulator.knobs, picklists, query, _filters(simulator))
    return [order_wire.picklist(simulator, picklist) for picklist in found]


def get(simulator: Simulator, idpicklist: int) -> Wire:
    return order_wire.picklist(simulator, simulator.find(simulator.state.picklists, idpicklist))


def update(simulator: Simulator, idpicklist: int, body: Wire) -> Wire:
    picklist = simulator.find(simulator.state.picklists, idpicklist)
    for name, value in read(simulator.knobs, body, UPDATE_READERS).items():
        setattr(picklist, name, value)
    return _changed(simulator, picklist)


def pick(simulator: Simulator, idpicklist: int, body: Wire) -> Wire:
    """By `idpicklist_product` or by `product`, a code; ApiError 15 to 18."""
    picklist = _with_status(simulator, idpicklist, "new")
    amount = _amount(body.get("amount"))
    left = amount
    lines = _lines_to_pick(simulator, picklist, body)
    if amount > sum(line.amount - line.amount_picked for line in lines):
        raise ApiError(PICK_AMOUNT_TOO_HIGH)
    for line in lines:
        part = min(left, line.amount - line.amount_picked)
        picking.pick(simulator, picklist, line, part)
        left -= part
    picklist.updated = simulator.clock.stamp()
    return _picked(simulator, picklist)


def pick_all(simulator: Simulator, idpicklist: int) -> Wire:
    picklist = _with_status(simulator, idpicklist, "new")
    for line in picklist.lines_to_pick:
        picking.pick(simulator, picklist, line, line.amount - line.amount_picked)
    picklist.updated = simulator.clock.stamp()
    return _picked(simulator, picklist)


def close(simulator: Simulator, idpicklist: int) -> Wire:
    picklist = _with_status(simulator, idpicklist, "new")
    if not is_complete(picklist) and simulator.knobs.close_unpicked == "refuse":
        raise ApiError(WRONG_STATUS, "Not all products are picked")
    return close_as_it_is(simulator, picklist)


def close_as_it_is(simulator: Simulator, picklist: Picklist) -> Wire:
    """What was picked is shipped; what was not waits for stock again."""
    picking.settle(simulator, picklist)
    now = simulator.clock.stamp()
    picklist.status, picklist.closed_at, picklist.updated = "closed", now, now
    picklist.closed_by_iduser = OWNER
    simulator.emit("picklists.closed", order_wire.picklist(simulator, picklist))
    lifecycle.finish_if_done(simulator, simulator.state.orders[picklist.idorder])
    return order_wire.picklist(simulator, picklist)


def close_if_done(simulator: Simulator, picklist: Picklist) -> None:
    """A shipment and all products picked: nothing is left to do."""
    has_shipment = any(
        shipment.idpicklist == picklist.idpicklist and not shipment.cancelled
        for shipment in simulator.state.shipments.values()
    )
    is_done = picklist.status == "new" and is_complete(picklist) and has_shipment
    if is_done and simulator.knobs.close_automatically:
        close_as_it_is(simulator, picklist)


def is_complete(picklist: Picklist) -> bool:
    return order_wire.total_picked(picklist) == order_wire.total_products(picklist)


def cancel(simulator: Simulator, idpicklist: int) -> Wire:
    """Its products wait for stock again."""
    picklist = _with_status(simulator, idpicklist, "new", "paused", "snoozed")
    picking.give_back(simulator, picklist, wait_again=True)
    picklist.status = "cancelled"
    picklist.updated = simulator.clock.stamp()
    simulator.emit("picklists.cancelled", order_wire.picklist(simulator, picklist))
    return order_wire.picklist(simulator, picklist)


def assign(simulator: Simulator, idpicklist: int, body: Wire) -> Wire:
    picklist = _with_status(simulator, idpicklist, "new", "paused", "snoozed")
    values = read(simulator.knobs, body, {"iduser": integer})
    require(values, "iduser")
    picklist.assigned_to_iduser = simulator.find(simulator.state.users, values["iduser"]).iduser
    return _changed(simulator, picklist)


def unassign(simulator: Simulator, idpicklist: int) -> Wire:
    picklist = _with_status(simulator, idpicklist, "new", "paused", "snoozed")
    picklist.assigned_to_iduser = None
    return _changed(simulator, picklist)


def snooze(simulator: Simulator, idpicklist: int, body: Wire) -> Wire:
    """Until a moment; null wakes it."""
    picklist = _with_status(simulator, idpicklist, "new", "snoozed")
    moment = read(simulator.knobs, body, {"snooze_until": optional(text)}).get("snooze_until")
    if moment is None:
        background.wake(simulator, picklist)
    else:
        picklist.status, picklist.snoozed_until = "snoozed", moment
        picklist.updated = simulator.clock.stamp()
        simulator.emit("picklists.snoozed", order_wire.picklist(simulator, picklist))
    return order_wire.picklist(simulator, picklist)


def pause(simulator: Simulator, idpicklist: int, body: Wire) -> Wire:
    read(simulator.knobs, body, {"reason": text})
    picklist = _with_status(simulator, idpicklist, "new")
    return _set_status(simulator, picklist, "paused", "picklists.paused")


def resume(simulator: Simulator, idpicklist: int) -> Wire:
    picklist = _with_status(simulator, idpicklist, "paused")
    return _set_status(simulator, picklist, "new", "picklists.resumed")


def _filters(simulator: Simulator) -> Filters:
    state = simulator.state
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
        "closed_after": since("closed_at"),
        "closed_before": until("closed_at"),
        "tag": lambda picklist, title: (
            title in (state.tags[idtag].title for idtag in state.orders[picklist.idorder].tags)
        ),
    }


def _with_status(simulator: Simulator, idpicklist: int, *allowed: str) -> Picklist:
    picklist = simulator.find(simulator.state.picklists, idpicklist)
    if picklist.status not in allowed:
        raise ApiError(WRONG_STATUS, f"The picklist is {picklist.status}")
    return picklist


def _amount(value: Any) -> int:
    try:
        amount = integer("amount", value)
    except ApiError:
        raise ApiError(PICK_INVALID_AMOUNT) from None
    if amount < 1:
        raise ApiError(PICK_INVALID_AMOUNT)
    return amount


def _lines_to_pick(simulator: Simulator, picklist: Picklist, body: Wire) -> list[PicklistLine]:
    if body.get("idpicklist_product") is not None:
        wanted = body["idpicklist_product"]
        lines = [line for line in picklist.lines_to_pick if line.idpicklist_product == wanted]
    elif body.get("product"):
        product = products.find_by_code(simulator, str(body["product"]))
        idproduct = product.idproduct if product else None
        lines = [line for line in picklist.lines_to_pick if line.idproduct == idproduct]
    else:
        raise ApiError(PICK_WITHOUT_PRODUCT)
    if not lines:
        raise ApiError(PICK_UNKNOWN_PRODUCT)
    return lines


def _picked(simulator: Simulator, picklist: Picklist) -> Wire:
    close_if_done(simulator, picklist)
    return order_wire.picklist(simulator, picklist)


def _set_status(simulator: Simulator, picklist: Picklist, status: str, event: str) -> Wire:
    picklist.status = status
    picklist.updated = simulator.clock.stamp()
    simulator.emit(event, order_wire.picklist(simulator, picklist))
    simulator.emit("picklists.changed", order_wire.picklist(simulator, picklist))
    return order_wire.picklist(simulator, picklist)


def _changed(simulator: Simulator, picklist: Picklist) -> Wire:
    picklist.updated = simulator.clock.stamp()
    simulator.emit("picklists.changed", order_wire.picklist(simulator, picklist))
    return order_wire.picklist(simulator, picklist)
