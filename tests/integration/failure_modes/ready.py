"""A shop that sells and is connected: made once for all tests, put back before each of them.

Each test begins with a shop where a few customers have filled and paid their carts, so that placing
an order is one request to Saleor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from saleor_picqer import wiring
from saleor_picqer.hosts import host
from saleor_picqer.simulator import state
from saleor_picqer.simulator.clock import Clock
from saleor_picqer.simulator.server import SimulatorServer
from tests.integration.checkouts import Checkout
from tests.integration.connected import Connected, settling
from tests.integration.shop import Shop
from tests.integration.webhooks import Postman
from tests.integration.worker import Worker

SKUS: Final = ("BEANS", "TEA")
VAT_GROUPS: Final = ({"name": "High", "percentage": 21}, {"name": "Low", "percentage": 9})

type Content = frozenset[tuple[str, int]]

CARTS: Final = 5 * ({"BEANS": 1},) + ({"BEANS": 2}, {"BEANS": 1, "TEA": 1})


@dataclass
class Stocked(Connected):
    """BEANS and TEA can be bought, ten of each; Picqer knows them."""

    carts: dict[Content, list[Checkout]] = field(default_factory=dict)

    def place(self, **lines: int) -> str:
        """A customer orders; `lines` is quantity by SKU. The order's pk."""
        waiting = self.carts.get(_content(lines))
        return waiting.pop().complete() if waiting else self.shop.checkout(lines)

    def order(self, **lines: int) -> str:
        """A customer orders and Picqer gets it; `lines` is quantity by SKU. The order's pk."""
        pk = self.place(**lines)
        self.settle()
        return pk


class Ready:
    """The shop, and what its Picqer account was like when it was ready."""

    def __init__(self, shop: Shop, server: SimulatorServer, worker: Worker) -> None:
        self._shop = shop
        self._server = server
        self._carts: list[tuple[Content, Checkout]] = []
        stocked = self.stocked(worker)
        furnish(stocked)
        self._state = state.dump(server.simulator.state)
        self._knobs = server.simulator.knobs
        self._carts = [(_content(lines), shop.begin(lines).deliver().pay()) for lines in CARTS]

    def stocked(self, worker: Worker) -> Stocked:
        """With a postman of its own, so that nothing is left from the test before."""
        postman = Postman()
        self._server.simulator.post = postman.take
        settle = settling(worker, postman)
        carts: dict[Content, list[Checkout]] = {}
        for content, cart in self._carts:
            carts.setdefault(content, []).append(cart)
        return Stocked(self._shop, self._server, worker, postman, settle, carts)

    def put_back(self, worker: Worker) -> Stocked:
        """The account as it was; the database is put back by the test's own transaction."""
        backstage = self._server.backstage
        backstage.reset()
        backstage.simulator.restore(state.parse(self._state))
        backstage.simulator.knobs = self._knobs
        backstage.simulator.clock = Clock(self._knobs.time_zone)
        _remember_vat_groups(self._shop.channel_slug)
        backstage.log.clear()
        return self.stocked(worker)


def _content(lines: Mapping[str, int]) -> Content:
    return frozenset(lines.items())


def furnish(connected: Connected) -> None:
    """The goods are listed in the shop, and lie in Picqer's warehouse."""
    for sku in SKUS:
        connected.shop.product(sku)
    connected.picqer("POST", "/seed", warehouses=[{"name": "Main"}], vatgroups=VAT_GROUPS)
    connected.connect()
    connected.full_sync()
    for sku in SKUS:
        connected.stock(sku, 10)
    connected.settle()


def _remember_vat_groups(channel: str) -> None:
    """As they are after a full sync, but for the cache that each test finds empty."""
    with host().allow_db():
        wiring.context_for(channel).picqer.vat_group(Decimal(21))
