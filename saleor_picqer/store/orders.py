"""The outbox as staff look through it: what changed last comes first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from saleor_picqer.models import OutboxOrder

_ASKS: Final = ~Q(attention="", last_error="")
"""Somebody has to look at it, or it keeps failing."""


def search(
    *,
    channels: Collection[str] | None = None,
    stage: str | None = None,
    attention: bool | None = None,
    using: str = "default",
) -> QuerySet[OutboxOrder]:
    """Orders of these channels, in this stage, and that do or don't ask for attention.

    None stands for all.
    """
    rows = OutboxOrder.objects.using(using).order_by("-updated_at", "-pk")
    if channels is not None:
        rows = rows.filter(channel__in=channels)
    if stage is not None:
        rows = rows.filter(stage=stage)
    if attention is not None:
        rows = rows.filter(_ASKS if attention else ~_ASKS)
    return rows


def with_number(
    rows: QuerySet[OutboxOrder], number: str, order_pks: Collection[str]
) -> QuerySet[OutboxOrder]:
    """The shop's orders of that number, `order_pks`, and those that have it in Picqer."""
    there = Q(remote_number=number) | Q(reference=number)
    return rows.filter(there | Q(order_pk__in=order_pks))


def following(rows: QuerySet[OutboxOrder], changed: datetime, pk: int) -> QuerySet[OutboxOrder]:
    """What comes after the order that changed last at that moment."""
    return rows.filter(Q(updated_at__lt=changed) | Q(updated_at=changed, pk__lt=pk))
