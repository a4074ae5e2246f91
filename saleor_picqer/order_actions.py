"""What staff can do about orders, whichever way they say it: in GraphQL or on the command line.

Each operation does what it can and answers, order by order, why not for the rest. The number of its
statements depends on the number of channels, not on that of the orders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from saleor_picqer import tasks, wiring
from saleor_picqer.domain.order_actions import (
    RefusalReason,
    check_push,
    check_retry,
    check_skip,
)
from saleor_picqer.hosts import host


@dataclass(frozen=True, slots=True)
class ActionResult:
    """Pks of the orders with which it was done, and why not with the others."""

    done: tuple[str, ...]
    refused: Mapping[str, RefusalReason]


def start(order_pks: Iterable[str]) -> None:
    """Tells the workers; whoever wants it done here and now calls the task instead."""
    for order_pk in order_pks:
        tasks.enqueue(tasks.push_order, order_pk)


@transaction.atomic
def push(order_pks: Collection[str]) -> ActionResult:
    """Has orders sent whatever the rules say, and sent again if they were sent before."""
    found = {str(order.pk): order for order in host().orders.with_delivery(order_pks)}
    known = wiring.outbox.locked(order_pks)
    active = wiring.active_channels()
    channels = {pk: host().orders.channel_slug(order) for pk, order in found.items()}

    def why_not(pk: str) -> RefusalReason | None:
        if pk not in found:
            return RefusalReason.NOT_FOUND
        state = host().orders.state(found[pk])
        return check_push(state, known.get(pk), active=channels[pk] in active)

    answer = _answer(order_pks, why_not)
    for channel, pks in _by_channel(answer.done, channels).items():
        wiring.outbox.push(pks, channel)
        _end_pause(channel)
    return answer


@transaction.atomic
def retry(order_pks: Collection[str]) -> ActionResult:
    """Has failed orders, and those that wait for another attempt, tried again at once."""
    known = wiring.outbox.locked(order_pks)
    active = wiring.active_channels()

    def why_not(pk: str) -> RefusalReason | None:
        entry = known.get(pk)
        return check_retry(entry, active=entry is not None and entry.channel in active)

    answer = _answer(order_pks, why_not)
    wiring.outbox.retry(answer.done)
    for channel in {known[pk].channel for pk in answer.done}:
        _end_pause(channel)
    return answer


def to_retry(channels: Collection[str]) -> list[str]:
    """Pks of all orders of these channels that can be retried, oldest first."""
    return wiring.outbox.retryable(channels)


@transaction.atomic
def skip(order_pks: Collection[str]) -> ActionResult:
    """Has orders that are not in Picqer never sent, also such as nobody has taken up yet."""
    known = wiring.outbox.locked(order_pks)
    unknown = [pk for pk in order_pks if pk not in known]
    found = {str(order.pk): order for order in host().orders.with_delivery(unknown)}

    def why_not(pk: str) -> RefusalReason | None:
        exists = pk in known or pk in found
        return check_skip(known.get(pk)) if exists else RefusalReason.NOT_FOUND

    answer = _answer(order_pks, why_not)
    channels = {pk: host().orders.channel_slug(order) for pk, order in found.items()}
    for channel, pks in _by_channel(found, channels).items():
        wiring.outbox.record(pks, channel)
    wiring.outbox.skip(answer.done)
    return answer


def _end_pause(channel: str) -> None:
    """Staff who want something at once may know that Picqer is back."""
    wiring.circuit_breaker.record_success(channel)


def _answer(
    order_pks: Iterable[str], why_not: Callable[[str], RefusalReason | None]
) -> ActionResult:
    refusals = {pk: why_not(pk) for pk in order_pks}
    return ActionResult(
        done=tuple(pk for pk, refusal in refusals.items() if refusal is None),
        refused={pk: refusal for pk, refusal in refusals.items() if refusal is not None},
    )


def _by_channel(order_pks: Iterable[str], channels: Mapping[str, str]) -> Mapping[str, list[str]]:
    by_channel: dict[str, list[str]] = defaultdict(list)
    for pk in order_pks:
        by_channel[channels[pk]].append(pk)
    return by_channel
