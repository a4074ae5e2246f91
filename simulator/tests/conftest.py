"""Fixtures of the simulator's tests.

Pytest puts this folder on the import path, which makes `simulator_support` importable. The test
folders are no packages, so that this suite also runs beside another package named `tests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from picqer_simulator.server import SimulatorServer
from simulator_support.http_client import SEED, Receiver, Session, receiving

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from simulator_support.person import Person


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of this suite, which may run without the repository's configuration."""
    config.addinivalue_line("markers", "slow: takes seconds, or needs a browser")


@pytest.fixture(scope="session")
def simulator_server() -> Iterator[SimulatorServer]:
    """Return a server for all tests."""
    with SimulatorServer() as server:
        yield server


@pytest.fixture
def session(simulator_server: SimulatorServer) -> Session:
    """Return a client of an account that holds only `SEED`."""
    simulator_server.runtime.reset()
    session = Session(simulator_server)
    session.control("POST", "/seed", SEED)
    return session


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a running web server that records webhooks."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def shop() -> Iterator[Session]:
    """Return a client of a new simulator that holds `SEED`: nine mugs, no cups."""
    with SimulatorServer() as server:
        session = Session(server)
        session.control("POST", "/seed", SEED)
        yield session


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Return a running Chromium; skip the test where Chromium or selenium is missing."""
    pytest.importorskip("selenium")
    from simulator_support.chromium import chromium_or_skip

    with chromium_or_skip(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def person(browser: Chrome, shop: Session) -> Person:
    """Return a user of the browser who has opened the simulator's first page."""
    from simulator_support.person import Person

    return Person(browser, shop.server.url)
