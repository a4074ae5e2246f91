"""The mapping of an order's customer to a customer record in Picqer (Picqer API: customers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from saleor_picqer.domain.mapping.request import OrderRequest


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """A customer record to create; `body` has the fields by Picqer's names."""

    email: str = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


# Field of a customer -> field of an order that its value is taken from.
_FIELDS: Final[Mapping[str, str]] = {
    "name": "invoicename",
    "contactname": "invoicecontactname",
    "telephone": "telephone",
    "emailaddress": "emailaddress",
    "language": "language",
}
# Fields of an address, which an order has with the prefix "invoice" or "delivery".
_ADDRESS: Final = (
    "name",
    "contactname",
    "address",
    "address2",
    "zipcode",
    "city",
    "region",
    "country",
)


def customer_request(order: OrderRequest) -> CustomerRequest:
    """Build the record of an order's customer: contact details and at most two addresses."""
    header = order.header
    invoice, delivery = _address(header, "invoice"), _address(header, "delivery")
    addresses = [invoice | {"defaultinvoice": True, "defaultdelivery": invoice == delivery}]
    if invoice != delivery:
        addresses.append(delivery | {"defaultinvoice": False, "defaultdelivery": True})
    fields = _filled({name: header.get(field) for name, field in _FIELDS.items()})
    return CustomerRequest(fields.get("emailaddress", ""), fields | {"addresses": addresses})


def _address(header: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return _filled({name: header.get(prefix + name) for name in _ADDRESS})


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
