"""The fakes in memory keep the promises of the tables."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.sync.ports import Catalogue, Links
from tests.store_contract.catalogue import CatalogueContract
from tests.store_contract.links import LinksContract
from tests.store_contract.outbox_case import OutboxUnderTest
from tests.store_contract.outbox_leases import LeaseContract
from tests.store_contract.outbox_reading import ReadingContract
from tests.store_contract.outbox_recording import RecordingContract
from tests.unit.sync.fakes.catalogue import MemoryCatalogue
from tests.unit.sync.fakes.clock import Clock
from tests.unit.sync.fakes.links import MemoryLinks
from tests.unit.sync.fakes.outbox import MemoryOutbox, Row


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
