"""Links between the shop and Picqer, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from saleor_picqer.domain.fulfilments import ShippedPicklist
from saleor_picqer.domain.outbox import UNSURE
from saleor_picqer.domain.parcels import Shipment
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

    def forget_channel(self, pk: str, channel: str) -> None: ...


class MemoryProductLinks:
    """`sync.ports.state.ProductLinks`."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def ids(self, skus: Collection[str]) -> dict[str, int]:
        return {sku: self.known[sku] for sku in skus if sku in self.known}

    def link(self, products: Mapping[str, int]) -> None:
        self.known |= products

    def unlink(self, sku: str) -> None:
        self.known.pop(sku, None)


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

    `inside` is true within a transaction, which becomes visible as a whole.
    """

    def __init__(self, clock: Clock) -> None:
        self.known: dict[int, ShippedPicklist] = {}
        self.due_at: dict[int, datetime] = {}
        self.inside = False
        self._clock = clock

    def recorded(self, picklist_ids: Collection[int]) -> Set[int]:
        return self.known.keys() & set(picklist_ids)

    def get(self, picklist_id: int) -> ShippedPicklist | None:
        return self.known.get(picklist_id)

    def of_order(self, order_pk: str) -> list[ShippedPicklist]:
        found = (self.known[picklist_id] for picklist_id in sorted(self.known))
        return [one for one in found if one.order_pk == order_pk]

    @contextmanager
    def once(self, picklist: ShippedPicklist) -> Iterator[bool]:
        first = picklist.id not in self.known
        with self._transaction():
            if first:
                self.known[picklist.id] = picklist
            yield first

    def attach(
        self,
        picklist_id: int,
        *,
        created: Sequence[str],
        adopted: Sequence[str],
        hold: timedelta | None,
    ) -> None:
        self.known[picklist_id] = replace(
            self.known[picklist_id],
            created=tuple(created),
            adopted=tuple(adopted),
            is_held=hold is not None,
        )
        if hold is not None:
            self.due_at[picklist_id] = self._clock.now + hold

    @contextmanager
    def replace_shipments(
        self, picklist: ShippedPicklist, shipments: Sequence[Shipment]
    ) -> Iterator[bool]:
        known = self.known[picklist.id]
        with self._transaction():
            unchanged = known.shipments == picklist.shipments
            if unchanged:
                self.known[picklist.id] = replace(known, shipments=tuple(shipments))
            yield unchanged

    @contextmanager
    def release(self, account: str, picklist_id: int) -> Iterator[ShippedPicklist | None]:
        due_at = self.due_at.get(picklist_id)
        with self._transaction():
            if due_at is None or due_at > self._clock.now:
                yield None
                return
            yield self.known[picklist_id]
            del self.due_at[picklist_id]
            self.known[picklist_id] = replace(self.known[picklist_id], is_held=False)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        before = dict(self.known)
        self.inside = True
        try:
            yield
        except BaseException:
            self.known = before
            raise
        finally:
            self.inside = False


class MemoryLinks:
    """`sync.ports.Links` of one account."""

    def __init__(self, clock: Clock) -> None:
        self.warehouses = MemoryWarehouseLinks()
        self.products = MemoryProductLinks()
        self.customers = MemoryCustomerLinks(clock)
        self.fulfilments = MemoryFulfilmentLinks(clock)
