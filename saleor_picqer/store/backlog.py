"""Rows of outbox and inbox to compare in a reconcile, or overdue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils import timezone

from saleor_picqer.domain.outbox import OPEN_STAGES, Entry, Stage
from saleor_picqer.domain.reconcile import COMPARED_STAGES, ENDED_STAGES, OTHER, STATUSES
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus
from saleor_picqer.models import InboxEvent, OutboxOrder, StockReading
from saleor_picqer.store.outbox_rows import due, entry_of, unleased

# A row that is due for so long has been forgotten, or no worker runs.
STUCK_AFTER: Final = timedelta(minutes=30)
# Failed deliveries of this time are reported.
_RECENT: Final = timedelta(days=7)
OPEN_DELIVERIES: Final = (InboxEvent.Status.RECEIVED, InboxEvent.Status.HANDLING)


def open_orders(
    channel: str, account: str, status: str, *, after: int, unchanged_since: datetime, limit: int
) -> list[Entry]:
    """Return orders with the given status in Picqer, by Picqer's id, after `after`.

    `OTHER` stands for every status by which Picqer's list is not read. Orders that a worker holds
    are left out, and those that were changed later than `unchanged_since`.
    """
    assumed = Case(
        When(~Q(remote_status=""), then=F("remote_status")),
        When(stage=Stage.PROCESSED, then=Value(RemoteStatus.PROCESSING.value)),
        default=Value(RemoteStatus.CONCEPT.value),
        output_field=CharField(),
    )
    rows = OutboxOrder.objects.filter(
        unleased(),
        channel=channel,
        account=account,
        remote_id__gt=after,
        stage__in=COMPARED_STAGES,
        updated_at__lte=unchanged_since,
    ).annotate(assumed=assumed)
    listed = [one for one in STATUSES if one != OTHER]
    rows = rows.exclude(assumed__in=listed) if status == OTHER else rows.filter(assumed=status)
    return [entry_of(row) for row in rows.order_by("remote_id")[:limit]]


def has_ended_orders(channel: str, account: str) -> bool:
    """Return whether the account has orders of the channel with nothing left to do."""
    rows = OutboxOrder.objects.filter(channel=channel, stage__in=ENDED_STAGES)
    return rows.filter(account=account, remote_id__isnull=False).exists()


def ended_orders(
    channel: str, account: str, remotes: Collection[RemoteOrder], *, unchanged_since: datetime
) -> list[tuple[Entry, RemoteOrder]]:
    """Return the channel's orders with nothing left to do that are among Picqer's orders.

    An order that was cancelled in Picqer and entered again has a new id, but its old reference.
    Left out are orders as by `open_orders`. Takes 2 statements.
    """
    rows = OutboxOrder.objects.filter(account=account)
    known = {row.remote_id: row for row in rows.filter(remote_id__in=[one.id for one in remotes])}
    references = {one.reference for one in remotes if one.id not in known} - {""}
    cancelled = rows.filter(stage=Stage.CANCELLED, reference__in=references).order_by("-pk")
    entered = {row.reference: row for row in cancelled}
    pairs = ((known.get(one.id) or entered.get(one.reference), one) for one in remotes)
    return [
        (entry_of(row), remote)
        for row, remote in pairs
        if row is not None
        and (row.channel, row.leased) == (channel, False)
        and row.stage in ENDED_STAGES
        and row.updated_at <= unchanged_since
    ]


def has_heard(account: str, since: datetime) -> bool:
    """Return whether a webhook of the account that is not about stock has arrived since then."""
    rows = InboxEvent.objects.filter(account=account, received_at__gte=since)
    return rows.exclude(topic=InboxEvent.Topic.STOCK).exists()


def stuck_orders(channel: str, size: int) -> Iterator[list[Entry]]:
    """Yield overdue orders without a worker, in slices."""
    long_ago = timezone.now() - STUCK_AFTER
    rows = due().filter(channel=channel).filter(waits_since(long_ago))
    return _slices(rows.order_by("pk"), size)


def forget_messages(order_pks: Collection[str]) -> None:
    """Have the next sweep enqueue these orders, whatever was enqueued before."""
    OutboxOrder.objects.filter(order_pk__in=order_pks).update(enqueued_at=None)


def failed_orders(channel: str, size: int) -> Iterator[list[Entry]]:
    """Yield the orders that were given up in slices, the latest first."""
    rows = OutboxOrder.objects.filter(channel=channel, stage=Stage.FAILED)
    return _slices(rows.order_by("-updated_at", "-pk"), size)


def _slices(rows: QuerySet[OutboxOrder], size: int) -> Iterator[list[Entry]]:
    # The keys are read first: an order that is no longer stuck would move the later slices.
    for pks in batched(list(rows.values_list("pk", flat=True)), size):
        yield [entry_of(row) for row in rows.filter(pk__in=pks)]


def kept_skus(account: str, after: str, limit: int) -> list[str]:
    """Return SKUs of which stock was read, in the form in which SKUs are compared, in order."""
    rows = StockReading.objects.filter(account=account, sku_key__gt=after).order_by("sku_key")
    return list(rows.values_list("sku_key", flat=True).distinct()[:limit])


def stuck_deliveries(channel: str) -> int:
    """Return the number of overdue deliveries without a worker."""
    long_ago = timezone.now() - STUCK_AFTER
    return waiting_deliveries(long_ago).filter(channel=channel).count()


def failed_deliveries(channel: str) -> int:
    """Return the number of deliveries of the last days that were given up."""
    since = timezone.now() - _RECENT
    rows = InboxEvent.objects.filter(channel=channel, status=InboxEvent.Status.FAILED)
    return rows.filter(received_at__gte=since).count()


def waiting_deliveries(since: datetime) -> QuerySet[InboxEvent]:
    """Return the deliveries that have been due since then, or longer."""
    ready = Q(not_before=None) | Q(not_before__lt=since)
    return InboxEvent.objects.filter(ready, status__in=OPEN_DELIVERIES, received_at__lt=since)


def waits_since(moment: datetime) -> Q:
    """Return the condition of orders that have certainly been due since then, or longer."""
    # A changed order does not tell since when it is due, so only these two are certain.
    is_new = Q(attempts=0, waiting_for="", stage__in=OPEN_STAGES, created_at__lt=moment)
    is_open = Q(stage__in=OPEN_STAGES) | Q(dirty=True)
    return (is_open & Q(not_before__lt=moment)) | (is_new & Q(not_before=None))
