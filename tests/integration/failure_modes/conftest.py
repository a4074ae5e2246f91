"""All tests of the failure modes begin with the same shop, which is made only once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from saleor_picqer.picqer import transport
from saleor_picqer.simulator.server import SimulatorServer
from tests.integration.conftest import HostShop
from tests.integration.failure_modes.ready import Ready, Stocked
from tests.integration.worker import Worker, standing_in


@pytest.fixture(scope="package")
def ready(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ready]:
    """In a transaction around those of the tests."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        SimulatorServer(api_key="key-of-the-test") as server,
    ):
        with pytest.MonkeyPatch.context() as patch, standing_in(Worker(), patch) as worker:
            ready = Ready(HostShop(), server, worker)
        yield ready
        transaction.set_rollback(True)


@pytest.fixture
def stocked(ready: Ready, db: None, worker: Worker) -> Stocked:
    """BEANS and TEA can be bought, ten of each; Picqer knows them."""
    return ready.put_back(worker)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client repeats its requests at once."""
    monkeypatch.setattr(transport, "sleep", lambda seconds: None)
