from __future__ import annotations

from collections.abc import Iterator

import pytest
from picqer_simulator.http.server import SimulatorServer

from tests.contract.simulator.account import SEED, Receiver, Session, receiving


@pytest.fixture(scope="package")
def simulator_server() -> Iterator[SimulatorServer]:
    with SimulatorServer() as server:
        yield server


@pytest.fixture
def session(simulator_server: SimulatorServer) -> Session:
    """A session with an account that was just filled with `SEED`."""
    simulator_server.runtime.reset()
    session = Session(simulator_server)
    session.control("POST", "/seed", SEED)
    return session


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
