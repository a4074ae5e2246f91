"""What of ours mirrors what of Picqer's, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import contextmanager

from saleor_picqer.domain.stock import Warehouse


class MemoryLinks:
    """`sync.ports.Links` of one account.

    `inside` is true within the transaction of `once`: nothing that happens there is seen in part.
    """

    def __init__(self) -> None:
        self.known_products: dict[str, int] = {}
        self.customers: dict[str, int] = {}
        self.picklists: set[int] = set()
        self.inside = False

    def warehouses(self) -> dict[int, str]:
        return {}

    def pk_for(self, warehouse: Warehouse) -> str:
        return f"warehouse {warehouse.id}"

    def link_warehouse(self, warehouse: Warehouse, pk: str) -> None:
        """Stock is not what these tests are about."""

    def products(self, skus: Collection[str]) -> dict[str, int]:
        return {sku: self.known_products[sku] for sku in skus if sku in self.known_products}

    def link_products(self, products: Mapping[str, int]) -> None:
        self.known_products |= products

    def customer(self, customer_pk: str) -> int | None:
        return self.customers.get(customer_pk)

    def link_customer(self, customer_pk: str, remote_id: int) -> bool:
        if any(pk != customer_pk and id_ == remote_id for pk, id_ in self.customers.items()):
            return False
        self.customers[customer_pk] = remote_id
        return True

    def unlink_customer(self, customer_pk: str) -> None:
        self.customers.pop(customer_pk, None)

    def fulfilled(self, picklist_ids: Collection[int]) -> Set[int]:
        return self.picklists & set(picklist_ids)

    @contextmanager
    def once(self, order_pk: str, picklist_id: int) -> Iterator[bool]:
        first = picklist_id not in self.picklists
        self.inside = True
        try:
            yield first
            self.picklists.add(picklist_id)
        finally:
            self.inside = False
