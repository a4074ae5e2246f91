"""`manage.py picqer explain`: where orders are, or why they are not sent."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from saleor_picqer.domain.explanations import Explanation, describe_time
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS, RefusalReason
from saleor_picqer.explain import explain_order
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand


class Explain(Subcommand):
    name = "explain"
    help = "say where orders are on their way to Picqer, or why they are not sent"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument(
            "numbers", nargs="+", metavar="NUMBER", help="number of the order in Saleor"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        numbers = options["numbers"]
        found = host().orders.find(numbers)
        unknown = [number for number in numbers if not self._explain(number, found.get(number))]
        if unknown:
            raise CommandError(f"Not found: {', '.join(unknown)}.")

    def _explain(self, number: str, order_pk: str | None) -> bool:
        """Print the answer; False if there is no such order."""
        explained = None if order_pk is None else explain_order(order_pk)
        if explained is None:
            self.stderr.write(f"{number}: {REFUSAL_TEXTS[RefusalReason.NOT_FOUND]}")
            return False
        attempts = explained.row.failed_attempts if explained.row else ()
        for line in (*_lines(number, explained.explanation), *_attempt_lines(attempts)):
            self.stdout.write(line)
        return True


def _attempt_lines(attempts: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the failed attempts, the latest first."""
    told = [f"    {_when(attempt)} {attempt['error']}" for attempt in reversed(attempts)]
    return ["  Failed attempts:", *told] if told else []


def _when(attempt: Mapping[str, str]) -> str:
    return describe_time(timezone.localtime(datetime.fromisoformat(attempt["at"])))


def _lines(number: str, explanation: Explanation) -> list[str]:
    until = explanation.until and f"Until: {describe_time(explanation.until)}"
    further = filter(None, (*explanation.details, until, explanation.advice))
    return [f"{number}: {explanation.title}", *(f"  {sentence}" for sentence in further)]
