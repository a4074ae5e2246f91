"""A run in the hands of one worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from time import monotonic
from typing import Any, Final

from django.db import IntegrityError, transaction

from saleor_picqer.domain.run_problems import RunProblems
from saleor_picqer.domain.runs import Kind, Phase, Position
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import SyncRun
from saleor_picqer.models.work import WorkStatus
from saleor_picqer.store.run_items import RunItems
from saleor_picqer.store.work import Hold

# Entries of each list of a dry run; the numbers count all.
MAX_REPORTED: Final = 200
_ACCOUNT_TAKEN: Final = "Another channel's run for the same Picqer account is under way."
# Seconds until a run asks again for an account that another run has.
_TURN: Final = 30
# Seconds for which one look at the database's clock serves.
_MOMENT: Final = 2.0
_OUTCOMES: Final = ("created", "updated", "unchanged", "failed")


class HeldRun(Hold[SyncRun]):
    """A run in the hands of one worker: implements `sync.ports.Run`."""

    def __init__(self, run: SyncRun, token: str) -> None:
        super().__init__(run, token)
        self.numbers: Counter[str] = Counter(run.numbers)
        self._problems = RunProblems.load(run.problems)
        # Lists that differ from the saved row: they may be long, and most saves change neither.
        self._changed_lists: set[str] = set()
        self._requests: Callable[[], int] = int
        self._measured = 0
        self._limit = 0
        self._moment: datetime | None = None
        self._moment_taken = 0.0
        self.products = RunItems(run)

    @property
    def kind(self) -> Kind:
        return Kind(self._row.kind)

    @property
    def dry_run(self) -> bool:
        return self._row.dry_run

    @property
    def zero_is_confirmed(self) -> bool:
        return self._row.confirm_zero

    @property
    def account(self) -> str:
        return self._row.account

    @property
    def position(self) -> Position:
        return _position(self._row.position)

    @property
    def is_done(self) -> bool:
        return self.position.phase is Phase.DONE

    def measure(self, requests: Callable[[], int], limit: int) -> None:
        """Count requests to Picqer by a function; Picqer allows `limit` a minute."""
        self._requests, self._measured = requests, requests()
        self._limit = limit

    def moment(self, clock: Callable[[], datetime]) -> datetime:
        # An earlier moment is safe: what changes in between counts as not read.
        if self._moment is None or monotonic() - self._moment_taken >= _MOMENT:
            self._moment_taken, self._moment = monotonic(), clock()
        return self._moment

    def start(self, account: str, total: int) -> None:
        """Forget what an earlier account's products gave, and save the new total.

        Raises TryLaterError while another channel's run has the account.
        """
        self.products.clear()
        for outcome in _OUTCOMES:
            setattr(self._row, outcome, 0)
        self.numbers.clear()
        self._problems, self._row.report = RunProblems(), {}
        self._changed_lists = {"problems", "report"}
        self._row.account, self._row.total = account, total
        try:
            self.save(Position())
        except IntegrityError:
            self._row.account = ""
            raise TryLaterError(_ACCOUNT_TAKEN, delay=_TURN) from None

    @transaction.atomic
    def save(self, position: Position) -> None:
        """Save the run, and renew the hold. Raises RunTakenError for a lost hold."""
        self._row.position = asdict(position)
        if position.since is not None:
            self._row.position["since"] = position.since.isoformat()
        self._row.failures = 0
        self._row.numbers = self._with_requests(self.numbers)
        self._renew(**self._state())
        self.products.save()

    def count(self, name: str, amount: int = 1) -> None:
        if name in _OUTCOMES:
            setattr(self._row, name, getattr(self._row, name) + amount)
        else:
            self.numbers[name] += amount

    def problem(self, cause: str, sku: str = "") -> None:
        """Keep a problem for staff, up to a limit; the number counts all causes."""
        self.numbers["problems"] += self._problems.add(cause, sku)
        self._changed_lists.add("problems")

    def report(self, topic: str, entry: Mapping[str, object]) -> None:
        entries = self._row.report.setdefault(topic, [])
        if len(entries) < MAX_REPORTED:
            entries.append(dict(entry))
            self._changed_lists.add("report")

    @contextmanager
    def undone(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    # --- letting go

    def finish(self, problem: str = "") -> None:
        """Mark the run as done, or as failed if there is a problem or stock was withheld."""
        if problem:
            self.problem(problem)
        failed = problem or (self.numbers["withheld"] and not self.dry_run)
        self._row.numbers = self._with_requests(self.numbers)
        self._end(WorkStatus.FAILED if failed else WorkStatus.DONE, **self._state())
        self.products.clear()

    def _kept(self) -> Mapping[str, Any]:
        # What was counted since the last save will be done, and counted, again.
        return {"numbers": self._with_requests(self._row.numbers)}

    def _with_requests(self, numbers: Mapping[str, int]) -> dict[str, int]:
        """Return the numbers with the requests sent by now, and their limit."""
        sent = self._requests()
        self.numbers["requests"] += sent - self._measured
        self._measured = sent
        return {**numbers, "requests": self.numbers["requests"], "limit": self._limit}

    def _state(self) -> dict[str, Any]:
        names = {*_OUTCOMES, "total", "numbers", "position", "account", "failures"}
        if "problems" in self._changed_lists:
            self._row.problems = self._problems.dump()
        names |= self._changed_lists
        self._changed_lists = set()
        return {name: getattr(self._row, name) for name in names}


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
