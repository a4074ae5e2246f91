"""What the plugin's tables tell of the channels, in a fixed number of statements."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, OuterRef, Q, Subquery

from saleor_picqer.domain.alarms import ChannelHealth, attempts_within
from saleor_picqer.domain.outbox import FINAL_STAGES, OPEN_STAGES, Stage
from saleor_picqer.domain.reconcile import TOLD_BY_WEBHOOKS
from saleor_picqer.errors import AuthenticationError
from saleor_picqer.models import (
    ChannelState,
    HookRegistration,
    InboxEvent,
    OutboxOrder,
    ReconcileRun,
    SyncRun,
)
from saleor_picqer.store.backlog import OPEN_DELIVERIES, waits_since
from saleor_picqer.store.outbox_rows import unleased

# Reconciles of this time, and failed deliveries of this time, count.
_RECENT: Final = timedelta(days=2)
_WEEK: Final = timedelta(days=7)

type Values = Mapping[str, Mapping[str, Any]]


def read(
    accounts: Mapping[str, str | None], limits: Mapping[str, int], now: datetime
) -> list[ChannelHealth]:
    """Return the health of channels, given with the Picqer account of each.

    Takes 5 statements for any number of channels, and one more each while a reconcile or a pull of
    the stock has something to tell.
    """
    since = now - timedelta(hours=limits["silence_hours"])
    reconciled = _reconciles(accounts, now)
    hooks = _hooks(accounts, now)
    pulled = [channel for channel, hook in hooks.items() if hook["untold_stock"]]
    facts = (
        _states(accounts),
        hooks,
        _orders(accounts, limits, now),
        _deliveries(accounts, limits, now),
        reconciled,
        _last_deliveries(reconciled.keys(), since),
        _last_stock_deliveries({channel: accounts[channel] for channel in pulled}, since),
    )
    return [
        ChannelHealth(channel, now, limits=limits, **_merged(channel, facts))
        for channel in accounts
    ]


def _merged(channel: str, facts: Iterable[Values]) -> dict[str, Any]:
    return dict(ChainMap(*({**of_channel.get(channel, {})} for of_channel in facts)))


def _states(channels: Collection[str]) -> Values:
    rows = ChannelState.objects.filter(channel__in=channels)
    return {
        row.channel: {
            "swept_until": row.swept_until,
            "unreachable_since": row.failing_since,
        }
        for row in rows
    }


def _hooks(accounts: Mapping[str, str | None], now: datetime) -> Values:
    """Return the state of each channel's webhooks, and what they should have told of stock."""
    pulls = SyncRun.objects.filter(account=OuterRef("account"), finished_at__gte=now - _RECENT)
    pulls = pulls.filter(dry_run=False, status=SyncRun.Status.DONE).order_by("-pk")
    pulls = pulls.exclude(kind=SyncRun.Kind.PRODUCTS)
    rows = HookRegistration.objects.filter(channel__in=accounts, leaving=False).annotate(
        last_pull=Subquery(pulls.values("numbers")[:1]),
        earlier_pull=Subquery(pulls.values("pk")[1:2]),
    )
    return {
        row.channel: {
            "refused_since": row.refused_since,
            "hooks_stale_since": row.stale_since,
            "hooks_checked_at": row.checked_at,
            # The first pull brings stock of which no webhook has to tell.
            "untold_stock": row.last_pull.get("stock_changed", 0) if row.earlier_pull else 0,
        }
        for row in rows
        if row.account == accounts[row.channel]
    }


def _orders(channels: Collection[str], limits: Mapping[str, int], now: datetime) -> Values:
    """Count the open orders of each channel."""
    due_since = now - timedelta(minutes=limits["backlog_minutes"])
    waiting_since = now - timedelta(minutes=limits["waiting_minutes"])
    in_picqer_since = now - timedelta(days=limits["processing_days"])
    unsent = Q(stage__in=OPEN_STAGES, remote_id=None, waiting_for="")
    has_failed = Q(attempts__gte=attempts_within(limits["waiting_minutes"]))
    is_untouched = Q(attempts=0, created_at__lt=waiting_since)
    rows = OutboxOrder.objects.filter(channel__in=channels).exclude(stage__in=FINAL_STAGES)
    counted = rows.values("channel").annotate(
        orders_failed=Count("pk", filter=Q(stage=Stage.FAILED)),
        orders_refused=Count("pk", filter=Q(last_error__startswith=AuthenticationError.title)),
        orders_waiting=Count("pk", filter=unsent & (has_failed | is_untouched)),
        orders_processing=Count(
            "pk", filter=Q(stage=Stage.PROCESSED, processed_at__lt=in_picqer_since)
        ),
        orders_due=Count("pk", filter=unleased() & waits_since(due_since)),
    )
    return _by_channel(counted)


def _deliveries(channels: Collection[str], limits: Mapping[str, int], now: datetime) -> Values:
    due_since = now - timedelta(minutes=limits["backlog_minutes"])
    failed = Q(status=InboxEvent.Status.FAILED, received_at__gte=now - _WEEK)
    is_ready = Q(not_before=None) | Q(not_before__lt=due_since)
    waits = Q(status__in=OPEN_DELIVERIES, received_at__lt=due_since)
    rows = InboxEvent.objects.filter(failed | Q(status__in=OPEN_DELIVERIES))
    counted = (
        rows.filter(channel__in=channels)
        .values("channel")
        .annotate(
            deliveries_failed=Count("pk", filter=failed),
            deliveries_due=Count("pk", filter=waits & is_ready),
        )
    )
    return _by_channel(counted)


def _reconciles(channels: Collection[str], now: datetime) -> Values:
    """Return the repairs of the last reconcile of each channel, where there were repairs."""
    # A reconcile that failed in the end has repaired something all the same.
    rows = ReconcileRun.objects.filter(channel__in=channels, apply=True)
    last = rows.filter(finished_at__gte=now - _RECENT).order_by("channel", "-pk")
    latest = last.distinct("channel").values_list("channel", "symptoms", "counts")
    return {
        channel: {
            "repaired": symptoms,
            "untold": sum(counts.get(kind.value, 0) for kind in TOLD_BY_WEBHOOKS),
        }
        for channel, symptoms, counts in latest
        if symptoms
    }


def _last_deliveries(channels: Collection[str], since: datetime) -> Values:
    """Return when a delivery about something else than stock came last, if it came since then."""
    if not channels:
        return {}
    rows = InboxEvent.objects.filter(channel__in=channels, received_at__gte=since)
    rows = rows.exclude(topic=InboxEvent.Topic.STOCK)
    return _by_channel(rows.values("channel").annotate(last_delivery_at=Max("received_at")))


def _last_stock_deliveries(accounts: Mapping[str, str | None], since: datetime) -> Values:
    """Return when a delivery about stock came last from each channel's account, if since then."""
    if not accounts:
        return {}
    rows = InboxEvent.objects.filter(account__in=accounts.values(), topic=InboxEvent.Topic.STOCK)
    told = rows.filter(received_at__gte=since).order_by().values("account")
    last = {row["account"]: row["last"] for row in told.annotate(last=Max("received_at"))}
    return {
        channel: {"last_stock_at": last.get(account or "")} for channel, account in accounts.items()
    }


def _by_channel(rows: Any) -> Values:
    return {
        row["channel"]: {name: value for name, value in row.items() if name != "channel"}
        for row in rows.order_by("channel")
    }
