"""The resource `orders`: creating, finding and changing. Statuses are in `lifecycle`."""

from __future__ import annotations

import secrets

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import (
    INVALID_CUSTOMER,
    MISSING_PARAMETER,
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
from picqer_simulator.rules import (
    allocations,
    comments,
    order_fields,
    order_lines,
    order_wire,
    tags,
)
from picqer_simulator.rules.reference import default_template

ADDRESS_PARTS = ("name", "contactname", "address", "address2", "zipcode", "city", "region")
READERS = {
    # Without a customer, the order is a guest order.
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
# Fields without a reader, checked by `_header` and `create`.
OTHER_FIELDS = frozenset({"products", "orderfields", "warehouses"})
REQUIRED = ("deliveryname", "deliverycountry", "invoicename", "invoicecountry")
# Statuses in which the header can no longer change.
LOCKED = ("completed", "cancelled")


def list_(account: Account, query: Query) -> list[Wire]:
    """List orders."""
    now = account.clock.stamp()
    orders = [order for order in account.state.orders.values() if order.visible_from <= now]
    # The documentation does not say whether the filter finds cancelled orders.
    if "reference" in query and not account.options.reference_lists_cancelled:
        orders = [order for order in orders if order.status != "cancelled"]
    found = page(account.options, orders, query, _filters(account))
    return [order_wire.order(account, order) for order in found]


def get(account: Account, idorder: int) -> Wire:
    return order_wire.order(account, account.find(account.state.orders, idorder))


def create(account: Account, body: Wire, status: str = "concept") -> Wire:
    """Create an order."""
    # References need not be unique: a repeated POST creates a second order, as in Picqer.
    _check_order_limit(account)
    header = _header(account, body)
    customer = _customer(account, header)
    if customer is not None:
        header = _from_customer(customer, header)
    require(header, *_required(account, body))
    lines = order_lines.new_lines(account, body.get("products"))
    order = _new_order(account, header)
    order.products, order.status = lines, status
    account.state.orders[order.idorder] = order
    account.emit("orders.created", order_wire.order(account, order))
    # An expected order reserves its stock until the payment arrives.
    if account.options.allocate_on_create or status == "expected":
        allocations.claim(account, order)
    return order_wire.order(account, order)


def update(account: Account, idorder: int, body: Wire) -> Wire:
    """Change header fields. Products in the body have no effect."""
    order = account.find(account.state.orders, idorder)
    if order.status in LOCKED:
        raise ApiError(ORDER_LOCKED)
    refuses = account.options.header_after_processing == "refuse"
    if order.status in ("processing", "paused") and refuses:
        raise ApiError(ORDER_LOCKED)
    header = _header(account, body)
    _customer(account, header)
    require(header, *(set(REQUIRED) & header.keys()))
    order.orderfields |= header.pop("orderfields", {})
    for name, value in header.items():
        setattr(order, name, value)
    order.updated = account.clock.stamp()
    return order_wire.order(account, order)


def list_tags(account: Account, idorder: int) -> list[Wire]:
    return tags.list_on(account, account.find(account.state.orders, idorder))


def add_tag(account: Account, idorder: int, body: Wire) -> list[Wire]:
    return tags.put_on(account, account.find(account.state.orders, idorder), body)


def remove_tag(account: Account, idorder: int, idtag: int) -> None:
    tags.take_off(account.find(account.state.orders, idorder), idtag)


def list_comments(account: Account, idorder: int, query: Query) -> list[Wire]:
    account.find(account.state.orders, idorder)
    return comments.list_on(account, "order", idorder, query)


def add_comment(account: Account, idorder: int, body: Wire) -> Wire:
    return comments.wire(_add_comment(account, idorder, body))


def list_notes(account: Account, idorder: int) -> list[Wire]:
    """List the comments on an order in the older form of notes."""
    account.find(account.state.orders, idorder)
    return [comments.note_wire(entry) for entry in comments.of(account, "order", idorder)]


def add_note(account: Account, idorder: int, body: Wire) -> Wire:
    values = read(account.options, body, {"note": text})
    require(values, "note")
    return comments.note_wire(_add_comment(account, idorder, {"body": values["note"]}))


def _filters(account: Account) -> Filters:
    """Return the filters of the list of orders."""
    state = account.state
    case = str if account.options.reference_case_sensitive else str.casefold
    return {
        "reference": lambda order, wanted: case(order.reference or "") == case(wanted),
        "orderid": equals("orderid"),
        "status": equals("status"),
        "emailaddress": equals("emailaddress"),
        "idcustomer": equals("idcustomer"),
        "idfulfilment_customer": equals("idfulfilment_customer"),
        "idwarehouse": lambda order, wanted: (
            # The warehouses that may fulfil the order, as long as no picklist exists.
            wanted in (str(entry.idwarehouse) for entry in allocations.candidates(account, order))
        ),
        "search": contains("orderid", "reference", "deliveryname", "deliverycontactname"),
        "sinceid": since_id("idorder"),
        "beforeid": before_id("idorder"),
        "sincedate": since("created"),
        "untildate": until("created"),
        "tag": lambda order, title: title in (state.tags[idtag].title for idtag in order.tags),
    }


def _header(account: Account, body: Wire) -> Wire:
    """Check the header fields in the body."""
    header = read(account.options, body, READERS, also=OTHER_FIELDS)
    if len(header.get("reference") or "") > account.options.reference_max_length:
        raise ApiError(MISSING_PARAMETER, "reference is too long")
    if body.get("orderfields"):
        header["orderfields"] = order_fields.parse(account, body["orderfields"])
    if body.get("warehouses"):
        header["warehouses"] = _read_warehouses(account, body["warehouses"])
    return header


def _required(account: Account, body: Wire) -> list[str]:
    """Return the names of the required header fields."""
    # The documentation does not say whether Picqer accepts an empty invoice name.
    may_be_empty = account.options.empty_invoicename == "accept" and body.get("invoicename") == ""
    return [name for name in REQUIRED if not (may_be_empty and name == "invoicename")]


def _read_warehouses(account: Account, ids: list[object]) -> list[int]:
    warehouses = [integer("warehouses", idwarehouse) for idwarehouse in ids]
    for idwarehouse in warehouses:
        account.find(account.state.warehouses, idwarehouse)
    return warehouses


def _customer(account: Account, header: Wire) -> Customer | None:
    """Return the customer that the header names; raise ApiError 12 or 25."""
    idcustomer = header.get("idcustomer")
    if idcustomer is None:
        return None
    if idcustomer < 1:
        raise ApiError(INVALID_CUSTOMER)
    if idcustomer not in account.state.customers:
        raise ApiError(UNKNOWN_CUSTOMER)
    return account.state.customers[idcustomer]


def _from_customer(customer: Customer, header: Wire) -> Wire:
    """Fill missing header fields from the customer and its default addresses."""
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
    # A field in the body wins over the customer's field.
    given = {name: value for name, value in header.items() if value is not None}
    return {name: value for name, value in known.items() if value is not None} | given


def _address_fields(kind: str, address: Address) -> Wire:
    """Return an address as order fields that begin with `kind`."""
    parts = (*ADDRESS_PARTS, "country")
    return {f"{kind}{part}": getattr(address, part) for part in parts}


def _new_order(account: Account, header: Wire) -> Order:
    """Build an order with the next number and the account's defaults."""
    now = account.clock.stamp()
    idorder = account.state.new_id("order")
    defaults = {
        "idtemplate": default_template(account.state),
        "auto_split": account.options.auto_split,
        "partialdelivery": account.options.partialdelivery,
    }
    return Order(
        idorder=idorder,
        orderid=f"O{now[:4]}-{1000 + idorder}",
        **defaults | {name: value for name, value in header.items() if value is not None},
        public_status_page=f"{order_wire.PUBLIC_SITE}/s/{secrets.token_hex(8)}",
        created=now,
        updated=now,
        # Lists may come from a replica that lags behind; see the option.
        visible_from=account.clock.stamp(account.options.new_order_hidden_seconds),
    )


def _check_order_limit(account: Account) -> None:
    """Raise ApiError 29 if this month's orders have reached the plan's limit."""
    limit = account.options.monthly_order_limit
    month = account.clock.stamp()[:7]
    if limit is None:
        return
    if sum(order.created.startswith(month) for order in account.state.orders.values()) >= limit:
        raise ApiError(ORDER_LIMIT_REACHED)


def _add_comment(account: Account, idorder: int, body: Wire) -> Comment:
    """Add a comment to an order and emit the event of its note."""
    order = account.find(account.state.orders, idorder)
    comment = comments.add(account, "order", idorder, body)
    # Picqer calls comments on orders notes in this older event.
    data = order_wire.order(account, order) | {"note": comments.note_wire(comment)}
    account.emit("orders.notes.created", data)
    return comment
