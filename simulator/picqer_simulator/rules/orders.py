"""Owns orders as documents: creating, finding and changing them. Their life is `lifecycle`."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from picqer_simulator.core.errors import (
    INVALID_CUSTOMER,
    MISSING_PARAMETER,
    NOT_FOUND,
    ORDER_LIMIT_REACHED,
    ORDER_LOCKED,
    UNKNOWN_CUSTOMER,
    ApiError,
)
from picqer_simulator.core.models import Address, Comment, Customer, Order, Wire
from picqer_simulator.core.parsing import (
    boolean,
    choice,
    country,
    integer,
    mapping,
    number,
    optional,
    read,
    require,
    text,
)
from picqer_simulator.core.queries import (
    Filters,
    Query,
    before_id,
    contains,
    equals,
    page,
    since,
    since_id,
    until,
)
from picqer_simulator.rules import allocations, comments, order_lines, order_wire, tags
from picqer_simulator.rules.reference import default_template

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

ADDRESS_PARTS = ("name", "contactname", "address", "address2", "zipcode", "city", "region")
READERS = {
    "idcustomer": optional(integer),
    "idtemplate": optional(integer),
    "idshippingprovider_profile": optional(integer),
    **{f"delivery{part}": optional(text) for part in ADDRESS_PARTS},
    "deliverycountry": optional(country),
    **{f"invoice{part}": optional(text) for part in ADDRESS_PARTS},
    "invoicecountry": optional(country),
    "telephone": optional(text),
    "emailaddress": optional(text),
    "reference": optional(text),
    "customer_remarks": optional(text),
    "pickup_point_data": optional(mapping),
    "partialdelivery": boolean,
    "auto_split": boolean,
    "discount": number,
    "invoiced": boolean,
    "preferred_delivery_date": optional(text),
    "calculatevat": boolean,
    "language": choice("nl", "en"),
    "idfulfilment_customer": optional(integer),
}
# Read by `_header` and `create` themselves.
OTHER_FIELDS = frozenset({"products", "orderfields", "warehouses"})
REQUIRED = ("deliveryname", "deliverycountry", "invoicename", "invoicecountry")
LOCKED = ("completed", "cancelled")


def list_(simulator: Simulator, query: Query) -> list[Wire]:
    now = simulator.clock.stamp()
    orders = [order for order in simulator.state.orders.values() if order.visible_from <= now]
    if "reference" in query and not simulator.knobs.reference_lists_cancelled:
        orders = [order for order in orders if order.status != "cancelled"]
    found = page(simulator.knobs, orders, query, _filters(simulator))
    return [order_wire.order(simulator, order) for order in found]


def get(simulator: Simulator, idorder: int) -> Wire:
    return order_wire.order(simulator, simulator.find(simulator.state.orders, idorder))


def create(simulator: Simulator, body: Wire, status: str = "concept") -> Wire:
    """A concept order; references may repeat, nothing tells a second POST from a second order."""
    _check_order_limit(simulator)
    header = _header(simulator, body)
    customer = _customer(simulator, header)
    if customer is not None:
        header = _from_customer(customer, header)
    require(header, *_required(simulator, body))
    lines = order_lines.new_lines(simulator, body.get("products"))
    order = _new_order(simulator, header)
    order.products, order.status = lines, status
    simulator.state.orders[order.idorder] = order
    simulator.emit("orders.created", order_wire.order(simulator, order))
    if simulator.knobs.allocate_on_create or status == "expected":
        allocations.claim(simulator, order)
    return order_wire.order(simulator, order)


def update(simulator: Simulator, idorder: int, body: Wire) -> Wire:
    """Header fields only; products in the body have no effect."""
    order = simulator.find(simulator.state.orders, idorder)
    if order.status in LOCKED:
        raise ApiError(ORDER_LOCKED)
    refuses = simulator.knobs.header_after_processing == "refuse"
    if order.status in ("processing", "paused") and refuses:
        raise ApiError(ORDER_LOCKED)
    header = _header(simulator, body)
    _customer(simulator, header)
    require(header, *(set(REQUIRED) & header.keys()))
    order.orderfields |= header.pop("orderfields", {})
    for name, value in header.items():
        setattr(order, name, value)
    order.updated = simulator.clock.stamp()
    return order_wire.order(simulator, order)


def list_tags(simulator: Simulator, idorder: int) -> list[Wire]:
    return tags.list_on(simulator, simulator.find(simulator.state.orders, idorder))


def add_tag(simulator: Simulator, idorder: int, body: Wire) -> list[Wire]:
    return tags.put_on(simulator, simulator.find(simulator.state.orders, idorder), body)


def remove_tag(simulator: Simulator, idorder: int, idtag: int) -> None:
    tags.take_off(simulator.find(simulator.state.orders, idorder), idtag)


def list_comments(simulator: Simulator, idorder: int, query: Query) -> list[Wire]:
    simulator.find(simulator.state.orders, idorder)
    return comments.list_on(simulator, "order", idorder, query)


def add_comment(simulator: Simulator, idorder: int, body: Wire) -> Wire:
    return comments.wire(_add_comment(simulator, idorder, body))


def list_notes(simulator: Simulator, idorder: int) -> list[Wire]:
    simulator.find(simulator.state.orders, idorder)
    return [comments.note_wire(entry) for entry in comments.of(simulator, "order", idorder)]


def add_note(simulator: Simulator, idorder: int, body: Wire) -> Wire:
    values = read(simulator.knobs, body, {"note": text})
    require(values, "note")
    return comments.note_wire(_add_comment(simulator, idorder, {"body": values["note"]}))


def list_orderfields(simulator: Simulator, idorder: int) -> list[Wire]:
    return order_wire.orderfields(simulator, simulator.find(simulator.state.orders, idorder))


def set_orderfield(simulator: Simulator, idorder: int, idorderfield: int, body: Wire) -> list[Wire]:
    order = simulator.find(simulator.state.orders, idorder)
    simulator.find(simulator.state.orderfields, idorderfield)
    values = read(simulator.knobs, body, {"value": text})
    order.orderfields[idorderfield] = values.get("value", "")
    return order_wire.orderfields(simulator, order)


def remove_orderfield(simulator: Simulator, idorder: int, idorderfield: int) -> None:
    order = simulator.find(simulator.state.orders, idorder)
    if order.orderfields.pop(idorderfield, None) is None:
        raise ApiError(NOT_FOUND)


def _filters(simulator: Simulator) -> Filters:
    state = simulator.state
    case = str if simulator.knobs.reference_case_sensitive else str.casefold
    return {
        "reference": lambda order, wanted: case(order.reference or "") == case(wanted),
        "orderid": equals("orderid"),
        "status": equals("status"),
        "emailaddress": equals("emailaddress"),
        "idcustomer": equals("idcustomer"),
        "idfulfilment_customer": equals("idfulfilment_customer"),
        "idwarehouse": lambda order, wanted: (
            wanted in (str(entry.idwarehouse) for entry in allocations.candidates(simulator, order))
        ),
        "search": contains("orderid", "reference", "deliveryname", "deliverycontactname"),
        "sinceid": since_id("idorder"),
        "beforeid": before_id("idorder"),
        "sincedate": since("created"),
        "untildate": until("created"),
        "tag": lambda order, title: title in (state.tags[idtag].title for idtag in order.tags),
    }


def _header(simulator: Simulator, body: Wire) -> Wire:
    header = read(simulator.knobs, body, READERS, also=OTHER_FIELDS)
    if len(header.get("reference") or "") > simulator.knobs.reference_max_length:
        raise ApiError(MISSING_PARAMETER, "reference is too long")
    if body.get("orderfields"):
        header["orderfields"] = _read_orderfields(simulator, body["orderfields"])
    if body.get("warehouses"):
        header["warehouses"] = _read_warehouses(simulator, body["warehouses"])
    return header


def _required(simulator: Simulator, body: Wire) -> list[str]:
    may_be_empty = simulator.knobs.empty_invoicename == "accept" and body.get("invoicename") == ""
    return [name for name in REQUIRED if not (may_be_empty and name == "invoicename")]


def _read_orderfields(simulator: Simulator, entries: list[Wire]) -> dict[int, str]:
    values = {
        integer("idorderfield", entry.get("idorderfield")): text("value", entry.get("value"))
        for entry in entries
    }
    for idorderfield in values:
        simulator.find(simulator.state.orderfields, idorderfield)
    return values


def _read_warehouses(simulator: Simulator, ids: list[object]) -> list[int]:
    warehouses = [integer("warehouses", idwarehouse) for idwarehouse in ids]
    for idwarehouse in warehouses:
        simulator.find(simulator.state.warehouses, idwarehouse)
    return warehouses


def _customer(simulator: Simulator, header: Wire) -> Customer | None:
    idcustomer = header.get("idcustomer")
    if idcustomer is None:
        return None
    if idcustomer < 1:
        raise ApiError(INVALID_CUSTOMER)
    if idcustomer not in simulator.state.customers:
        raise ApiError(UNKNOWN_CUSTOMER)
    return simulator.state.customers[idcustomer]


def _from_customer(customer: Customer, header: Wire) -> Wire:
    """Empty fields are filled from the customer and its default addresses."""
    known: Wire = {
        "deliveryname": customer.name,
        "invoicename": customer.name,
        "telephone": customer.telephone,
        "emailaddress": customer.emailaddress,
        "customer_remarks": customer.default_order_remarks or None,
        "language": customer.language,
        "calculatevat": customer.calculatevat,
        "discount": customer.discount,
        "idtemplate": customer.idtemplate,
        "auto_split": customer.auto_split,
    }
    for kind in ("delivery", "invoice"):
        for address in customer.addresses:
            if getattr(address, f"default{kind}"):
                known |= _address_fields(kind, address)
    given = {name: value for name, value in header.items() if value is not None}
    return {name: value for name, value in known.items() if value is not None} | given


def _address_fields(kind: str, address: Address) -> Wire:
    parts = (*ADDRESS_PARTS, "country")
    return {f"{kind}{part}": getattr(address, part) for part in parts}


def _new_order(simulator: Simulator, header: Wire) -> Order:
    now = simulator.clock.stamp()
    idorder = simulator.state.new_id("order")
    defaults = {
        "idtemplate": default_template(simulator.state),
        "auto_split": simulator.knobs.auto_split,
        "partialdelivery": simulator.knobs.partialdelivery,
    }
    return Order(
        idorder=idorder,
        orderid=f"O{now[:4]}-{1000 + idorder}",
        **defaults | {name: value for name, value in header.items() if value is not None},
        public_status_page=f"{order_wire.PUBLIC_SITE}/s/{secrets.token_hex(8)}",
        created=now,
        updated=now,
        visible_from=simulator.clock.stamp(simulator.knobs.new_order_hidden_seconds),
    )


def _check_order_limit(simulator: Simulator) -> None:
    limit = simulator.knobs.monthly_order_limit
    month = simulator.clock.stamp()[:7]
    if limit is None:
        return
    if sum(order.created.startswith(month) for order in simulator.state.orders.values()) >= limit:
        raise ApiError(ORDER_LIMIT_REACHED)


def _add_comment(simulator: Simulator, idorder: int, body: Wire) -> Comment:
    order = simulator.find(simulator.state.orders, idorder)
    comment = comments.add(simulator, "order", idorder, body)
    data = order_wire.order(simulator, order) | {"note": comments.note_wire(comment)}
    simulator.emit("orders.notes.created", data)
    return comment
