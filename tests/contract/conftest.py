"""The Picqer account of the client's tests.

Normally that is a simulator of their own. With `PICQER_ENDPOINT` and `PICQER_API_KEY` set it is
that account instead: tests that write run there only with `PICQER_ALLOW_WRITES=1`, and those that
need a simulator's controls not at all.
"""

import os
import uuid
from collections.abc import Iterator

import pytest
from picqer_simulator import SimulatorServer

from saleor_picqer.picqer.client import PicqerAccount, PicqerClient
from saleor_picqer.picqer.objects.products import Product
from saleor_picqer.picqer.objects.reference import Warehouse
from tests.contract import samples

ENDPOINT = os.environ.get("PICQER_ENDPOINT", "")
ALLOW_WRITES = os.environ.get("PICQER_ALLOW_WRITES") == "1"


def build_account(endpoint: str, api_key: str) -> PicqerAccount:
    return PicqerAccount(
        endpoint=endpoint,
        api_key=api_key,
        storefront="saleor-picqer contract tests",
        contact_email="ops@shop.example",
    )


@pytest.fixture(scope="session")
def account() -> Iterator[PicqerAccount]:
    """Return the shared account; each test creates objects of its own."""
    if ENDPOINT:
        yield build_account(ENDPOINT, os.environ["PICQER_API_KEY"])
        return
    with SimulatorServer() as server:
        server.account.set_options(rate_limit=100_000)
        server.account.run(samples.furnish)
        yield build_account(server.url, server.api_key)


@pytest.fixture
def picqer(account: PicqerAccount) -> Iterator[PicqerClient]:
    """Return a reading client; a real account's rate limit may cause waits."""
    with PicqerClient(account, max_wait=200 if ENDPOINT else 30) as client:
        yield client


@pytest.fixture
def writable(picqer: PicqerClient) -> PicqerClient:
    """Return a client for writing objects with the name prefix `samples.PREFIX`."""
    if ENDPOINT and not ALLOW_WRITES:
        pytest.skip("writes are not allowed: set PICQER_ALLOW_WRITES=1")
    return picqer


@pytest.fixture(scope="session")
def shared_server() -> Iterator[SimulatorServer]:
    if ENDPOINT:
        pytest.skip("needs the controls of a simulator")
    with SimulatorServer() as server:
        yield server


@pytest.fixture
def server(shared_server: SimulatorServer) -> SimulatorServer:
    """Return a fresh simulator with all its controls."""
    shared_server.runtime.reset()
    shared_server.account.run(samples.furnish)
    return shared_server


@pytest.fixture
def simulated(server: SimulatorServer) -> Iterator[PicqerClient]:
    """Return a client of `server`."""
    with PicqerClient(build_account(server.url, server.api_key), timeout=(2, 5)) as client:
        yield client


@pytest.fixture
def name() -> str:
    """Return a name that no other test uses."""
    return f"{samples.PREFIX}{uuid.uuid4().hex[:10]}"


@pytest.fixture
def warehouse(writable: PicqerClient) -> Warehouse:
    """Return the warehouse that gets orders first."""
    usable = [w for w in writable.warehouses.list() if w.active and w.accept_orders]
    if not usable:
        pytest.skip("the account has no warehouse that accepts orders")
    return min(usable, key=lambda warehouse: warehouse.priority or 0)


@pytest.fixture
def product(writable: PicqerClient, warehouse: Warehouse, name: str) -> Iterator[Product]:
    """Yield a new product with ten pieces in stock, and inactivate it afterwards."""
    made = writable.products.create(samples.product(writable, name))
    writable.products.change_stock(made.idproduct, warehouse.idwarehouse, samples.TEN_PIECES)
    yield made
    writable.products.inactivate(made.idproduct)
