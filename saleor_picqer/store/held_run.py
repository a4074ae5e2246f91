"""A full sync in the hands of one worker."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models.functions import Upper
from django.utils import timezone

from saleor_picqer.domain.full_sync import Phase, Position
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.skus import BySku, compare_key
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import SyncItem, SyncRun

MAX_PROBLEMS: Final = 100
# Longer than a step takes, even when each request to Picqer is repeated. Every page that is read
# renews the hold.
HOLD: Final = timedelta(minutes=5)

_ACCOUNT_TAKEN: Final = "Another channel's full sync of the same Picqer account is running."
# Seconds until a run asks again for an account that another run has.
_TURN: Final = 30
_COUNTS: Final = ("created", "updated", "unchanged", "failed")
_PRODUCT: Final = "product"


class RunTakenError(Exception):
    """Another worker has taken the run: this one was presumed dead."""


class HeldRun:
    """A full sync in the hands of one worker: implements `sync.ports.FullSyncRun`."""

    def __init__(self, run: SyncRun, token: str) -> None:
        self._run = run
        self._token = token
        self._kept: dict[str, dict[str, Any]] = {}
        self._deadline: float | None = None

    @property
    def channel(self) -> str:
        return self._run.channel

    @property
    def account(self) -> str:
        return self._run.account

    @property
    def failures(self) -> int:
        return self._run.failures

    @property
    def position(self) -> Position:
        return _position(self._run.position)

    def limit(self, seconds: float | None) -> None:
        """Set the time of this part; None for a part without end."""
        self._deadline = None if seconds is None else monotonic() + seconds

    def time_is_up(self) -> bool:
        return self._deadline is not None and monotonic() >= self._deadline

    def start(self, account: str, total: int) -> None:
        """Forget what an earlier account's products gave, and save the new total.

        Raises TryLaterError while another channel's run has the account.
        """
        self._run.items.all().delete()
        self._kept = {}
        for outcome in _COUNTS:
            setattr(self._run, outcome, 0)
        self._run.problems = []
        self._run.account, self._run.total = account, total
        try:
            self.save(Position())
        except IntegrityError:
            self._run.account = ""
            raise TryLaterError(_ACCOUNT_TAKEN, delay=_TURN) from None

    @transaction.atomic
    def save(self, position: Position) -> None:
        """Save everything, and renew the hold; raise RunTakenError if it is lost."""
        self._run.position = asdict(position)
        self._run.failures = 0
        self._update(held_until=timezone.now() + HOLD)
        SyncItem.objects.bulk_create(
            [
                SyncItem(run=self._run, topic=topic, sku=sku, content=content)
                for topic, items in self._kept.items()
                for sku, content in items.items()
            ],
            ignore_conflicts=True,
        )
        self._kept = {}

    def count(self, outcome: str) -> None:
        setattr(self._run, outcome, getattr(self._run, outcome) + 1)

    def problem(self, message: str) -> None:
        """Keep a problem for staff, up to a limit."""
        if len(self._run.problems) < MAX_PROBLEMS:
            self._run.problems.append(message)

    # --- what was read

    def keep_products(self, products: Sequence[RemoteProduct]) -> bool:
        return self._keep(_PRODUCT, {product.sku: asdict(product) for product in products})

    def products(self, skus: Collection[str]) -> dict[str, RemoteProduct]:
        # Most SKUs have the same spelling in Picqer, and an index finds these.
        items = self._run.items.filter(topic=_PRODUCT)
        rows = dict(items.filter(sku__in=list(skus)).values_list("sku", "content"))
        if missing := [compare_key(sku) for sku in skus if sku not in rows]:
            others = items.annotate(key=Upper("sku")).filter(key__in=missing)
            rows |= dict(others.values_list("sku", "content"))
        found = BySku(rows)
        return {sku: _product(content) for sku in skus if (content := found.get(sku))}

    def keep_levels(self, warehouse_id: int, levels: Sequence[StockLevel]) -> bool:
        return self._keep(_stock(warehouse_id), {level.sku: level.free for level in levels})

    def levels(self, warehouse_id: int) -> dict[str, int]:
        topic = _stock(warehouse_id)
        rows = self._run.items.filter(topic=topic)
        return {**self._kept.get(topic, {}), **dict(rows.values_list("sku", "content"))}

    def _keep(self, topic: str, items: Mapping[str, Any]) -> bool:
        kept = self._run.items.filter(topic=topic, sku__in=list(items))
        known = set(kept.values_list("sku", flat=True))
        new = {sku: content for sku, content in items.items() if sku not in known}
        self._kept.setdefault(topic, {}).update(new)
        return bool(new)

    # --- letting go

    def release(self, delay: float, *, failed: bool = False) -> None:
        """Leave the rest to another task, which comes after `delay` seconds."""
        now = timezone.now()
        self._run.failures += failed
        self._update(
            worker="",
            held_until=None,
            enqueued_at=now,
            not_before=now + timedelta(seconds=delay) if delay else None,
        )

    def finish(self, problem: str = "") -> None:
        """Mark the run as done, or as failed if there is a problem."""
        if problem:
            self._run.problems = [*self._run.problems, problem]
        status = SyncRun.Status.FAILED if problem else SyncRun.Status.DONE
        self._update(status=status, finished_at=timezone.now(), worker="", held_until=None)
        self._run.items.all().delete()

    def _update(self, **changes: Any) -> None:
        names = (*_COUNTS, "total", "problems", "position", "account", "failures")
        values = {name: getattr(self._run, name) for name in names} | changes
        held = SyncRun.objects.filter(pk=self._run.pk, worker=self._token)
        if not held.update(**values):
            raise RunTakenError


def _stock(warehouse_id: int) -> str:
    return f"stock {warehouse_id}"


def _position(saved: Mapping[str, Any]) -> Position:
    if not saved:
        return Position()
    warehouses = tuple((int(id_), str(pk)) for id_, pk in saved["warehouses"])
    return Position(Phase(saved["phase"]), saved["offset"], saved["after"], warehouses)


def _product(content: Mapping[str, Any]) -> RemoteProduct:
    return RemoteProduct(**content)
