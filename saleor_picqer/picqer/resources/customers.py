"""Customers: `search` is fuzzy, so compare what comes back yourself."""

from collections.abc import Iterator
from typing import TypedDict, Unpack

from saleor_picqer.picqer.objects.customers import (
    Customer,
    CustomerAddress,
    CustomerAddressWrite,
    CustomerCreate,
    CustomerUpdate,
)
from saleor_picqer.picqer.resources.attached import WithComments, WithTags


class CustomerFilters(TypedDict, total=False):
    search: str
    customerid: str


class CustomersResource(WithTags, WithComments):
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
        """Removes a customer; Picqer keeps one that has orders."""
        self._send("DELETE", f"/customers/{idcustomer}")

    def addresses(self, idcustomer: int) -> Iterator[CustomerAddress]:
        return self._list(CustomerAddress, f"/customers/{idcustomer}/addresses")

    def add_address(self, idcustomer: int, address: CustomerAddressWrite) -> CustomerAddress:
        path = f"/customers/{idcustomer}/addresses"
        return self._write(CustomerAddress, "POST", path, address)

    def update_address(
        self, idcustomer: int, idcustomer_address: int, address: CustomerAddressWrite
    ) -> CustomerAddress:
        path = f"/customers/{idcustomer}/addresses/{idcustomer_address}"
        return self._write(CustomerAddress, "PUT", path, address)

    def delete_address(self, idcustomer: int, idcustomer_address: int) -> None:
        self._send("DELETE", f"/customers/{idcustomer}/addresses/{idcustomer_address}")
