"""Fixtures that hide which line of Saleor the tests run inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.core.cache import cache
from saleor.celeryconf import app

from saleor_picqer import tasks
from saleor_picqer.simulator.server import SimulatorServer
from tests.integration import database
from tests.integration.api import Api
from tests.integration.connected import Connected, settling
from tests.integration.host import IS_SALEOR_3, LINE, saleor_version
from tests.integration.shop import Shop
from tests.integration.webhooks import Postman
from tests.integration.worker import Worker, standing_in

if IS_SALEOR_3:
    from tests.integration.shop3 import Saleor3Shop as HostShop
else:
    from tests.integration.shop2 import Saleor2Shop as HostShop


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--real-migrations",
        action="store_true",
        help="make the test database with Saleor's own migrations, which takes minutes on Saleor 3",
    )


def pytest_configure(config: pytest.Config) -> None:
    database.use_one_connection()
    if not config.getoption("--real-migrations"):
        database.skip_saleors_migrations()


BROAD = (
    "test_order_command.py",
    "test_order_list.py",
    "test_order_operations.py",
    "test_ways_to_order.py",
)
"""Files with many variants of what other files test too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "delivery" in item.path.parts:
            item.add_marker(pytest.mark.delivery)
        if item.path.name in BROAD:
            item.add_marker(pytest.mark.broad)


def pytest_report_header() -> str:
    return f"saleor: {saleor_version()}"


@pytest.fixture(scope="session")
def host_line() -> str:
    """The line of Saleor around us, "2.10" or "3.23"."""
    return LINE


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """Holds our Celery tasks until the test runs them."""
    with standing_in(Worker(), monkeypatch) as worker:
        yield worker


@pytest.fixture(autouse=True)
def _clean_process(settings: Any, tmp_path: Path) -> None:
    """What one test leaves in memory or on disk, the next one does not find."""
    cache.clear()
    Site.objects.clear_cache()
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def shop(db: None) -> Shop:
    return HostShop()


@pytest.fixture
def api() -> Api:
    """Nobody in particular, as a shop's customer without an account."""
    return Api()


@pytest.fixture
def staff_api(shop: Shop) -> Api:
    """Staff with every permission."""
    return shop.staff


@pytest.fixture
def app_api(shop: Shop) -> Api:
    """An app that may manage orders and plugins."""
    return shop.app_api("manage_orders", "manage_plugins")


@pytest.fixture
def saleor_url(transactional_db: None, live_server: Any, settings: Any) -> str:
    """Saleor over real HTTP, under the address it gives out; the test's transactions are real."""
    settings.PUBLIC_URL = live_server.url
    Site.objects.update(domain=live_server.url.removeprefix("http://"))
    Site.objects.clear_cache()
    return str(live_server.url)


@pytest.fixture
def picqer() -> Iterator[SimulatorServer]:
    """An empty Picqer account; webhooks go out over HTTP, and retries do not wait."""
    with SimulatorServer(api_key="key-of-the-test") as server:
        server.simulator.turn(webhook_time_scale=0.0001)
        yield server


@pytest.fixture
def postman(picqer: SimulatorServer) -> Postman:
    """Keeps the webhooks of `picqer` until the test has them delivered."""
    postman = Postman()
    picqer.simulator.post = postman.take
    return postman


@pytest.fixture
def settle(worker: Worker, postman: Postman) -> Callable[[], None]:
    """Lets our worker and Picqer's webhooks go on until nobody has anything to do."""

    return settling(worker, postman)


@pytest.fixture
def connected(
    shop: Shop,
    picqer: SimulatorServer,
    worker: Worker,
    postman: Postman,
    settle: Callable[[], None],
) -> Connected:
    """The shop with the plugin switched on, and an account with a warehouse and VAT groups."""
    connected = Connected(shop, picqer, worker, postman, settle)
    connected.picqer(
        "POST",
        "/seed",
        warehouses=[{"name": "Main"}],
        vatgroups=[{"name": "High", "percentage": 21}, {"name": "Low", "percentage": 9}],
    )
    connected.connect()
    settle()
    return connected


@pytest.fixture
def stocked(connected: Connected) -> Connected:
    """BEANS and TEA can be bought, ten of each; Picqer knows them."""
    connected.offer(BEANS=10, TEA=10)
    connected.forget_requests()
    return connected


@pytest.fixture
def no_broker(settings: Any) -> Iterator[None]:
    """Celery as it is where no broker is set, whether it has read its settings yet or not."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    app.conf.task_always_eager = True
    assert tasks.runs_inside_request(tasks.push_order)
    yield
    app.conf.task_always_eager = False
