"""A shop that sells and is connected: made once for a module, put back before each of its tests."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from saleor_picqer import wiring
from saleor_picqer.hosts import host
from saleor_picqer.simulator import state
from saleor_picqer.simulator.clock import Clock
from saleor_picqer.simulator.server import SimulatorServer
from tests.integration.connected import Connected
from tests.integration.shop import Shop
from tests.integration.webhooks import Postman
from tests.integration.worker import Worker

SKUS = ("BEANS", "TEA")


class Ready:
    """The shop, and what its Picqer account was like when it was ready."""

    def __init__(self, shop: Shop, server: SimulatorServer, worker: Worker) -> None:
        self._shop = shop
        self._server = server
        furnish(self.connected(worker))
        self._state = state.dump(server.simulator.state)
        self._knobs = server.simulator.knobs

    def connected(self, worker: Worker) -> Connected:
        """With a postman of its own, so that nothing is left from the test before."""
        postman = Postman()
        self._server.simulator.post = postman.take
        return Connected(self._shop, self._server, worker, postman, settling(worker, postman))

    def put_back(self, worker: Worker) -> Connected:
        """The account as it was; the database is put back by the test's own transaction."""
        backstage = self._server.backstage
        backstage.reset()
        backstage.simulator.restore(state.parse(self._state))
        backstage.simulator.knobs = self._knobs
        backstage.simulator.clock = Clock(self._knobs.time_zone)
        _remember_vat_groups(self._shop.channel_slug)
        self._server.backstage.log.clear()
        return self.connected(worker)


def settling(worker: Worker, postman: Postman) -> Callable[[], None]:
    """Lets our worker and Picqer's webhooks go on until nobody has anything to do."""

    def settle() -> None:
        while worker.queue or postman.pending:
            worker.run()
            postman.deliver()

    return settle


def furnish(connected: Connected) -> None:
    """BEANS and TEA can be bought, ten of each; Picqer has them in its warehouse."""
    for sku in SKUS:
        connected.shop.product(sku)
    connected.picqer("POST", "/seed", warehouses=[{"name": "Main"}], vatgroups=VAT_GROUPS)
    connected.connect()
    connected.full_sync()
    for sku in SKUS:
        connected.stock(sku, 10)
    connected.settle()


VAT_GROUPS = [{"name": "High", "percentage": 21}, {"name": "Low", "percentage": 9}]


def _remember_vat_groups(channel: str) -> None:
    """As they are after a full sync, but for the cache that each test finds empty."""
    with host().allow_db():
        wiring.context_for(channel).picqer.vat_group(Decimal(21))
