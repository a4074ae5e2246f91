"""A run in the hands of one worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from saleor_picqer.domain.runs import Kind, Phase, Position
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import SyncRun
from saleor_picqer.store.run_items import RunItems

MAX_PROBLEMS: Final = 500
# Entries of each list of a dry run; the numbers count all.
MAX_REPORTED: Final = 200
# Longer than a step takes, even when each request to Picqer is repeated. Every page that is read
# renews the hold.
HOLD: Final = timedelta(minutes=5)

_ACCOUNT_TAKEN: Final = "Another channel's run for the same Picqer account is under way."
# Seconds until a run asks again for an account that another run has.
_TURN: Final = 30
# Seconds for which one look at the database's clock serves.
_MOMENT: Final = 2.0
_OUTCOMES: Final = ("created", "updated", "unchanged", "failed")


class RunTakenError(Exception):
    """Another worker has taken the run: the former worker was presumed dead."""


class HeldRun:
    """A run in the hands of one worker: implements `sync.ports.Run`."""

    def __init__(self, run: SyncRun, token: str) -> None:
        self._run = run
        self._token = token
        self._deadline: float | None = None
        self.numbers: Counter[str] = Counter(run.numbers)
        self._requests: Callable[[], int] = int
        self._measured = 0
        self._limit = 0
        self._moment: datetime | None = None
        self._moment_taken = 0.0
        self.products = RunItems(run)

    @property
    def channel(self) -> str:
        return self._run.channel

    @property
    def kind(self) -> Kind:
        return Kind(self._run.kind)

    @property
    def dry_run(self) -> bool:
        return self._run.dry_run

    @property
    def zero_is_confirmed(self) -> bool:
        return self._run.confirm_zero

    @property
    def account(self) -> str:
        return self._run.account

    @property
    def failures(self) -> int:
        return self._run.failures

    @property
    def position(self) -> Position:
        return _position(self._run.position)

    def measure(self, requests: Callable[[], int], limit: int) -> None:
        """Count requests to Picqer by a function; Picqer allows `limit` a minute."""
        self._requests, self._measured = requests, requests()
        self._limit = limit

    def moment(self, clock: Callable[[], datetime]) -> datetime:
        # An earlier moment is safe: what changes in between counts as not read.
        if self._moment is None or monotonic() - self._moment_taken >= _MOMENT:
            self._moment_taken, self._moment = monotonic(), clock()
        return self._moment

    def limit(self, seconds: float | None) -> None:
        """Set the time of this part; None for a part without end."""
        self._deadline = None if seconds is None else monotonic() + seconds

    def time_is_up(self) -> bool:
        return self._deadline is not None and monotonic() >= self._deadline

    def start(self, account: str, total: int) -> None:
        """Forget what an earlier account's products gave, and save the new total.

        Raises TryLaterError while another channel's run has the account.
        """
        self.products.clear()
        for outcome in _OUTCOMES:
            setattr(self._run, outcome, 0)
        self.numbers.clear()
        self._run.problems, self._run.report = [], {}
        self._run.account, self._run.total = account, total
        try:
            self.save(Position())
        except IntegrityError:
            self._run.account = ""
            raise TryLaterError(_ACCOUNT_TAKEN, delay=_TURN) from None

    @transaction.atomic
    def save(self, position: Position) -> None:
        """Save the run, and renew the hold. Raises RunTakenError for a lost hold."""
        self._run.position = asdict(position)
        if position.since is not None:
            self._run.position["since"] = position.since.isoformat()
        self._run.failures = 0
        self._run.numbers = self._with_requests(self.numbers)
        self._update(held_until=timezone.now() + HOLD, **self._state())
        self.products.save()

    def count(self, name: str, amount: int = 1) -> None:
        if name in _OUTCOMES:
            setattr(self._run, name, getattr(self._run, name) + amount)
        else:
            self.numbers[name] += amount

    def problem(self, message: str) -> None:
        """Keep a problem for staff, up to a limit; the number counts all."""
        self.numbers["problems"] += 1
        if len(self._run.problems) < MAX_PROBLEMS:
            self._run.problems.append(message)

    def report(self, topic: str, entry: Mapping[str, object]) -> None:
        entries = self._run.report.setdefault(topic, [])
        if len(entries) < MAX_REPORTED:
            entries.append(dict(entry))

    @contextmanager
    def undone(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    # --- letting go

    def release(self, delay: float, *, failed: bool = False) -> None:
        """Leave the rest to another task, which comes after `delay` seconds."""
        now = timezone.now()
        self._run.failures += failed
        # What was counted since the last save will be done, and counted, again.
        self._update(
            failures=self._run.failures,
            numbers=self._with_requests(self._run.numbers),
            worker="",
            held_until=None,
            enqueued_at=now,
            not_before=now + timedelta(seconds=delay) if delay else None,
        )

    def finish(self, problem: str = "") -> None:
        """Mark the run as done, or as failed if there is a problem or stock was withheld."""
        if problem:
            self.numbers["problems"] += 1
            self._run.problems = [*self._run.problems, problem]
        failed = problem or (self.numbers["withheld"] and not self.dry_run)
        status = SyncRun.Status.FAILED if failed else SyncRun.Status.DONE
        self._run.numbers = self._with_requests(self.numbers)
        ended = {"status": status, "finished_at": timezone.now()}
        self._update(worker="", held_until=None, **ended, **self._state())
        self.products.clear()

    def _with_requests(self, numbers: Mapping[str, int]) -> dict[str, int]:
        """Return the numbers with the requests sent by now, and their limit."""
        sent = self._requests()
        self.numbers["requests"] += sent - self._measured
        self._measured = sent
        return {**numbers, "requests": self.numbers["requests"], "limit": self._limit}

    def _state(self) -> dict[str, Any]:
        names = ("total", "numbers", "problems", "report", "position", "account", "failures")
        return {name: getattr(self._run, name) for name in (*_OUTCOMES, *names)}

    def _update(self, **changes: Any) -> None:
        held = SyncRun.objects.filter(pk=self._run.pk, worker=self._token)
        if not held.update(**changes):
            raise RunTakenError


def _position(saved: Mapping[str, Any]) -> Position:
    if not saved:
        return Position()
    page, since = saved["page"], saved["since"]
    return Position(
        phase=Phase(saved["phase"]),
        offset=saved["offset"],
        after=saved["after"],
        page=page and (page[0], page[1]),
        since=since and datetime.fromisoformat(since),
        mirrors=tuple((int(id_), str(pk)) for id_, pk in saved["mirrors"]),
    )
