"""Links between the shop and Picqer, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import UTC, datetime

from saleor_picqer.domain.outbox import UNSURE
from saleor_picqer.domain.stock import RemoteWarehouse
from saleor_picqer.domain.warehouses import LinkedWarehouse
from tests.unit.sync.fakes.clock import Clock


class MemoryWarehouseLinks:
    """`sync.ports.state.WarehouseLinks`, always empty."""

    def all(self) -> dict[int, str]:
        return {}

    def of_other_accounts(self) -> list[str]:
        return []

    def pk_for(self, warehouse: RemoteWarehouse) -> str:
        return f"warehouse {warehouse.id}"

    def read(self) -> dict[int, LinkedWarehouse]:
        return {}

    def save(self, remote_id: int, link: LinkedWarehouse) -> None: ...

    def forget_zones(self, pk: str, channel: str) -> None: ...


class MemoryProductLinks:
    """`sync.ports.state.ProductLinks`."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def ids(self, skus: Collection[str]) -> dict[str, int]:
        return {sku: self.known[sku] for sku in skus if sku in self.known}

    def link(self, products: Mapping[str, int]) -> None:
        self.known |= products


class MemoryCustomerLinks:
    """`sync.ports.state.CustomerLinks`."""

    def __init__(self, clock: Clock) -> None:
        self.known: dict[str, int] = {}
        self.reserved: dict[str, datetime] = {}
        self._clock = clock

    def reserve(self, customer_pk: str) -> bool:
        now = self._clock.now
        since = self.reserved.get(customer_pk, datetime.min.replace(tzinfo=UTC))
        if customer_pk in self.known or since >= now - UNSURE:
            return False
        self.reserved[customer_pk] = now
        return True

    def get(self, customer_pk: str) -> int | None:
        return self.known.get(customer_pk)

    def link(self, customer_pk: str, remote_id: int) -> bool:
        if any(pk != customer_pk and id_ == remote_id for pk, id_ in self.known.items()):
            return False
        self.known[customer_pk] = remote_id
        return True

    def unlink(self, customer_pk: str) -> None:
        self.known.pop(customer_pk, None)
        self.reserved.pop(customer_pk, None)


class MemoryFulfilmentLinks:
    """`sync.ports.state.FulfilmentLinks`.

    `inside` is true within the transaction of `once`, which becomes visible as a whole.
    """

    def __init__(self) -> None:
        self.known: set[int] = set()
        self.inside = False

    def recorded(self, picklist_ids: Collection[int]) -> Set[int]:
        return self.known & set(picklist_ids)

    @contextmanager
    def once(self, order_pk: str, picklist_id: int) -> Iterator[bool]:
        first = picklist_id not in self.known
        self.inside = True
        try:
            yield first
            self.known.add(picklist_id)
        finally:
            self.inside = False


class MemoryLinks:
    """`sync.ports.Links` of one account."""

    def __init__(self, clock: Clock) -> None:
        self.warehouses = MemoryWarehouseLinks()
        self.products = MemoryProductLinks()
        self.customers = MemoryCustomerLinks(clock)
        self.fulfilments = MemoryFulfilmentLinks()
