"""What staff can do about orders, whichever way they say it: in GraphQL or on the command line.

Each operation does what it can and answers, order by order, why not for the rest. The number of its
statements depends on the number of channels, not on that of the orders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from saleor_picqer import tasks, wiring
from saleor_picqer.domain.operations import (
    Refusal,
    why_not_pushed,
    why_not_retried,
    why_not_skipped,
)
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder


@dataclass(frozen=True, slots=True)
class Answer:
    """Pks of the orders with which it was done, and why not with the others."""

    done: tuple[str, ...]
    refused: Mapping[str, Refusal]


def start(order_pks: Iterable[str]) -> None:
    """Tells the workers; whoever wants it done here and now calls the task instead."""
    for order_pk in order_pks:
        tasks.enqueue(tasks.push_order, order_pk)


@transaction.atomic
def push(order_pks: Collection[str]) -> Answer:
    """Has orders sent whatever the rules say, and sent again if they were sent before."""
    found = {str(order.pk): order for order in host().orders_to_judge(order_pks)}
    known = wiring.outbox.locked(order_pks)
    active = wiring.active_channels()
    channels = {pk: host().channel_of_order(order) for pk, order in found.items()}

    def why_not(pk: str) -> Refusal | None:
        if pk not in found:
            return Refusal.NOT_FOUND
        state = host().state(found[pk])
        return why_not_pushed(state, known.get(pk), active=channels[pk] in active)

    answer = _answer(order_pks, why_not)
    for channel, pks in _by_channel(answer.done, channels).items():
        wiring.outbox.push(pks, channel)
        _end_pause(channel)
    return answer


@transaction.atomic
def retry(order_pks: Collection[str]) -> Answer:
    """Has failed orders, and those that wait for another attempt, tried again at once."""
    known = wiring.outbox.locked(order_pks)
    active = wiring.active_channels()

    def why_not(pk: str) -> Refusal | None:
        entry = known.get(pk)
        return why_not_retried(entry, active=entry is not None and entry.channel in active)

    answer = _answer(order_pks, why_not)
    wiring.outbox.retry(_rows(answer.done))
    for channel in {known[pk].channel for pk in answer.done}:
        _end_pause(channel)
    return answer


def to_retry(channels: Collection[str]) -> list[str]:
    """Pks of all orders of these channels that can be retried, oldest first."""
    rows = OutboxOrder.objects.filter(channel__in=channels).exclude(last_error="")
    return list(rows.order_by("pk").values_list("order_pk", flat=True))


@transaction.atomic
def skip(order_pks: Collection[str]) -> Answer:
    """Has orders that are not in Picqer never sent, also such as nobody has taken up yet."""
    known = wiring.outbox.locked(order_pks)
    unknown = [pk for pk in order_pks if pk not in known]
    found = {str(order.pk): order for order in host().orders_to_judge(unknown)}

    def why_not(pk: str) -> Refusal | None:
        exists = pk in known or pk in found
        return why_not_skipped(known.get(pk)) if exists else Refusal.NOT_FOUND

    answer = _answer(order_pks, why_not)
    channels = {pk: host().channel_of_order(order) for pk, order in found.items()}
    for channel, pks in _by_channel(found, channels).items():
        wiring.outbox.record(pks, channel)
    wiring.outbox.skip(_rows(answer.done))
    return answer


def _end_pause(channel: str) -> None:
    """Staff who want something at once may know that Picqer is back."""
    wiring.channels.heard(channel)


def _answer(order_pks: Iterable[str], why_not: Callable[[str], Refusal | None]) -> Answer:
    refusals = {pk: why_not(pk) for pk in order_pks}
    return Answer(
        done=tuple(pk for pk, refusal in refusals.items() if refusal is None),
        refused={pk: refusal for pk, refusal in refusals.items() if refusal is not None},
    )


def _by_channel(order_pks: Iterable[str], channels: Mapping[str, str]) -> Mapping[str, list[str]]:
    by_channel: dict[str, list[str]] = defaultdict(list)
    for pk in order_pks:
        by_channel[channels[pk]].append(pk)
    return by_channel


def _rows(order_pks: Collection[str]) -> QuerySet[OutboxOrder]:
    return OutboxOrder.objects.filter(order_pk__in=order_pks)
