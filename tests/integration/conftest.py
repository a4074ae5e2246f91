"""Fixtures of the integration tests, the same on every line of Saleor."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.core.cache import cache
from picqer_simulator import SimulatorServer
from saleor.celeryconf import app

from saleor_picqer import tasks, wiring
from saleor_picqer.picqer import transport
from tests.integration.support import database
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import LINE, create_shop, saleor_version
from tests.integration.support.shop import Shop
from tests.integration.support.snapshots import ShopSnapshots, ShopState
from tests.integration.support.staff_api import StaffApi
from tests.integration.support.worker import Worker, replace_broker

SNAPSHOTS = pytest.StashKey[ShopSnapshots]()
# What a test begins with, by its fixtures.
STATES = {
    "shop": ShopState.SHOP,
    "connected_shop": ShopState.CONNECTED,
    "stocked_shop": ShopState.STOCKED,
}


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "delivery":
            item.add_marker(pytest.mark.delivery)
    items.sort(key=lambda item: stage_of(fixtures_of(item)) or len(ShopState))


def fixtures_of(item: pytest.Item) -> list[str]:
    """Return the names of the test's fixtures, directly or not."""
    return item.fixturenames if isinstance(item, pytest.Function) else []


def stage_of(fixtures: Collection[str]) -> ShopState:
    """Return the state that a test with these fixtures begins with."""
    if "transactional_db" in fixtures:
        return ShopState.EMPTY
    return max(
        (stage for name, stage in STATES.items() if name in fixtures), default=ShopState.EMPTY
    )


def pytest_report_header() -> str:
    return f"saleor: {saleor_version()}"


@pytest.fixture(scope="session")
def host_line() -> str:
    """Return the installed line of Saleor, "2.10" or "3.23"."""
    return LINE


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """Hold the plugin's Celery tasks until the test runs them."""
    with replace_broker(Worker(), monkeypatch) as worker:
        yield worker


@pytest.fixture(autouse=True)
def _clean_process(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear caches and media files of the previous test."""
    cache.clear()
    # The plugin leaves a cache that has failed alone for half a minute.
    monkeypatch.setattr(wiring.cache, "_failed_at", None)
    Site.objects.clear_cache()
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture(scope="session")
def snapshots(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[ShopSnapshots]:
    """Keep the prepared shop outside the tests' transactions."""
    with SimulatorServer(api_key="key-of-the-test") as server:
        snapshots = ShopSnapshots(create_shop, server, django_db_blocker.unblock)
        request.config.stash[SNAPSHOTS] = snapshots
        yield snapshots
        snapshots.change(ShopState.EMPTY)


@pytest.fixture(autouse=True)
def _stage(request: pytest.FixtureRequest) -> None:
    """Prepare the shop for the test's fixtures, before the test's transaction begins."""
    if stage := stage_of(request.fixturenames):
        request.getfixturevalue("snapshots").change(stage)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remove the prepared shop before a test with real transactions, ahead of all fixtures."""
    if "transactional_db" in fixtures_of(item) and SNAPSHOTS in item.config.stash:
        item.config.stash[SNAPSHOTS].change(ShopState.EMPTY)


@pytest.fixture
def shop(request: pytest.FixtureRequest, db: None) -> Shop:
    """Return a shop without products."""
    if stage_of(request.fixturenames):
        return request.getfixturevalue("snapshots").shop
    return create_shop()


@pytest.fixture
def three_products(shop: Shop) -> None:
    """Add BEANS, MUG and TEA, ten of each in the shop's own warehouse."""
    for sku in ("BEANS", "MUG", "TEA"):
        shop.product(sku, stock=10)


@pytest.fixture
def connected_shop(snapshots: ShopSnapshots, db: None, worker: Worker) -> ConnectedShop:
    """Return the shop with the plugin active, and a Picqer account with a warehouse."""
    return snapshots.put_back(worker)


@pytest.fixture
def stocked_shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return the connected shop with ten BEANS and ten TEA for sale, both known to Picqer."""
    return connected_shop


@pytest.fixture
def staff(stocked_shop: ConnectedShop) -> StaffApi:
    """Return the plugin's API as used by a staff member who may manage orders and nothing else."""
    return StaffApi(stocked_shop.shop.staff_api("manage_orders", email="operator@example.com"))


@pytest.fixture
def customer_api() -> Api:
    """Return Saleor's API as used by a customer without an account."""
    return Api()


@pytest.fixture
def app_api(shop: Shop) -> Api:
    """Return Saleor's API as used by an app that may manage orders and plugins."""
    return shop.app_api("manage_orders", "manage_plugins")


@pytest.fixture
def saleor_url(transactional_db: None, live_server: Any, settings: Any) -> str:
    """Serve Saleor over real HTTP and return its address; the test's transactions are real."""
    settings.PUBLIC_URL = live_server.url
    Site.objects.update(domain=live_server.url.removeprefix("http://"))
    Site.objects.clear_cache()
    return str(live_server.url)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat requests to Picqer without waiting."""
    monkeypatch.setattr(transport, "sleep", lambda seconds: None)


@pytest.fixture
def no_broker(settings: Any) -> Iterator[None]:
    """Run Celery tasks inside the request, as Saleor does when no broker is set."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    app.conf.task_always_eager = True
    assert tasks.runs_inside_request(tasks.push_order)
    yield
    app.conf.task_always_eager = False
