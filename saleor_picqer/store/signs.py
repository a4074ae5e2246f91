"""Signs of life of a channel, as the plugin's tables tell them: one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from saleor_picqer.domain.reconcile import Kind
from saleor_picqer.models import HookRegistration, InboxEvent, ReconcileRun


class Webhooks(NamedTuple):
    """The channel's webhooks in Picqer; `problem` says why they could not be checked."""

    alive: bool
    checked_at: datetime | None
    wrong_since: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class StockDrift:
    """Number of stocks that differed from what was last read from Picqer, and when."""

    count: int
    repaired: bool
    checked_at: datetime


def webhooks(channel: str, account: str, using: str) -> Webhooks | None:
    """Return the state of the webhooks; None where none were ever asked for."""
    rows = HookRegistration.objects.using(using).filter(channel=channel, account=account)
    row = rows.filter(leaving=False).first()
    if row is None:
        return None
    is_right = row.stale_since is None and row.checked_at is not None and not row.last_error
    return Webhooks(is_right, row.checked_at, row.stale_since, row.last_error)


def last_delivery(channel: str, using: str) -> datetime | None:
    """Return when Picqer's last delivery came."""
    rows = InboxEvent.objects.using(using).filter(channel=channel).order_by("-received_at")
    return rows.values_list("received_at", flat=True).first()


def stock_drift(channel: str, using: str) -> StockDrift | None:
    """Return what the last completed reconcile found; None before the first one."""
    rows = ReconcileRun.objects.using(using).filter(
        channel=channel, status=ReconcileRun.Status.DONE, finished_at__isnull=False
    )
    found = rows.order_by("-pk").values_list("counts", "apply", "finished_at").first()
    counts, apply, finished_at = found or ({}, False, None)
    if finished_at is None:
        return None
    return StockDrift(counts.get(Kind.STOCK.value, 0), apply, finished_at)
