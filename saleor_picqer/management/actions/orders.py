"""`manage.py picqer push`, `retry` and `skip`: what staff can do about orders."""

from __future__ import annotations

from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.core.management.base import CommandError

from saleor_picqer import order_actions, tasks, wiring
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS, RefusalReason
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Action
from saleor_picqer.models import OutboxOrder


class OrderAction(Action):
    """Done with each order that it can be done with; the others are named, with the reason.

    The workers do the rest of it, unless there are none or `--now` is given.
    """

    queued: ClassVar[str] = "queued"
    """What is said of an order that is left to the workers."""

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="+", metavar="NUMBER", help="as the shop knows it")
        _add_now(parser)

    @abstractmethod
    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult: ...

    def run(self, options: Mapping[str, Any]) -> None:
        self.act_on(options["numbers"], now=options["now"])

    def act_on(self, numbers: Sequence[str], *, now: bool) -> None:
        found = host().orders.find(numbers)
        unknown = {n: REFUSAL_TEXTS[RefusalReason.NOT_FOUND] for n in numbers if n not in found}
        self.act_on_found({pk: number for number, pk in found.items()}, unknown, now=now)

    def act_on_found(
        self, numbers: Mapping[str, str], problems: Mapping[str, str], *, now: bool
    ) -> None:
        """`numbers` by primary key; `problems` by number, and more may come."""
        answer = self.act(list(numbers))
        refused = {numbers[pk]: REFUSAL_TEXTS[refusal] for pk, refusal in answer.refused.items()}
        for number, problem in (*problems.items(), *refused.items()):
            self.stderr.write(f"{number}: {problem}")
        here = now or tasks.runs_inside_request(tasks.push_order)
        act = self._work if here else self._enqueue
        failed = [numbers[pk] for pk in answer.done if not act(pk, numbers[pk])]
        if not_done := [*problems, *refused, *failed]:
            raise CommandError(f"Not done: {', '.join(not_done)}.")

    def _enqueue(self, order_pk: str, number: str) -> bool:
        order_actions.start([order_pk])
        self.stdout.write(f"{number}: {self.queued}")
        return True

    def _work(self, order_pk: str, number: str) -> bool:
        """True unless something has stopped the order."""
        tasks.push_order(order_pk)
        row = OutboxOrder.objects.get(order_pk=order_pk)
        untried = REFUSAL_TEXTS[RefusalReason.BUSY] if row.leased else "not tried: see the log"
        problem = row.last_error or (untried if row.dirty else "")
        about = problem or row.waiting_for
        line = f"{number}: {row.stage}{f', {about}' if about else ''}"
        (self.stderr if problem else self.stdout).write(line)
        return not problem


def _add_now(parser: ArgumentParser) -> None:
    parser.add_argument("--now", action="store_true", help="in this process, not by the workers")


class Push(OrderAction):
    name = "push"
    help = "send orders whatever the rules say, and again if they were sent before"

    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.push(order_pks)


class Retry(OrderAction):
    name = "retry"
    help = "try failed orders, and those that wait for another attempt, at once"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("numbers", nargs="*", default=[], metavar="NUMBER")
        which.add_argument("--channel", help="slug: all of its orders")
        which.add_argument("--all", action="store_true", help="those of all channels")
        _add_now(parser)

    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.retry(order_pks)

    def run(self, options: Mapping[str, Any]) -> None:
        if options["numbers"]:
            self.act_on(options["numbers"], now=options["now"])
            return
        channels = wiring.active_channels() if options["all"] else [options["channel"]]
        pks = order_actions.to_retry(channels)
        numbers = host().orders.numbers(pks)
        self.act_on_found({pk: numbers.get(pk, pk) for pk in pks}, {}, now=options["now"])
        self.stdout.write(f"{len(pks)} orders")


class Skip(OrderAction):
    name = "skip"
    help = "never send orders that are not in Picqer yet"
    queued = "skipped"

    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.skip(order_pks)
