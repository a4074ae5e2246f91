"""A random story: customers, staff of the shop, staff of the warehouse and workers, none of whom
waits for another, and accidents.

A worker stands before its next call until it is told to go on, so that anything can happen between
any two calls. What the plugin does not promise to survive does not happen here: that a worker is
frozen exactly between the renewal of its lease and a request that must not be repeated (see
docs/decisions), that somebody types in an order that a worker is just sending, and that the
warehouse ships what a worker, having read that nothing is picked, is just cancelling by force, and
that somebody cancels in Picqer what somebody typed in there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final

from saleor_picqer.domain.orders import Order, OrderLine, OrderState
from saleor_picqer.domain.outbox import FRESH, UNSURE, Stage
from saleor_picqer.domain.remote_orders import STARTED
from saleor_picqer.errors import AddressError, IntegrationError, Remedy
from saleor_picqer.sync.orders import follow, push
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import address, line
from tests.unit.domain.builders import order as build_order
from tests.unit.sync.agreement import Agreement
from tests.unit.sync.fakes import accidents
from tests.unit.sync.fakes.accidents import Accident, Line
from tests.unit.sync.fakes.account import Event
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.fakes.shop import OPEN
from tests.unit.sync.fakes.worker import Job, Worker
from tests.unit.sync.world import World

ORDERS: Final = 3
WORKERS: Final = 4
KILLED: Final = (accidents.killed_before, accidents.killed_after)
LATE: Final = (accidents.carried_out_after, accidents.killed_while)
SILENT: Final = (
    accidents.not_sent,
    accidents.lost_before,
    accidents.lost_after,
    accidents.rate_limited,
)
REFUSED: Final = accidents.refused(refusal(AddressError, 9))
UNREPEATABLE: Final = ("picqer.orders.create", "picqer.lines.add")


@dataclass
class Employed:
    """A worker and what it works on: an order of the shop, or something that Picqer told."""

    worker: Worker
    order_pk: str = ""
    event: Event | None = None


type Plan = list[tuple[Callable[[Story], None], int]]
"""Deeds, each with a seed for what is random in it."""


def plan(seed: int, deeds: int) -> Plan:
    random = Random(seed)  # noqa: S311 - no secret
    chosen = random.choices([*DEEDS], [*DEEDS.values()], k=deeds)
    return [(deed, random.getrandbits(32)) for deed in chosen]


def tell(seed: int, deeds: Plan) -> str:
    """What went wrong and all that happened; empty where all went well."""
    story = Story(seed)
    try:
        story.unfold(deeds)
        story.come_to_rest()
        story.agreement.check()
    except AssertionError as error:
        return story.told(error)
    finally:
        story.end()
    return ""


def shortened(seed: int, deeds: Plan) -> Plan:
    """The deeds without which it does not go wrong."""
    for i in reversed(range(len(deeds))):
        fewer = deeds[:i] + deeds[i + 1 :]
        if tell(seed, fewer):
            deeds = fewer
    return deeds


class Story:
    """`log` is what happened, in words."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)  # noqa: S311 - no secret
        self.log: list[str] = []
        self.world = World(
            push_when=random.choice(["placed", "confirmed", "paid"]),
            process_when=random.choice(["at once", "when paid"]),
            cancel_in_picqer=random.choice(["never", "concept", "unpicked"]),
            cancel_in_saleor=random.choice([True, False]),
        )
        self.world.picqer.header_is_locked = random.choice([True, False])
        self.agreement = Agreement(self.world, self.world.context().settings.orders)
        self.employed: list[Employed] = []

    def unfold(self, deeds: Plan) -> None:
        for deed, seed in deeds:
            self.random = Random(seed)  # noqa: S311 - no secret
            self._tell(deed.__name__)
            deed(self)
            self._bury()
            self.agreement.check_always()

    # --- in the shop

    def place(self) -> None:
        if len(self.world.shop.placed) < ORDERS:
            pk = str(len(self.world.shop.placed) + 1)
            state = self.random.choice([OrderState.OPEN, OrderState.UNCONFIRMED])
            paid = self.random.choice([True, False])
            self.world.place(build_order(*self._lines(), pk=pk, number=pk, state=state, paid=paid))

    def pay(self) -> None:
        self._change(paid=True)

    def confirm(self) -> None:
        self._change(state=OrderState.OPEN)

    def move_house(self) -> None:
        self._change(shipping=address(city=self.random.choice(["Utrecht", "Gent"])))

    def change_lines(self) -> None:
        """Saleor allows it until the order is confirmed, and nobody does it after the picking."""
        for order in self._some_order():
            begun = any(one.picked or one.status in STARTED for one in self.agreement.remote(order))
            if order.state is OrderState.UNCONFIRMED and not begun:
                if self.agreement.live(order) or self._is_busy(order.pk):
                    self.agreement.edited.add(order.pk)
                self.world.shop.change(order.pk, lines=self._lines())

    def cancel_in_shop(self) -> None:
        for order in self._some_order():
            self.world.shop.cancel(order.pk)

    def push_again(self) -> None:
        """Staff want an order sent, whether it is in Picqer or not."""
        for order in self._some_order():
            self.world.outbox.push([order.pk], "default")

    def skip(self) -> None:
        for order in self._some_order():
            self.world.outbox.skip([order.pk])

    def _change(self, **changes: Any) -> None:
        for order in self._some_order():
            self.world.shop.change(order.pk, **changes)

    def _some_order(self) -> list[Order]:
        """One that nothing has ended, if there is one."""
        found = [order for order in self.world.shop.placed.values() if order.state in OPEN]
        return self._one_of(found)

    def _lines(self) -> tuple[OrderLine, ...]:
        skus = self.random.sample(["MUG", "CUP", "POT"], self.random.randint(1, 3))
        return tuple(line(sku, self.random.randint(1, 3)) for sku in skus)

    # --- in the warehouse

    def work_in_warehouse(self) -> None:
        account = self.world.account
        deeds = (account.process, account.pause, account.resume, account.cancel, account.pick)
        for order in self._one_of([*account.orders.values()]):
            deed = self.random.choice(deeds)
            if deed != account.cancel or order.id not in self.agreement.typed:
                self._tell(f"  {deed.__name__} {order.number}")
                deed(order)

    def ship(self) -> None:
        cancelling = any(one.worker.at == "picqer.orders.cancel" for one in self.employed)
        for order in self._one_of([] if cancelling else [*self.world.account.orders.values()]):
            self.world.account.ship(order, self.random.choice([1, None]))

    def type_in(self) -> None:
        """An order that has been missing for a while."""
        for order in self._some_order():
            old = self.world.row(order.pk).created_at <= self.world.clock.now - FRESH
            if old and not self._is_busy(order.pk) and not self.agreement.live(order):
                goods = {ln.sku: ln.quantity for ln in order.lines}
                self.agreement.typed.add(self.world.account.type_in(order.number, **goods).id)

    # --- workers

    def take_up(self) -> None:
        for pk in self._one_of(self.world.outbox.due() if self._has_room() else []):
            self._employ(partial(self._push, pk), order_pk=pk)

    def hear(self) -> None:
        """Of one event; not always the oldest, and not always for the last time."""
        for event in self._one_of(self.world.account.events if self._has_room() else []):
            if self.random.random() < 0.8:
                self.world.account.events.remove(event)
            self._employ(partial(self._follow, event), event=event)

    def _push(self, pk: str, line: Line) -> Outcome:
        return push.push(self.world.context(line), pk)

    def _follow(self, event: Event, line: Line) -> bool:
        return follow.pull(self.world.context(line), event.idorder, event.reference)

    def go_on(self) -> None:
        for one in self._one_of(self.employed):
            for _ in range(self.random.randint(1, 25)):
                if one.worker.at:
                    one.worker.go_on()

    def have_accident(self) -> None:
        for one in self._one_of(self.employed):
            possible: tuple[Accident, ...] = KILLED
            if one.worker.at.startswith("picqer."):
                possible += SILENT if one.event else (*SILENT, REFUSED)
                delay = UNSURE * self.random.random()
                possible += tuple(late(self.world.clock, delay) for late in LATE)
            accident = self.random.choice(possible)
            self._tell(f"  {one.worker.at}: {getattr(accident, '__name__', 'refused')}")
            one.worker.go_on(accident)

    def wait(self) -> None:
        for one in self.employed:
            while one.worker.at in UNREPEATABLE:
                one.worker.go_on()
        self.world.clock.pass_by(timedelta(minutes=self.random.choice([1, 1, 11, 70])))

    def _employ(self, job: Job, **work: Any) -> None:
        worker = Worker(job, unseen=lambda: self.world.links.fulfilments.inside)
        self.employed.append(Employed(worker, **work))

    def _is_busy(self, order_pk: str) -> bool:
        """A worker has it, or may have a request for it under way."""
        until = self.world.row(order_pk).leased_until
        at_work = any(one.order_pk == order_pk for one in self.employed)
        return at_work or (until is not None and until > self.world.clock.now)

    def _has_room(self) -> bool:
        return len(self.employed) < WORKERS

    def _bury(self) -> None:
        """Looks at how those have ended that have. What they could not do with an event waits."""
        ended = [one for one in self.employed if not one.worker.at]
        self.employed = [one for one in self.employed if one.worker.at]
        for one in ended:
            if one.worker.error and one.event:
                self.world.account.events.append(one.event)
            if one.worker.error and not one.worker.was_killed:
                self._check_error(one)

    def _check_error(self, one: Employed) -> None:
        """Nothing escapes a push, and from events only what helps to try again."""
        error = one.worker.error
        assert one.event, error
        assert isinstance(error, IntegrationError), error
        assert error.remedy is Remedy.RETRY, error

    # --- the end

    def come_to_rest(self) -> None:
        """Everybody ends what they are doing, time passes, and staff retry what has failed."""
        for one in self.employed:
            one.worker.finish()
        self._bury()
        self._let_time_pass()
        for pk, row in [*self.world.outbox.rows.items()]:
            if row.stage is Stage.FAILED:
                self.world.outbox.retry([pk])
        self._let_time_pass()

    def end(self) -> None:
        """Nobody is left waiting for a call."""
        for one in self.employed:
            one.worker.kill()

    def _let_time_pass(self) -> None:
        for _ in range(4):
            self.world.later(timedelta(hours=1))

    # --- parts

    def _one_of[T](self, things: list[T]) -> list[T]:
        return [self.random.choice(things)] if things else []

    def _tell(self, what: str) -> None:
        at = ", ".join(f"{one.order_pk or one.event}: {one.worker.at}" for one in self.employed)
        self.log.append(f"{what}  [{at}]" if at else what)

    def told(self, end: object) -> str:
        rows = [str(row) for row in self.world.outbox.rows.values()]
        remote = [str(order) for order in self.world.account.orders.values()]
        shop = [str(order.state) for order in self.world.shop.placed.values()]
        return "\n".join([str(end), *self.log, *rows, *remote, *shop])


DEEDS: Final[dict[Callable[[Story], None], int]] = {
    Story.place: 4,
    Story.pay: 2,
    Story.confirm: 2,
    Story.move_house: 2,
    Story.change_lines: 2,
    Story.cancel_in_shop: 1,
    Story.push_again: 1,
    Story.skip: 1,
    Story.work_in_warehouse: 4,
    Story.ship: 2,
    Story.type_in: 1,
    Story.take_up: 10,
    Story.hear: 8,
    Story.go_on: 16,
    Story.have_accident: 6,
    Story.wait: 6,
}
"""And how often each happens."""
