"""A shop, a Picqer account and the plugin between them, all in memory."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from saleor_picqer.config import parse_settings
from saleor_picqer.domain.events import OrderEvent, ShipmentHint
from saleor_picqer.domain.orders import Order, OrderLine, OrderState
from saleor_picqer.domain.outbox import LEASE
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.sync import inbound
from saleor_picqer.sync.orders import follow, push
from saleor_picqer.sync.orders.push import Outcome
from saleor_picqer.sync.ports import Context
from tests.unit.domain.builders import order as build_order
from tests.unit.sync.fakes.account import Account, Event, StoredOrder
from tests.unit.sync.fakes.catalogue import MemoryCatalogue
from tests.unit.sync.fakes.clock import Clock
from tests.unit.sync.fakes.faults import (
    InterceptedPort,
    Interceptor,
    PlannedFaults,
    WorkerKilled,
)
from tests.unit.sync.fakes.links import MemoryLinks
from tests.unit.sync.fakes.outbox import MemoryOutbox, Row
from tests.unit.sync.fakes.payments import MemoryCaptures
from tests.unit.sync.fakes.picqer import FREE, TOPICS, FakePicqer
from tests.unit.sync.fakes.shop import SHOP_TOPICS, FakeShop
from tests.unit.sync.fakes.stock import MemoryReadings, MemoryReservations

ACCOUNT: Final = "example.picqer.test"
_REQUIRED: Final = {
    "endpoint": f"https://{ACCOUNT}",
    "api_key": "key",
    "storefront": "shop.test",
    "contact_email": "ops@shop.test",
    # Orders of a test are unpaid unless it pays them.
    "process_when": "placed",
}
_MOMENT: Final = timedelta(seconds=1)


class Scenario:
    """All parties of a test. `settings` are the plugin's settings that differ from the defaults."""

    def __init__(self, **settings: Any) -> None:
        self.clock = Clock()
        self.account = Account()
        self.picqer = FakePicqer(self.account)
        self.outbox = MemoryOutbox(self.clock)
        self.links = MemoryLinks(self.clock)
        self.readings = MemoryReadings(self.clock)
        self.reservations = MemoryReservations(self.clock, self.readings)
        self.captures = MemoryCaptures(self.clock)
        self.catalogue = MemoryCatalogue()
        self.shop = FakeShop(lambda pk: self.outbox.touch([pk]))
        self.faults = PlannedFaults()
        self.since: datetime | None = None
        self.account_name = ACCOUNT
        self._settings: dict[str, Any] = {}
        self.change_settings(**settings)

    # --- the plugin

    def change_settings(self, **settings: Any) -> None:
        """Change settings of the plugin."""
        self._settings |= settings

    def context(self, interceptor: Interceptor | None = None) -> Context:
        """Build the context of a worker; without an interceptor the planned faults apply."""
        through = interceptor or self.faults
        picqer: Any = InterceptedPort(self.picqer, through, "picqer", topics=TOPICS, free=FREE)
        outbox: Any = InterceptedPort(self.outbox, through, "outbox")
        shop: Any = InterceptedPort(self.shop, through, "shop", topics=SHOP_TOPICS)
        return Context(
            settings=parse_settings("default", _REQUIRED | self._settings),
            shop=shop,
            picqer=picqer,
            outbox=outbox,
            readings=self.readings,
            reservations=self.reservations,
            links=self.links,
            captures=self.captures,
            catalogue=self.catalogue,
            account=self.account_name,
            since=self.since,
        )

    def push(self, pk: str = "1") -> Outcome | None:
        """Make one attempt at an order; None when the worker was killed."""
        try:
            return push.push(self.context(), pk)
        except WorkerKilled:
            return None

    def pull(self, remote: StoredOrder) -> bool | None:
        """Handle a webhook about an order in Picqer; None when the worker was killed."""
        try:
            return follow.pull(self.context(), OrderEvent(remote.id, remote.reference))
        except WorkerKilled:
            return None

    def run_until_idle(self) -> None:
        """Handle webhooks and push orders until no event is left and no order is due."""
        while self.account.events or self.outbox.due():
            for event in self._take_events():
                self.handle(event)
            for pk in self.outbox.due():
                self.push(pk)

    def advance(self, duration: timedelta = 2 * LEASE) -> None:
        """Let time pass, then do all work that is due."""
        self.clock.advance(duration)
        self.run_until_idle()

    def handle(self, event: Event, interceptor: Interceptor | None = None) -> bool:
        """Handle a webhook as a worker does."""
        return inbound.handle(self.context(interceptor), _remote_event(event))

    def _take_events(self) -> list[Event]:
        events, self.account.events = self.account.events, []
        return events

    # --- customers and staff

    def place(self, order: Order | None = None, **changes: Any) -> str:
        """Place an order and record it, as Saleor's hook does; return the pk."""
        order = order or build_order(**changes)
        self.shop.placed[order.pk] = order
        self.outbox.record([order.pk], "default")
        self.clock.advance(_MOMENT)
        return order.pk

    def place_and_push(self, *args: Any, **changes: Any) -> StoredOrder:
        """Place an order and push it; return the order in Picqer."""
        pk = self.place(*args, **changes)
        self.run_until_idle()
        return self.remote(pk)

    def place_concept(self, *lines: OrderLine) -> StoredOrder:
        """Place and push an order without confirmation or payment: a concept in Picqer."""
        self.change_settings(process_when="paid")
        remote = self.place_and_push(build_order(*lines, state=OrderState.UNCONFIRMED))
        self.forget_requests()
        return remote

    def cancel(self, pk: str = "1") -> None:
        """Cancel the order in Saleor."""
        self.shop.change(pk, state=OrderState.CANCELLED)

    # --- results

    def row(self, pk: str = "1") -> Row:
        return self.outbox.rows[pk]

    def remote(self, pk: str = "1") -> StoredOrder:
        """Return the order in Picqer whose id the outbox has."""
        idorder = self.row(pk).remote_id
        assert idorder is not None, self.row(pk)
        return self.account.orders[idorder]

    def live(self, reference: str = "10042") -> list[StoredOrder]:
        """Return the orders in Picqer with a reference, without cancelled orders."""
        found = self.account.orders.values()
        matching = [order for order in found if order.reference == reference]
        return [order for order in matching if order.status is not RemoteStatus.CANCELLED]

    def order(self, pk: str = "1") -> Order:
        return self.shop.placed[pk]

    def notes(self, pk: str = "1") -> list[str]:
        return self.shop.notes[pk]

    @property
    def requests(self) -> list[str]:
        """The requests to Picqer so far, by `topic.method`."""
        calls = self.faults.calls
        return [call.removeprefix("picqer.") for call in calls if call.startswith("picqer.")]

    def forget_requests(self) -> None:
        """Empty the list of requests."""
        self.faults.calls.clear()


def _remote_event(event: Event) -> OrderEvent:
    if not event.idpicklist:
        return OrderEvent(event.idorder, event.reference)
    hint = ShipmentHint(event.idpicklist, event.idshipment, event.is_cancelled)
    return OrderEvent(event.idorder, event.reference, is_changed=False, hints=(hint,))
