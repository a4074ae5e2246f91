"""Webhook deliveries for staff: lists, and handling deliveries again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Length

from saleor_picqer.domain.delivery_actions import ReplayRefusal
from saleor_picqer.models import InboxEvent, OutboxOrder
from saleor_picqer.store.inbox import column

# Megabytes that no list shows.
_BODY: Final = ["body"]
_WAITING: Final = (InboxEvent.Status.RECEIVED, InboxEvent.Status.HANDLING)
# Values of a delivery that a worker reads and handles as if it had just come.
_AGAIN: Final[Mapping[str, Any]] = {
    "status": InboxEvent.Status.RECEIVED,
    "topic": InboxEvent.Topic.UNREAD,
    "attempts": 0,
    "not_before": None,
    "handled_at": None,
    "last_error": "",
}


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Conditions on deliveries; None for any."""

    channels: Collection[str] | None = None
    status: str | None = None
    event: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    # Primary keys of orders in Saleor.
    order_pks: Collection[str] | None = None


@dataclass(slots=True)
class ReplayResult:
    """Deliveries to be handled again, and the reasons for refusing others, by primary key."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, ReplayRefusal] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)


def search(wanted: DeliveryFilter, using: str = "default") -> QuerySet[InboxEvent]:
    """Return the deliveries that match every given condition, without bodies, latest first."""
    rows = InboxEvent.objects.using(using).defer(*_BODY).order_by("-pk")
    if wanted.channels is not None:
        rows = rows.filter(channel__in=wanted.channels)
    if wanted.status is not None:
        rows = rows.filter(status=wanted.status)
    if wanted.event is not None:
        rows = rows.filter(event=column(wanted.event, 64))
    if wanted.since is not None:
        rows = rows.filter(received_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(received_at__lt=wanted.until)
    if wanted.order_pks is not None:
        rows = rows.filter(about_orders(wanted.order_pks, using))
    return rows


def about_orders(order_pks: Collection[str], using: str = "default") -> Q:
    """Return the condition on deliveries about any of the given orders in Picqer."""
    found = Q(pk__in=[])
    orders = OutboxOrder.objects.using(using).filter(order_pk__in=order_pks)
    for account, remote_id, former_ids in orders.values_list("account", "remote_id", "former_ids"):
        ids = [*former_ids, *([] if remote_id is None else [remote_id])]
        found |= Q(account=account, topic=InboxEvent.Topic.ORDER, object_id__in=ids)
    return found


def by_pks(pks: Collection[int], using: str = "default") -> QuerySet[InboxEvent]:
    """Return deliveries without bodies, latest first."""
    return search(DeliveryFilter(), using).filter(pk__in=pks)


def order_pks(deliveries: Sequence[InboxEvent], using: str = "default") -> dict[int, str]:
    """Return the Saleor order that a delivery is about, by the delivery's primary key: 1 query.

    The delivery may be about the present or a former order in Picqer.
    """
    keys = {
        row.pk: (row.account, row.object_id)
        for row in deliveries
        if row.topic == InboxEvent.Topic.ORDER
    }
    if not keys:
        return {}
    ids = {remote_id for _, remote_id in keys.values()}
    orders = OutboxOrder.objects.using(using).filter(
        # The index of orders with former ids is used because of the second condition.
        Q(remote_id__in=ids) | (~Q(former_ids=[]) & Q(_has_any_former(ids))),
        account__in={account for account, _ in keys.values()},
    )
    present: dict[tuple[str, int | None], str] = {}
    former: dict[tuple[str, int | None], str] = {}
    for account, remote_id, former_ids, pk in orders.values_list(
        "account", "remote_id", "former_ids", "order_pk"
    ):
        present[account, remote_id] = pk
        former |= {(account, former_id): pk for former_id in former_ids}
    found = former | present
    return {pk: found[key] for pk, key in keys.items() if key in found}


def _has_any_former(ids: Collection[int | None]) -> Func:
    """Return a condition: one of the ids is among the order's former ids in Picqer."""
    lists = [json.dumps([remote_id]) for remote_id in ids]
    return Func(
        F("former_ids"),
        Value(lists),
        template="(%(expressions)s::jsonb[]))",
        arg_joiner=" @> ANY(",
        output_field=BooleanField(),
    )


def replay(pks: Sequence[int]) -> ReplayResult:
    """Have deliveries handled again, oldest first; two identical bodies are one delivery."""
    result = ReplayResult(refused=dict.fromkeys(pks, ReplayRefusal.NO_DELIVERY))
    with transaction.atomic():
        rows = InboxEvent.objects.select_for_update().filter(pk__in=pks).order_by("pk")
        waiting = _waiting_bodies(rows)
        for row in rows.annotate(size=Length("body")).defer(*_BODY):
            body = (row.channel, row.account, row.body_hash)
            reason = None
            if row.status in _WAITING or body in waiting:
                reason = ReplayRefusal.STILL_WAITING
            elif not row.size:
                reason = ReplayRefusal.BODY_DROPPED
            if reason is not None:
                result.refused[row.pk] = reason
                continue
            waiting.add(body)
            del result.refused[row.pk]
            result.done.append(row.pk)
            result.accounts.add(row.account)
        InboxEvent.objects.filter(pk__in=result.done).update(**_AGAIN)
    return result


def _waiting_bodies(rows: QuerySet[InboxEvent]) -> set[tuple[str, str, str]]:
    hashes = rows.order_by().values("body_hash")
    waiting = InboxEvent.objects.filter(body_hash__in=hashes, status=InboxEvent.Status.RECEIVED)
    return set(waiting.values_list("channel", "account", "body_hash"))
