"""The tables keep the same promises as the fakes of the unit tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.models import OutboxOrder
from saleor_picqer.store.catalogue import CatalogueOutbox
from saleor_picqer.store.links import Links
from saleor_picqer.store.outbox import Outbox
from saleor_picqer.store.readings import StockReadings
from saleor_picqer.store.reservations import StockReservations
from saleor_picqer.sync.ports import Catalogue
from tests.store_contract.catalogue import CatalogueContract
from tests.store_contract.links import LinksContract
from tests.store_contract.outbox_case import ACCOUNT, OutboxUnderTest
from tests.store_contract.outbox_leases import LeaseContract
from tests.store_contract.outbox_reading import ReadingContract
from tests.store_contract.outbox_recording import RecordingContract
from tests.store_contract.stock_case import StockUnderTest
from tests.store_contract.stock_readings import StockReadingsContract
from tests.store_contract.stock_reservations import ReservationsContract
from tests.unit.sync.fakes.clock import Clock


class TableCase(OutboxUnderTest):
    outbox: Outbox

    def row(self, pk: str = "1") -> OutboxOrder:
        return OutboxOrder.objects.get(order_pk=pk)

    def edit(self, pk: str, **columns: Any) -> None:
        OutboxOrder.objects.filter(order_pk=pk).update(**columns)

    def retry(self, *pks: str) -> int:
        return self.outbox.retry(pks)

    def skip(self, *pks: str) -> int:
        return self.outbox.skip(pks)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


class TestOutboxTable(RecordingContract, LeaseContract, ReadingContract):
    @pytest.fixture
    def case(self, db: None, clock: Clock) -> OutboxUnderTest:
        return TableCase(Outbox(), clock)


class TestLinkTables(LinksContract):
    @pytest.fixture
    def links(self, db: None, clock: Clock) -> Links:
        return Links(ACCOUNT)


class TestCatalogueTable(CatalogueContract):
    @pytest.fixture
    def catalogue(self, db: None) -> Catalogue:
        return CatalogueOutbox("picqer.test")


class TableStock(StockUnderTest):
    def __init__(self) -> None:
        # Rows of another account, which change nothing.
        others = StockReadings("other.picqer.test", lambda _: None)
        others.keep([StockLevel(1, "MUG", 99, 71)], others.clock(), ["MUG"])
        others.request([70])
        StockReservations("other.picqer.test").record("1", 1001, {"MUG": 7}, None)
        self.readings = StockReadings(ACCOUNT, self._count)
        self.reservations = StockReservations(ACCOUNT)

    def moment(self) -> datetime:
        return self.readings.clock()

    def _count(self, account: str) -> None:
        assert account == ACCOUNT
        self.announced += 1


class TestStockTables(StockReadingsContract, ReservationsContract):
    @pytest.fixture
    def stock(self, db: None) -> StockUnderTest:
        return TableStock()
