"""A shop, a Picqer account and the plugin between them, all in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from saleor_picqer.config import parse_settings
from saleor_picqer.domain.orders import Order, OrderLine, OrderState
from saleor_picqer.domain.outbox import LEASE
from saleor_picqer.sync.orders import follow, push
from saleor_picqer.sync.orders.push import Outcome
from saleor_picqer.sync.ports import Context
from tests.unit.domain.builders import order as build_order
from tests.unit.sync.fakes.accidents import Line, Plan, Watched, WorkerKilled
from tests.unit.sync.fakes.account import Account, StoredOrder
from tests.unit.sync.fakes.clock import Clock
from tests.unit.sync.fakes.links import MemoryLinks
from tests.unit.sync.fakes.outbox import MemoryOutbox, Row
from tests.unit.sync.fakes.picqer import FREE, TOPICS, FakePicqer
from tests.unit.sync.fakes.shop import SHOP_TOPICS, FakeShop

ACCOUNT: Final = "example.picqer.test"
_REQUIRED: Final = {
    "endpoint": f"https://{ACCOUNT}",
    "api_key": "key",
    "storefront": "shop.test",
    "contact_email": "ops@shop.test",
}
_MOMENT: Final = timedelta(seconds=1)


class World:
    """The plugin's settings are those of `settings`, by name, else the defaults."""

    def __init__(self, **settings: Any) -> None:
        self.clock = Clock()
        self.account = Account()
        self.picqer = FakePicqer(self.account)
        self.outbox = MemoryOutbox(self.clock)
        self.links = MemoryLinks()
        self.shop = FakeShop(lambda pk: self.outbox.touch([pk]))
        self.accidents = Plan()
        self.since: datetime | None = None
        self.name = ACCOUNT
        self._settings: dict[str, Any] = {}
        self.set(**settings)

    # --- the plugin

    def set(self, **settings: Any) -> None:
        """Changes settings."""
        self._settings |= settings

    def context(self, line: Line | None = None) -> Context:
        """What a worker gets whose calls go through the line."""
        line = line or self.accidents
        picqer: Any = Watched(self.picqer, _Named("picqer", line), topics=TOPICS, free=FREE)
        outbox: Any = Watched(self.outbox, _Named("outbox", line))
        shop: Any = Watched(self.shop, _Named("shop", line), topics=SHOP_TOPICS)
        unused: Any = None
        return Context(
            settings=parse_settings("default", _REQUIRED | self._settings),
            shop=shop,
            picqer=picqer,
            outbox=outbox,
            reservations=outbox,
            links=self.links,
            account=self.name,
            secrets=unused,
            since=self.since,
        )

    def push(self, pk: str = "1") -> Outcome | None:
        """One attempt; None where the worker was killed."""
        try:
            return push.push(self.context(), pk)
        except WorkerKilled:
            return None

    def follow(self, remote: StoredOrder) -> bool | None:
        """Picqer tells that something happened to that order; None where the worker was killed."""
        try:
            return follow.pull(self.context(), remote.id, remote.reference)
        except WorkerKilled:
            return None

    def settle(self) -> None:
        """Until nothing is due and nothing untold, as long as nothing has to be waited for."""
        while self.account.events or self.outbox.due():
            for event in self._told():
                follow.pull(self.context(), event.idorder, event.reference)
            for pk in self.outbox.due():
                self.push(pk)

    def later(self, duration: timedelta = 2 * LEASE) -> None:
        """Time passes, and whatever is due by then is done."""
        self.clock.pass_by(duration)
        self.settle()

    def _told(self) -> list[Any]:
        events, self.account.events = self.account.events, []
        return events

    # --- what people do

    def place(self, order: Order | None = None, **changes: Any) -> str:
        """A customer orders, and the hook takes note of it."""
        order = order or build_order(**changes)
        self.shop.placed[order.pk] = order
        self.outbox.record([order.pk], "default")
        self.clock.pass_by(_MOMENT)
        return order.pk

    def sent(self, *args: Any, **changes: Any) -> StoredOrder:
        """An order of the shop that is in Picqer by now."""
        pk = self.place(*args, **changes)
        self.settle()
        return self.remote(pk)

    def cancel(self, pk: str = "1") -> None:
        self.shop.change(pk, state=OrderState.CANCELLED)

    # --- what came of it

    def row(self, pk: str = "1") -> Row:
        return self.outbox.rows[pk]

    def remote(self, pk: str = "1") -> StoredOrder:
        """The order in Picqer that the outbox holds for this one."""
        idorder = self.row(pk).remote_id
        assert idorder is not None, self.row(pk)
        return self.account.orders[idorder]

    def live(self, reference: str = "10042") -> list[StoredOrder]:
        """Orders in Picqer with this reference that are not cancelled."""
        found = self.account.orders.values()
        return [o for o in found if o.reference == reference and o.status != "cancelled"]

    def order(self, pk: str = "1") -> Order:
        return self.shop.placed[pk]

    def notes(self, pk: str = "1") -> list[str]:
        return self.shop.notes[pk]

    @property
    def requests(self) -> list[str]:
        """All requests to Picqer, by the names of the port's methods."""
        calls = self.accidents.calls
        return [call.removeprefix("picqer.") for call in calls if call.startswith("picqer.")]

    def forget(self) -> None:
        """Counting begins anew."""
        self.accidents.calls.clear()


class _Named:
    """Calls go through as `port.method`."""

    def __init__(self, port: str, line: Line) -> None:
        self._port = port
        self._line = line

    def around(self, name: str, call: Any) -> Any:
        return self._line.around(f"{self._port}.{name}", call)


def edited(order: Order, **changes: Any) -> Order:
    return replace(order, **changes)


def concept(world: World, *lines: OrderLine) -> StoredOrder:
    """An order that can still be changed: nobody has confirmed or paid it."""
    world.set(process_when="when paid")
    unpaid = build_order(*lines, state=OrderState.UNCONFIRMED)
    remote = world.sent(unpaid)
    world.forget()
    return remote
