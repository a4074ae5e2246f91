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
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final

from saleor_picqer.domain.outbox import UNSURE, Stage
from saleor_picqer.errors import AddressError, IntegrationError, Remedy
from saleor_picqer.sync.orders import push
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.sync.fakes import faults
from tests.unit.sync.fakes.account import Event
from tests.unit.sync.fakes.faults import Fault, Interceptor
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.fakes.worker import Assignment, Job, Worker
from tests.unit.sync.random_people import People
from tests.unit.sync.scenario import Scenario

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


class RandomRun(People):
    """A random run with workers."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)  # noqa: S311 - no secret
        scenario = Scenario(
            push_when=random.choice(["placed", "confirmed", "paid"]),
            process_when=random.choice(["placed", "confirmed", "paid"]),
            cancel_in_picqer=random.choice(["never", "concept", "unpicked"]),
            cancel_in_saleor=random.choice([True, False]),
        )
        scenario.picqer.header_is_locked = random.choice([True, False])
        super().__init__(random, scenario)

    def carry_out(self, steps: Steps) -> None:
        """Carry out steps, and check after each one what must always hold."""
        for step, seed in steps:
            self.random = Random(seed)  # noqa: S311 - no secret
            self._log(step.__name__)
            step(self)
            self._collect_ended()
            self.invariants.check_always()

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
        return self.scenario.handle(event, interceptor)

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
