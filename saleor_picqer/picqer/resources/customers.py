"""Customers. Picqer's `search` is fuzzy: compare the results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, Unpack

from saleor_picqer.picqer.objects.customers import (
    Customer,
    CustomerCreate,
    CustomerUpdate,
)
from saleor_picqer.picqer.resources.attached import WithTags


class CustomerFilters(TypedDict, total=False):
    search: str
    customerid: str


class CustomersResource(WithTags):
    _path = "/customers"

    def list(self, **filters: Unpack[CustomerFilters]) -> Iterator[Customer]:
        return self._list(Customer, "/customers", filters)

    def get(self, idcustomer: int) -> Customer:
        return self._get(Customer, f"/customers/{idcustomer}")

    def create(self, customer: CustomerCreate) -> Customer:
        return self._write(Customer, "POST", "/customers", customer)

    def update(self, idcustomer: int, customer: CustomerUpdate) -> Customer:
        return self._write(Customer, "PUT", f"/customers/{idcustomer}", customer)

    def delete(self, idcustomer: int) -> None:
        """Delete a customer; Picqer refuses for a customer with orders."""
        self._send("DELETE", f"/customers/{idcustomer}")
