"""Customer records in Picqer."""

from __future__ import annotations

from saleor_picqer.domain.mapping.customers import CustomerRequest
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.customers import CustomerCreate


class Customers:
    """`sync.ports.picqer.RemoteCustomers`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def find(self, email: str) -> list[int]:
        # Picqer's search is fuzzy, so the addresses it finds are compared.
        wanted = _comparable(email)
        found = self._client.customers.list(search=email)
        return [c.idcustomer for c in found if _comparable(c.emailaddress) == wanted]

    def create(self, customer: CustomerRequest) -> int:
        body = CustomerCreate.model_validate(customer.body)
        return self._client.customers.create(body).idcustomer


def _comparable(email: str) -> str:
    return email.strip().casefold()
