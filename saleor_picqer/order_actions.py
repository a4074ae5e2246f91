"""The actions of staff on orders, for GraphQL and the command line alike: push, retry and skip.

Each action accepts the orders it can and returns a reason for every other order. The number of
statements depends on the number of channels, not on the number of orders.
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
from saleor_picqer.store import orders


@dataclass(frozen=True, slots=True)
class ActionResult:
    """Pks of the orders that an action accepted, and the reason for each order it refused."""

    done: tuple[str, ...]
    refused: Mapping[str, RefusalReason]


def start(order_pks: Iterable[str]) -> None:
    """Send the accepted orders to Celery's workers."""
    for order_pk in order_pks:
        tasks.enqueue(tasks.push_order, order_pk)


@transaction.atomic
def push(order_pks: Collection[str]) -> ActionResult:
    """Have orders sent regardless of the settings, including orders that were sent before."""
    found = {str(order.pk): order for order in host().orders.with_delivery(order_pks)}
    known = wiring.outbox.locked(order_pks)
    active = wiring.active_channels()
    channels = {pk: host().orders.channel(order) for pk, order in found.items()}

    def check(pk: str) -> RefusalReason | None:
        if pk not in found:
            return RefusalReason.NOT_FOUND
        state = host().orders.state(found[pk])
        return check_push(state, known.get(pk), active=channels[pk] in active)

    result = _result(order_pks, check)
    for channel, pks in _by_channel(result.done, channels).items():
        wiring.outbox.push(pks, channel)
        _close_circuit(channel)
    return result


@transaction.atomic
def retry(order_pks: Collection[str]) -> ActionResult:
    """Have failed and postponed orders tried without delay."""
    known = wiring.outbox.locked(order_pks)
    active = wiring.active_channels()

    def check(pk: str) -> RefusalReason | None:
        entry = known.get(pk)
        return check_retry(entry, active=entry is not None and entry.channel in active)

    result = _result(order_pks, check)
    wiring.outbox.retry(result.done)
    for channel in {known[pk].channel for pk in result.done}:
        _close_circuit(channel)
    return result


def to_retry(channels: Collection[str]) -> list[str]:
    """Return pks of all orders of these channels that can be retried, the oldest first."""
    return wiring.outbox.retryable(channels)


def with_cause(channel: str, cause: str) -> list[str]:
    """Return pks of the channel's orders that are stopped by a cause, the oldest first."""
    rows = orders.with_cause(orders.search(channels=[channel]), cause)
    return list(rows.order_by("pk").values_list("order_pk", flat=True))


@transaction.atomic
def skip(order_pks: Collection[str]) -> ActionResult:
    """Keep orders that are not in Picqer from being sent, including orders not yet recorded."""
    known = wiring.outbox.locked(order_pks)
    unknown = [pk for pk in order_pks if pk not in known]
    found = {str(order.pk): order for order in host().orders.with_delivery(unknown)}

    def check(pk: str) -> RefusalReason | None:
        exists = pk in known or pk in found
        return check_skip(known.get(pk)) if exists else RefusalReason.NOT_FOUND

    result = _result(order_pks, check)
    channels = {pk: host().orders.channel(order) for pk, order in found.items()}
    for channel, pks in _by_channel(found, channels).items():
        wiring.outbox.record(pks, channel)
    wiring.outbox.skip(result.done)
    return result


def _close_circuit(channel: str) -> None:
    # Staff who ask for an attempt may know that Picqer answers again.
    wiring.circuit_breaker.record_success(channel)


def _result(order_pks: Iterable[str], check: Callable[[str], RefusalReason | None]) -> ActionResult:
    reasons = {pk: check(pk) for pk in order_pks}
    return ActionResult(
        done=tuple(pk for pk, reason in reasons.items() if reason is None),
        refused={pk: reason for pk, reason in reasons.items() if reason is not None},
    )


def _by_channel(order_pks: Iterable[str], channels: Mapping[str, str]) -> Mapping[str, list[str]]:
    by_channel: dict[str, list[str]] = defaultdict(list)
    for pk in order_pks:
        by_channel[channels[pk]].append(pk)
    return by_channel
