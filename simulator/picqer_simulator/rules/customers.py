"""The resource `customers`, with addresses and tags."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, WRONG_STATUS, ApiError
from picqer_simulator.core.models import Address, Customer, Wire, public
from picqer_simulator.core.parsing import (
    boolean,
    choice,
    country,
    integer,
    number,
    optional,
    read,
    require,
    text,
)
from picqer_simulator.core.queries import Query, contains, equals, page
from picqer_simulator.rules import comments, tags

READERS = {
    "customerid": optional(text),
    "name": text,
    "contactname": optional(text),
    "telephone": optional(text),
    "emailaddress": optional(text),
    "discount": number,
    "vatnumber": optional(text),
    "calculatevat": boolean,
    "remarks": optional(text),
    "default_order_remarks": text,
    "language": choice("nl", "en"),
    "auto_split": optional(boolean),
    "idtemplate": optional(integer),
    "idfulfilment_customer": optional(integer),
}
ADDRESS_READERS = {
    "name": text,
    "contactname": optional(text),
    "address": optional(text),
    "address2": optional(text),
    "zipcode": optional(text),
    "city": optional(text),
    "region": optional(text),
    "country": optional(country),
    "defaultinvoice": boolean,
    "defaultdelivery": boolean,
}
DEFAULTS = ("defaultinvoice", "defaultdelivery")
FILTERS = {
    "search": contains("customerid", "name", "contactname", "emailaddress"),
    "customerid": equals("customerid"),
}


def wire(account: Account, customer: Customer) -> Wire:
    """Return a customer as JSON."""
    return public(customer) | {
        # The older name of `default_order_remarks`.
        "defaultorderremarks": customer.default_order_remarks,
        "addresses": [address_wire(address) for address in customer.addresses],
        "tags": tags.tags_wire(account, customer.tags),
        "comment_count": comments.count(account, "customer", customer.idcustomer),
    }


def address_wire(address: Address) -> Wire:
    """Return an address as JSON."""
    lines = (
        address.name,
        address.contactname,
        address.address,
        address.address2,
        f"{address.zipcode or ''} {address.city or ''}".strip(),
        address.country,
    )
    return public(address) | {"full_address": "\n".join(line for line in lines if line)}


def list_(account: Account, query: Query) -> list[Wire]:
    """List customers."""
    customers = account.state.customers.values()
    return [
        wire(account, customer) for customer in page(account.options, customers, query, FILTERS)
    ]


def get(account: Account, idcustomer: int) -> Wire:
    return wire(account, account.find(account.state.customers, idcustomer))


def create(account: Account, body: Wire) -> Wire:
    """Create a customer with addresses."""
    values = read(account.options, body, READERS, also=frozenset({"addresses"}))
    require(values, "name")
    # All addresses are checked before the first record is written.
    addresses = [_read_address(account, entry) for entry in body.get("addresses") or []]
    idcustomer = account.state.new_id("customer")
    # Picqer numbers customers by itself, unless the shop has a number.
    values["customerid"] = values.get("customerid") or str(1000 + idcustomer)
    customer = Customer(idcustomer=idcustomer, **values)
    account.state.customers[idcustomer] = customer
    for address in addresses:
        _add_address(account, customer, address)
    return wire(account, customer)


def update(account: Account, idcustomer: int, body: Wire) -> Wire:
    """Change the fields that the body contains."""
    customer = account.find(account.state.customers, idcustomer)
    values = read(account.options, body, READERS)
    require(values, *({"name", "customerid"} & values.keys()))
    for name, value in values.items():
        setattr(customer, name, value)
    return wire(account, customer)


def delete(account: Account, idcustomer: int) -> None:
    """Delete a customer; raise ApiError 21 if the customer has orders."""
    account.find(account.state.customers, idcustomer)
    if any(order.idcustomer == idcustomer for order in account.state.orders.values()):
        raise ApiError(WRONG_STATUS, "This customer has orders")
    del account.state.customers[idcustomer]


def list_addresses(account: Account, idcustomer: int, query: Query) -> list[Wire]:
    customer = account.find(account.state.customers, idcustomer)
    return [address_wire(entry) for entry in page(account.options, customer.addresses, query)]


def add_address(account: Account, idcustomer: int, body: Wire) -> Wire:
    customer = account.find(account.state.customers, idcustomer)
    return address_wire(_add_address(account, customer, _read_address(account, body)))


def update_address(account: Account, idcustomer: int, idcustomer_address: int, body: Wire) -> Wire:
    customer = account.find(account.state.customers, idcustomer)
    address = _address(customer, idcustomer_address)
    values = read(account.options, body, ADDRESS_READERS)
    require(values, *({"name"} & values.keys()))
    for name, value in values.items():
        setattr(address, name, value)
    _keep_one_default(customer, address)
    return address_wire(address)


def remove_address(account: Account, idcustomer: int, idcustomer_address: int) -> None:
    customer = account.find(account.state.customers, idcustomer)
    customer.addresses.remove(_address(customer, idcustomer_address))


def list_tags(account: Account, idcustomer: int) -> list[Wire]:
    return tags.list_on(account, account.find(account.state.customers, idcustomer))


def add_tag(account: Account, idcustomer: int, body: Wire) -> list[Wire]:
    return tags.put_on(account, account.find(account.state.customers, idcustomer), body)


def remove_tag(account: Account, idcustomer: int, idtag: int) -> None:
    tags.take_off(account.find(account.state.customers, idcustomer), idtag)


def _read_address(account: Account, body: Wire) -> Wire:
    values = read(account.options, body, ADDRESS_READERS)
    require(values, "name")
    return values


def _add_address(account: Account, customer: Customer, values: Wire) -> Address:
    address = Address(account.state.new_id("address"), **values)
    customer.addresses.append(address)
    _keep_one_default(customer, address)
    return address


def _keep_one_default(customer: Customer, newest: Address) -> None:
    """Clear the default flags of all other addresses that `newest` carries."""
    for default in DEFAULTS:
        for address in customer.addresses:
            if getattr(newest, default) and address is not newest:
                setattr(address, default, False)


def _address(customer: Customer, idcustomer_address: int) -> Address:
    """Return the address with the given id; raise ApiError 20 for an unknown id."""
    for address in customer.addresses:
        if address.idcustomer_address == idcustomer_address:
            return address
    raise ApiError(NOT_FOUND)
