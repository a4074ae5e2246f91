"""Lists and counts of orders in the outbox, for staff."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Case, Count, F, Func, Min, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from saleor_picqer.domain.order_actions import UNSENT_STAGES
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.problems import StoppedOrders
from saleor_picqer.models import OutboxOrder

# Orders that need the attention of staff or keep failing.
_NEEDS_ATTENTION: Final = ~Q(attention="", last_error="")
# What staff have to do comes before an error that goes away by itself. Without its own number in
# Picqer, an order has the same cause as others with the same trouble.
_CAUSE: Final = Func(
    Coalesce(NullIf("attention", Value("", output_field=TextField())), "last_error"),
    F("remote_number"),
    Value("…"),
    function="REPLACE",
    output_field=TextField(),
)
_CAN_RETRY: Final = ~Q(last_error="")
_CAN_SKIP: Final = Q(remote_id=None, stage__in=UNSENT_STAGES)

# Causes that are looked at; a channel rarely has more than a handful.
_MOST: Final = 1000


def search(
    *,
    channels: Collection[str] | None = None,
    stage: str | None = None,
    attention: bool | None = None,
    using: str = "default",
) -> QuerySet[OutboxOrder]:
    """Return orders that match every given condition, the most recently changed first."""
    rows = OutboxOrder.objects.using(using).order_by("-updated_at", "-pk")
    if channels is not None:
        rows = rows.filter(channel__in=channels)
    if stage is not None:
        rows = rows.filter(stage=stage)
    if attention is not None:
        rows = rows.filter(_NEEDS_ATTENTION if attention else ~_NEEDS_ATTENTION)
    return rows


class Cause(NamedTuple):
    """What stops orders, how many, and when the oldest of them was recorded.

    `retryable` of the orders can be retried, and `skippable` can be kept from Picqer.
    """

    text: str
    orders: int
    since: datetime
    retryable: int
    skippable: int


def causes(channel: str, limit: int, using: str = "default") -> list[Cause]:
    """Return what stops the channel's orders, the most frequent cause first: one statement."""
    rows = search(channels=[channel], attention=True, using=using).order_by()
    groups = rows.annotate(cause=_CAUSE).values("cause")
    counted = groups.annotate(
        count=Count("pk"),
        since=Min("created_at"),
        retryable=Count("pk", filter=_CAN_RETRY),
        skippable=Count("pk", filter=_CAN_SKIP),
    )
    columns = ("cause", "count", "since", "retryable", "skippable")
    found = counted.order_by("-count", "cause").values_list(*columns)
    return [Cause(*one) for one in found[:limit]]


def stopped(channels: Collection[str]) -> list[StoppedOrders]:
    """Return what has stopped orders of the channels, the most frequent cause first.

    Takes one statement. Orders that staff have to look at and that have not failed are counted
    together, as the reason often names the order.
    """
    failed = When(stage=Stage.FAILED, then=_CAUSE)
    cause = Case(failed, default=Value(""), output_field=TextField())
    rows = OutboxOrder.objects.filter(_NEEDS_ATTENTION, channel__in=channels)
    rows = rows.filter(~Q(attention="") | Q(stage=Stage.FAILED))
    groups = rows.annotate(cause=cause).values("channel", "cause")
    counted = groups.annotate(count=Count("pk")).order_by("-count", "channel", "cause")
    return [StoppedOrders(*one) for one in counted.values_list("channel", "cause", "count")[:_MOST]]


def with_cause(rows: QuerySet[OutboxOrder], text: str) -> QuerySet[OutboxOrder]:
    """Keep orders stopped by the cause with the given text."""
    if not _can_be_stored(text):
        return rows.none()
    return rows.filter(_NEEDS_ATTENTION).annotate(cause=_CAUSE).filter(cause=text)


def with_number(
    rows: QuerySet[OutboxOrder], number: str, order_pks: Collection[str]
) -> QuerySet[OutboxOrder]:
    """Keep orders with one of the pks, or with the number as number or reference in Picqer."""
    if not _can_be_stored(number):
        return rows.none()
    in_picqer = Q(remote_number=number) | Q(reference=number)
    return rows.filter(in_picqer | Q(order_pk__in=order_pks))


def _can_be_stored(text: str) -> bool:
    """Return whether PostgreSQL can compare a column with the text."""
    # JSON can write NUL and half of a surrogate pair, PostgreSQL neither.
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def following(rows: QuerySet[OutboxOrder], changed: datetime, pk: int) -> QuerySet[OutboxOrder]:
    """Keep the orders listed after the given time of change and pk."""
    return rows.filter(Q(updated_at__lt=changed) | Q(updated_at=changed, pk__lt=pk))


def by_order_pks(order_pks: Collection[str], using: str = "default") -> QuerySet[OutboxOrder]:
    """Return the rows of these orders, the earliest recorded first."""
    return OutboxOrder.objects.using(using).filter(order_pk__in=order_pks).order_by("pk")


def channels_of(order_pks: Collection[str]) -> set[str]:
    """Return the channels under which these orders are recorded."""
    rows = OutboxOrder.objects.filter(order_pk__in=order_pks).order_by()
    return set(rows.values_list("channel", flat=True).distinct())


def not_sent(order_pks: Collection[str]) -> list[str]:
    """Return those of the orders that are not in the outbox, or were skipped: 1 statement."""
    rows = OutboxOrder.objects.filter(order_pk__in=order_pks).exclude(stage=Stage.SKIPPED)
    sent = set(rows.values_list("order_pk", flat=True))
    return [pk for pk in order_pks if pk not in sent]


def count_by_stage(channel: str, using: str) -> Mapping[str, int]:
    """Return the number of the channel's orders in each stage that has any."""
    rows = OutboxOrder.objects.using(using).filter(channel=channel).values_list("stage")
    # Without a column, so that the index alone is read.
    return dict(rows.annotate(number=Count("*")).order_by("stage"))
