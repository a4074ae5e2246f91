"""Initial states of the shop, prepared once and restored for each test.

Each state lies in a transaction inside the transaction of the state before, and around those of the
tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Final

import pytest
from django.db import transaction
from picqer_simulator import SimulatorServer
from picqer_simulator.core import state
from picqer_simulator.core.clock import Clock

from saleor_picqer import wiring
from saleor_picqer.hosts import host
from tests.integration.support.checkouts import Checkout
from tests.integration.support.connected_shop import ConnectedShop, until_idle
from tests.integration.support.shop import Shop
from tests.integration.support.webhooks import WebhookQueue
from tests.integration.support.worker import Worker, replace_broker

SKUS: Final = ("BEANS", "TEA")
VAT_GROUPS: Final = ({"name": "High", "percentage": 21}, {"name": "Low", "percentage": 9})
CARTS: Final = 5 * ({"BEANS": 1},) + ({"BEANS": 2}, {"BEANS": 1, "TEA": 1})


class ShopState(IntEnum):
    """How much of the shop is prepared; each state includes the state before."""

    EMPTY = 0
    # A shop without goods, and an empty account at Picqer.
    SHOP = 1
    # The plugin is on; the account has a warehouse and VAT groups.
    CONNECTED = 2
    # BEANS and TEA can be bought, ten of each; Picqer knows them. Some carts are filled.
    STOCKED = 3


class ShopSnapshots:
    """Prepares states when the first test needs them, one inside the other."""

    def __init__(
        self,
        create_shop: Callable[[], Shop],
        server: SimulatorServer,
        database: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Take a function that gives access to the database outside of tests."""
        self._create_shop = create_shop
        self._database = database
        self._server = server
        self._made = [_Made(ExitStack(), state.dump(server.account.state))]
        self.shop: Shop

    def change(self, stage: ShopState) -> None:
        """Prepare missing states or remove surplus states, outside the test's transaction."""
        with self._database():
            while len(self._made) - 1 > stage:
                self._made.pop().transaction.close()
            while len(self._made) - 1 < stage:
                self._make(ShopState(len(self._made)))
        if stage:
            self.shop.carts = [copy(cart) for cart in self._made[-1].carts]

    def put_back(self, worker: Worker) -> ConnectedShop:
        """Restore the Picqer account and return the connected shop with an empty webhook queue.

        The test's own transaction restores the database.
        """
        runtime = self._server.runtime
        runtime.reset()
        runtime.api_key = self._server.api_key
        runtime.account.restore(state.parse(self._made[-1].account))
        runtime.account.clock = Clock(runtime.account.options.time_zone)
        if len(self._made) - 1 == ShopState.STOCKED:
            _remember_vat_groups(self.shop.channel_pk)
        runtime.log.clear()
        webhooks = WebhookQueue()
        self._server.account.on_delivery = webhooks.take
        return ConnectedShop(
            self.shop, self._server, worker, webhooks, until_idle(worker, webhooks)
        )

    def _make(self, stage: ShopState) -> None:
        with (
            ExitStack() as stack,
            pytest.MonkeyPatch.context() as patch,
            replace_broker(Worker(), patch) as worker,
        ):
            stack.enter_context(_rolled_back())
            if stage == ShopState.SHOP:
                self.shop = self._create_shop()
            elif stage == ShopState.CONNECTED:
                _connect(self.put_back(worker))
            else:
                _furnish(self.put_back(worker))
            account = state.dump(self._server.account.state)
            carts = CARTS if stage == ShopState.STOCKED else ()
            filled = [self.shop.begin(lines).deliver() for lines in carts]
            self._made.append(_Made(stack.pop_all(), account, filled))


@dataclass(frozen=True)
class _Made:
    """A prepared state: its transaction, the Picqer account's data, and the filled carts."""

    transaction: ExitStack
    account: bytes
    carts: Sequence[Checkout] = ()


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _connect(connected_shop: ConnectedShop) -> None:
    connected_shop.control("POST", "/seed", warehouses=[{"name": "Main"}], vatgroups=VAT_GROUPS)
    connected_shop.connect()
    connected_shop.run_until_idle()


def _furnish(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(**dict.fromkeys(SKUS, 10))


def _remember_vat_groups(channel: str) -> None:
    """Cache the VAT groups as after a full sync; the cache is cleared for each test."""
    with host().access.allow_db():
        wiring.context_for_channel(channel).picqer.reference.vat_group(Decimal(21))
