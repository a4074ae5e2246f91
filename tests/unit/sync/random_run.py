"""A random run: customers, staff of shop and warehouse, workers and faults in any sequence.

A worker stops before each call until the run resumes it, so any step can come between two calls.

The run leaves out what the plugin does not promise to survive:

- A worker is frozen exactly between the renewal of its lease and a request that must not be
  repeated (see docs/decisions).
- Staff enter an order by hand while a worker is sending that order.
- The warehouse ships an order while a worker, having read that no line is picked, cancels the
  order by force.
- Staff cancel in Picqer an order that was entered by hand.
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
from tests.unit.sync.fakes import faults
from tests.unit.sync.fakes.account import Event
from tests.unit.sync.fakes.faults import Fault, Interceptor
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.fakes.shop import OPEN
from tests.unit.sync.fakes.worker import Job, Worker
from tests.unit.sync.invariants import Invariants
from tests.unit.sync.scenario import Scenario

MAX_ORDERS: Final = 3
MAX_WORKERS: Final = 4
KILLED: Final = (faults.killed_before, faults.killed_after)
LATE: Final = (faults.carried_out_after, faults.killed_while)
SILENT: Final = (
    faults.not_sent,
    faults.lost_before,
    faults.lost_after,
    faults.rate_limited,
)
REFUSED: Final = faults.refused(refusal(AddressError, 9))
UNREPEATABLE: Final = ("picqer.orders.create", "picqer.lines.add")


@dataclass
class Assignment:
    """A worker and its work: an order to push, or an event to handle."""

    worker: Worker
    order_pk: str = ""
    event: Event | None = None


# Steps of a run, each with a seed for the random choices within the step.
type Steps = list[tuple[Callable[[RandomRun], None], int]]


def choose_steps(seed: int, count: int) -> Steps:
    """Choose the steps of a run."""
    random = Random(seed)  # noqa: S311 - no secret
    chosen = random.choices([*STEPS], [*STEPS.values()], k=count)
    return [(step, random.getrandbits(32)) for step in chosen]


def run(seed: int, steps: Steps) -> str:
    """Carry out a run; return a report of the failure, empty after success."""
    random_run = RandomRun(seed)
    try:
        random_run.carry_out(steps)
        random_run.come_to_rest()
        random_run.invariants.check_when_idle()
    except AssertionError as error:
        return random_run.report(error)
    finally:
        random_run.end()
    return ""


def shrink(seed: int, steps: Steps) -> Steps:
    """Leave out the steps without which the run fails all the same."""
    for i in reversed(range(len(steps))):
        fewer = steps[:i] + steps[i + 1 :]
        if run(seed, fewer):
            steps = fewer
    return steps


class RandomRun:
    """One run. `log` describes the steps so far."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)  # noqa: S311 - no secret
        self.log: list[str] = []
        self.scenario = Scenario(
            push_when=random.choice(["placed", "confirmed", "paid"]),
            process_when=random.choice(["at once", "when paid"]),
            cancel_in_picqer=random.choice(["never", "concept", "unpicked"]),
            cancel_in_saleor=random.choice([True, False]),
        )
        self.scenario.picqer.header_is_locked = random.choice([True, False])
        self.invariants = Invariants(self.scenario, self.scenario.context().settings.orders)
        self.assignments: list[Assignment] = []

    def carry_out(self, steps: Steps) -> None:
        """Carry out steps, and check after each one what must always hold."""
        for step, seed in steps:
            self.random = Random(seed)  # noqa: S311 - no secret
            self._log(step.__name__)
            step(self)
            self._collect_ended()
            self.invariants.check_always()

    # --- customers and staff of the shop

    def place(self) -> None:
        if len(self.scenario.shop.placed) < MAX_ORDERS:
            pk = str(len(self.scenario.shop.placed) + 1)
            state = self.random.choice([OrderState.OPEN, OrderState.UNCONFIRMED])
            paid = self.random.choice([True, False])
            order = build_order(*self._lines(), pk=pk, number=pk, state=state, paid=paid)
            self.scenario.place(order)

    def pay(self) -> None:
        self._change(paid=True)

    def confirm(self) -> None:
        self._change(state=OrderState.OPEN)

    def change_address(self) -> None:
        self._change(shipping=address(city=self.random.choice(["Utrecht", "Gent"])))

    def change_lines(self) -> None:
        """Change the lines of an order which is not confirmed: Saleor allows no other."""
        for order in self._some_order():
            remote = self.invariants.remote(order)
            started = any(each.picked or each.status in STARTED for each in remote)
            if order.state is OrderState.UNCONFIRMED and not started:
                if self.invariants.live(order) or self._is_busy(order.pk):
                    self.invariants.edited.add(order.pk)
                self.scenario.shop.change(order.pk, lines=self._lines())

    def cancel_in_shop(self) -> None:
        for order in self._some_order():
            self.scenario.shop.cancel(order.pk)

    def push_again(self) -> None:
        """Have an order sent, whether the order is in Picqer or not."""
        for order in self._some_order():
            self.scenario.outbox.push([order.pk], "default")

    def skip(self) -> None:
        for order in self._some_order():
            self.scenario.outbox.skip([order.pk])

    def _change(self, **changes: Any) -> None:
        for order in self._some_order():
            self.scenario.shop.change(order.pk, **changes)

    def _some_order(self) -> list[Order]:
        """Choose an open order, if any."""
        found = [order for order in self.scenario.shop.placed.values() if order.state in OPEN]
        return self._choose(found)

    def _lines(self) -> tuple[OrderLine, ...]:
        skus = self.random.sample(["MUG", "CUP", "POT"], self.random.randint(1, 3))
        return tuple(line(sku, self.random.randint(1, 3)) for sku in skus)

    # --- staff of the warehouse

    def work_in_warehouse(self) -> None:
        account = self.scenario.account
        actions = (account.process, account.pause, account.resume, account.cancel, account.pick)
        for order in self._choose([*account.orders.values()]):
            action = self.random.choice(actions)
            if action != account.cancel or order.id not in self.invariants.manual:
                self._log(f"  {action.__name__} {order.number}")
                action(order)

    def ship(self) -> None:
        cancelling = any(each.worker.at == "picqer.orders.cancel" for each in self.assignments)
        for order in self._choose([] if cancelling else [*self.scenario.account.orders.values()]):
            self.scenario.account.ship(order, self.random.choice([1, None]))

    def enter_by_hand(self) -> None:
        """Enter an order in Picqer after it has been missing for a while."""
        for order in self._some_order():
            is_old = self.scenario.row(order.pk).created_at <= self.scenario.clock.now - FRESH
            if is_old and not self._is_busy(order.pk) and not self.invariants.live(order):
                amounts = {line.sku: line.quantity for line in order.lines}
                remote = self.scenario.account.enter_by_hand(order.number, **amounts)
                self.invariants.manual.add(remote.id)

    # --- workers

    def start_push(self) -> None:
        for pk in self._choose(self.scenario.outbox.due() if self._has_room() else []):
            self._assign(partial(self._push, pk), order_pk=pk)

    def handle_event(self) -> None:
        """Handle any of the events; some events arrive more than once."""
        for event in self._choose(self.scenario.account.events if self._has_room() else []):
            if self.random.random() < 0.8:
                self.scenario.account.events.remove(event)
            self._assign(partial(self._pull, event), event=event)

    def _push(self, pk: str, interceptor: Interceptor) -> Outcome:
        return push.push(self.scenario.context(interceptor), pk)

    def _pull(self, event: Event, interceptor: Interceptor) -> bool:
        return follow.pull(self.scenario.context(interceptor), event.idorder, event.reference)

    def resume_worker(self) -> None:
        for each in self._choose(self.assignments):
            for _ in range(self.random.randint(1, 25)):
                if each.worker.at:
                    each.worker.resume()

    def have_fault(self) -> None:
        for each in self._choose(self.assignments):
            possible: tuple[Fault, ...] = KILLED
            if each.worker.at.startswith("picqer."):
                possible += SILENT if each.event else (*SILENT, REFUSED)
                delay = UNSURE * self.random.random()
                possible += tuple(late(self.scenario.clock, delay) for late in LATE)
            fault = self.random.choice(possible)
            self._log(f"  {each.worker.at}: {getattr(fault, '__name__', 'refused')}")
            each.worker.resume(fault)

    def wait(self) -> None:
        for each in self.assignments:
            while each.worker.at in UNREPEATABLE:
                each.worker.resume()
        self.scenario.clock.advance(timedelta(minutes=self.random.choice([1, 1, 11, 70])))

    def _assign(self, job: Job, **work: Any) -> None:
        worker = Worker(job, in_transaction=lambda: self.scenario.links.fulfilments.inside)
        self.assignments.append(Assignment(worker, **work))

    def _is_busy(self, order_pk: str) -> bool:
        """Tell whether a worker has the order, or a request for it may be under way."""
        until = self.scenario.row(order_pk).leased_until
        is_assigned = any(each.order_pk == order_pk for each in self.assignments)
        return is_assigned or (until is not None and until > self.scenario.clock.now)

    def _has_room(self) -> bool:
        return len(self.assignments) < MAX_WORKERS

    def _collect_ended(self) -> None:
        """Check the results of workers that have ended; events of failed workers come again."""
        ended = [each for each in self.assignments if not each.worker.at]
        self.assignments = [each for each in self.assignments if each.worker.at]
        for each in ended:
            if each.worker.error and each.event:
                self.scenario.account.events.append(each.event)
            if each.worker.error and not each.worker.was_killed:
                self._check_error(each)

    def _check_error(self, ended: Assignment) -> None:
        # No error escapes a push, and only errors that a retry helps against escape an event.
        error = ended.worker.error
        assert ended.event, error
        assert isinstance(error, IntegrationError), error
        assert error.remedy is Remedy.RETRY, error

    # --- the end

    def come_to_rest(self) -> None:
        """Let all workers finish and time pass, and have failed orders retried."""
        for each in self.assignments:
            each.worker.finish()
        self._collect_ended()
        self._let_time_pass()
        for pk, row in [*self.scenario.outbox.rows.items()]:
            if row.stage is Stage.FAILED:
                self.scenario.outbox.retry([pk])
        self._let_time_pass()

    def end(self) -> None:
        """End the threads of all workers."""
        for each in self.assignments:
            each.worker.kill()

    def _let_time_pass(self) -> None:
        for _ in range(4):
            self.scenario.advance(timedelta(hours=1))

    # --- helpers

    def _choose[T](self, things: list[T]) -> list[T]:
        """Choose a thing at random; the list is empty when there is none."""
        return [self.random.choice(things)] if things else []

    def _log(self, text: str) -> None:
        at = ", ".join(
            f"{each.order_pk or each.event}: {each.worker.at}" for each in self.assignments
        )
        self.log.append(f"{text}  [{at}]" if at else text)

    def report(self, error: AssertionError) -> str:
        """Return the failure, the steps, and what both sides have of each order."""
        rows = [str(row) for row in self.scenario.outbox.rows.values()]
        remote = [str(order) for order in self.scenario.account.orders.values()]
        shop = [str(order.state) for order in self.scenario.shop.placed.values()]
        return "\n".join([str(error), *self.log, *rows, *remote, *shop])


# Each step with its relative frequency.
STEPS: Final[dict[Callable[[RandomRun], None], int]] = {
    RandomRun.place: 4,
    RandomRun.pay: 2,
    RandomRun.confirm: 2,
    RandomRun.change_address: 2,
    RandomRun.change_lines: 2,
    RandomRun.cancel_in_shop: 1,
    RandomRun.push_again: 1,
    RandomRun.skip: 1,
    RandomRun.work_in_warehouse: 4,
    RandomRun.ship: 2,
    RandomRun.enter_by_hand: 1,
    RandomRun.start_push: 10,
    RandomRun.handle_event: 8,
    RandomRun.resume_worker: 16,
    RandomRun.have_fault: 6,
    RandomRun.wait: 6,
}
