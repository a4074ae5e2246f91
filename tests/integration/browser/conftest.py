"""Fixtures of the tests in a browser: real HTTP, real transactions, one shop for the module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.test import override_settings
from picqer_simulator import SimulatorServer

from saleor_picqer.models import InboxEvent, OutboxOrder, ReconcileRun, SyncRun
from tests.integration.browser.dashboard_stand_in import StandIn, stand_in
from tests.integration.support.connected_shop import ConnectedShop, until_idle
from tests.integration.support.host import IS_SALEOR_3, create_shop
from tests.integration.support.webhooks import WebhookQueue
from tests.integration.support.worker import Worker, replace_broker

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.integration.browser.visitor import Visitor


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Return a running Chromium; skip the test where Chromium or selenium is missing."""
    pytest.importorskip("selenium")
    from simulator_support.chromium import chromium_or_skip

    with chromium_or_skip(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Use real transactions for a whole module."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def saleor(browser: Chrome, transactional_db: None, live_server: Any) -> Iterator[str]:
    """Serve Saleor over HTTP and return its address."""
    with override_settings(PUBLIC_URL=live_server.url), pytest.MonkeyPatch.context() as patch:
        if IS_SALEOR_3:
            # Saleor itself reads from the main database when it checks the token of an app's page,
            # which is an error in Saleor's test settings only.
            patch.setattr("saleor.core.db.connection.restrict_writer", _execute)
        Site.objects.update(domain=live_server.url.removeprefix("http://"))
        Site.objects.clear_cache()
        yield str(live_server.url)


def _execute(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
    """Allow every statement."""
    return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def module_shop(saleor: str) -> Iterator[ConnectedShop]:
    """Prepare a shop whose orders by Parcel go to Picqer."""
    with (
        SimulatorServer(api_key="key-of-the-test") as server,
        pytest.MonkeyPatch.context() as patch,
        replace_broker(Worker(), patch) as worker,
    ):
        webhooks = WebhookQueue()
        server.account.on_delivery = webhooks.take
        idle = until_idle(worker, webhooks)
        shop = ConnectedShop(create_shop(), server, worker, webhooks, idle)
        vat = [{"name": "High", "percentage": 21}]
        shop.control("POST", "/seed", warehouses=[{"name": "Main"}], vatgroups=vat)
        shop.connect()
        shop.run_until_idle()
        shop.offer(BEANS=50)
        yield shop


@pytest.fixture
def running_shop(module_shop: ConnectedShop, worker: Worker) -> ConnectedShop:
    """Return the shop of the module with the test's own worker."""
    module_shop.worker = worker
    module_shop.run_until_idle = until_idle(worker, module_shop.webhooks)
    return module_shop


@pytest.fixture
def no_history(running_shop: ConnectedShop) -> None:
    """Remove the orders, deliveries, runs and comparisons of earlier tests of the module."""
    for model in (OutboxOrder, InboxEvent, SyncRun, ReconcileRun):
        model.objects.all().delete()


@pytest.fixture(scope="module")
def dashboard() -> Iterator[StandIn]:
    """Run the stand-in for the dashboard."""
    with stand_in() as running:
        yield running


@pytest.fixture
def visitor(browser: Chrome, saleor: str, dashboard: StandIn) -> Iterator[Visitor]:
    """Return a person at the browser; the page on which a test ends must be accessible."""
    from tests.integration.browser.visitor import Visitor

    dashboard.requests.clear()
    visitor = Visitor(browser, saleor, dashboard)
    yield visitor
    try:
        for theme in ("light", "dark"):
            assert visitor.barriers(theme) == []
    finally:
        # A page that looks again would keep tables locked while the database is emptied.
        browser.get("about:blank")
