"""Fixtures for orders that pass through real workers: Celery, Redis, PostgreSQL and HTTP.

The workers only see committed rows, so a module shares one shop, and the database is emptied after
the module.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from picqer_simulator import SimulatorServer

from saleor_picqer.store import periodic
from tests.integration.delivery.real_worker import RealWorker
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import create_shop
from tests.integration.support.webhooks import WebhookQueue
from tests.integration.support.worker import Worker


@pytest.fixture(scope="session")
def real_worker(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealWorker]:
    """Run a worker with four processes and a sweeper."""
    worker = RealWorker(tmp_path_factory.mktemp("worker"))
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Use real transactions for a whole module."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def account() -> Iterator[SimulatorServer]:
    """Run a Picqer account without a rate limit and without webhooks."""
    with SimulatorServer(api_key="key-of-the-test") as server:
        server.account.set_options(rate_limit=1_000_000)
        server.account.on_delivery = None
        yield server


@pytest.fixture(autouse=True)
def worker(real_worker: RealWorker) -> Iterator[None]:
    """Send tasks to the real worker instead of the fake one."""
    with real_worker.on_duty():
        yield


@pytest.fixture(scope="module")
def module_shop(
    transactional_db: None, account: SimulatorServer, real_worker: RealWorker
) -> Iterator[RunningShop]:
    """Prepare a shop whose first order, a pound of BEANS, is in Picqer."""
    with real_worker.on_duty(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(periodic, "ENQUEUE_AGAIN", timedelta(seconds=1))
        connected_shop = ConnectedShop(
            create_shop(), account, Worker(), WebhookQueue(), lambda: None
        )
        connected_shop.control("POST", "/seed", **GOODS)
        # Copies of orders are not paid.
        connected_shop.connect(process_when="placed")
        connected_shop.shop.product("BEANS", stock=5)
        running_shop = RunningShop(
            connected_shop, real_worker, connected_shop.shop.checkout({"BEANS": 1})
        )
        running_shop.wait_for_stage(running_shop.original, "processed")
        yield running_shop
        running_shop.end()


HIGH = {"name": "High", "percentage": 21}
BEANS = {
    "productcode": "BEANS",
    "name": "Beans",
    "price": 10,
    "idvatgroup": 1,
    "type": "unlimited_stock",
}
# What an account has before the shop is connected.
GOODS: dict[str, Any] = {
    "warehouses": [{"name": "Main"}],
    "vatgroups": [HIGH],
    "products": [BEANS],
}


@pytest.fixture
def running_shop(module_shop: RunningShop) -> Iterator[RunningShop]:
    """Return the module's shop without faults."""
    module_shop.connected_shop.reset_requests()
    yield module_shop
    module_shop.repair_calls()
