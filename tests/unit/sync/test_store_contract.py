"""The fakes in memory keep the promises of the tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_picqer.sync.ports import Catalogue, Links
from tests.store_contract.catalogue import CatalogueContract
from tests.store_contract.links import LinksContract
from tests.store_contract.outbox_case import OutboxUnderTest
from tests.store_contract.outbox_leases import LeaseContract
from tests.store_contract.outbox_reading import ReadingContract
from tests.store_contract.outbox_recording import RecordingContract
from tests.store_contract.stock_case import StockUnderTest
from tests.store_contract.stock_readings import StockReadingsContract
from tests.store_contract.stock_reservations import ReservationsContract
from tests.unit.sync.fakes.catalogue import MemoryCatalogue
from tests.unit.sync.fakes.clock import Clock
from tests.unit.sync.fakes.links import MemoryLinks
from tests.unit.sync.fakes.outbox import MemoryOutbox, Row
from tests.unit.sync.fakes.stock import MemoryReadings, MemoryReservations


class MemoryCase(OutboxUnderTest):
    outbox: MemoryOutbox

    def row(self, pk: str = "1") -> Row:
        return self.outbox.rows[pk]

    def edit(self, pk: str, **columns: Any) -> None:
        self.outbox.edit(pk, **columns)

    def retry(self, *pks: str) -> int:
        return self.outbox.retry(pks)

    def skip(self, *pks: str) -> int:
        return self.outbox.skip(pks)


class TestMemoryOutbox(RecordingContract, LeaseContract, ReadingContract):
    @pytest.fixture
    def case(self) -> OutboxUnderTest:
        clock = Clock()
        return MemoryCase(MemoryOutbox(clock), clock)


class TestMemoryLinks(LinksContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def links(self, clock: Clock) -> Links:
        return MemoryLinks(clock)


class TestMemoryCatalogue(CatalogueContract):
    @pytest.fixture
    def catalogue(self) -> Catalogue:
        return MemoryCatalogue()


class MemoryStock(StockUnderTest):
    def __init__(self) -> None:
        self._clock = Clock()
        self.readings = MemoryReadings(self._clock, self._count)
        self.reservations = MemoryReservations(self._clock, self.readings)

    def moment(self) -> datetime:
        self._clock.advance(timedelta(seconds=1))
        now = self._clock.now
        self._clock.advance(timedelta(seconds=1))
        return now

    def _count(self) -> None:
        self.announced += 1


class TestMemoryStock(StockReadingsContract, ReservationsContract):
    @pytest.fixture
    def stock(self) -> StockUnderTest:
        return MemoryStock()
