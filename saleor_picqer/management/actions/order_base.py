"""The base class of the subcommands that act on orders."""

from __future__ import annotations

from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.core.management.base import CommandError

from saleor_picqer import order_actions, tasks
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS, RefusalReason
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand
from saleor_picqer.store import orders


class OrderSubcommand(Subcommand):
    """A subcommand that acts on each order it can, and names the others with the reason.

    Celery's workers finish the work, unless the shop has none or `--now` is given.
    """

    # What is printed for an order that is left to the workers.
    queued: ClassVar[str] = "queued"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument(
            "numbers", nargs="+", metavar="NUMBER", help="number of the order in Saleor"
        )
        cls.add_now(parser)

    @staticmethod
    def add_now(parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="finish in this process, not in Celery's workers"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        self.act_on_numbers(options["numbers"], now=options["now"])

    @abstractmethod
    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        """Carry out the action in the outbox."""

    def act_on_numbers(self, numbers: Sequence[str], *, now: bool) -> None:
        """Act on the orders with these numbers."""
        found = host().orders.find(numbers)
        unknown = {n: REFUSAL_TEXTS[RefusalReason.NOT_FOUND] for n in numbers if n not in found}
        self.act_on({pk: number for number, pk in found.items()}, unknown, now=now)

    def act_on(self, numbers: Mapping[str, str], refused: Mapping[str, str], *, now: bool) -> None:
        """Act on orders, given as number by primary key, beside reasons by number of others."""
        result = self.act(list(numbers))
        refused = dict(refused) | {
            numbers[pk]: REFUSAL_TEXTS[reason] for pk, reason in result.refused.items()
        }
        for number, reason in refused.items():
            self.stderr.write(f"{number}: {reason}")
        inside = now or tasks.runs_inside_request(tasks.push_order)
        finish = self._work if inside else self._enqueue
        failed = [numbers[pk] for pk in result.done if not finish(pk, numbers[pk])]
        if not_done := [*refused, *failed]:
            raise CommandError(f"Not done: {', '.join(not_done)}.")

    def _enqueue(self, order_pk: str, number: str) -> bool:
        order_actions.start([order_pk])
        self.stdout.write(f"{number}: {self.queued}")
        return True

    def _work(self, order_pk: str, number: str) -> bool:
        """Push the order in this process; False if the push met a problem."""
        tasks.push_order(order_pk)
        row = orders.by_order_pks([order_pk]).get()
        problem = row.last_error or (_untried(row) if row.dirty else "")
        remark = problem or row.waiting_for
        line = f"{number}: {row.stage}{f'. {remark}' if remark else ''}"
        (self.stderr if problem else self.stdout).write(line)
        return not problem


def _untried(row: Any) -> str:
    """Return why a push left the order untouched."""
    if row.leased:
        return REFUSAL_TEXTS[RefusalReason.BUSY]
    return "The order was not pushed. See the log."
