from __future__ import annotations

from collections.abc import Iterator

import pytest
from picqer_simulator.http.server import SimulatorServer
from selenium.webdriver import Chrome

from tests.browser.chromium import chromium, find_browser, find_driver
from tests.browser.person import Person
from tests.contract.simulator.account import SEED, Receiver, Session, receiving


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    binary, driver = find_browser(), find_driver()
    if binary is None or driver is None:
        pytest.skip("no Chromium with its driver found: apt-get install chromium chromium-driver")
    with chromium(binary, driver, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def shop() -> Iterator[Session]:
    """A shop's connection to a new simulator that holds `SEED`: nine mugs, no cups."""
    with SimulatorServer() as server:
        session = Session(server)
        session.control("POST", "/seed", SEED)
        yield session


@pytest.fixture
def person(browser: Chrome, shop: Session) -> Person:
    """Somebody in the warehouse, with the simulator's first page open."""
    return Person(browser, shop.server.url)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
