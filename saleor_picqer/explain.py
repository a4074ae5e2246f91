"""Why is this order not in Picqer? One answer for GraphQL and the command line.

The number of statements is the same for every order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from saleor_picqer import wiring
from saleor_picqer.config import configuration_values, parse_settings
from saleor_picqer.domain.explanations import Explanation
from saleor_picqer.domain.order_situation import ChannelSituation, OrderSituation, explain
from saleor_picqer.domain.orders import Order
from saleor_picqer.errors import IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.store import orders
from saleor_picqer.store.channels import read_state
from saleor_picqer.store.outbox_rows import entry_of


@dataclass(frozen=True, slots=True)
class ExplainedOrder:
    """The answer for an order of Saleor or of the outbox; `row` is None without a record."""

    order_pk: str
    channel: str
    row: Any | None
    explanation: Explanation


def explain_order(order_pk: str, using: str = "default") -> ExplainedOrder | None:
    """Say where an order is, or why it is not sent; None if there is no such order."""
    row = orders.by_order_pks([order_pk], using).first()
    found = host().orders.peek(order_pk, using)
    if row is not None:
        channel = row.channel
    elif found is not None:
        channel = found.channel
    else:
        return None
    situation = _situation(row, found, _channel_situation(channel, using))
    return ExplainedOrder(order_pk, channel, row, explain(situation))


def _situation(row: Any | None, order: Order | None, channel: ChannelSituation) -> OrderSituation:
    situation = OrderSituation(timezone.now(), channel, order)
    if row is None:
        return situation
    return replace(
        situation,
        entry=entry_of(row),
        dirty=row.dirty,
        not_before=_local(row.not_before),
        leased_until=_local(row.leased_until),
    )


def _channel_situation(channel: str, using: str) -> ChannelSituation:
    """Read the channel; staff have to see in the answer when its settings do not work."""
    rows = host().channels.configurations(using)
    slug = host().channels.slug(channel, using)
    found = next((row for row in rows if host().channels.pk_of(row) == channel), None)
    if found is None:
        return ChannelSituation(slug, is_set_up=False, active=False)
    situation = _with_state(ChannelSituation(slug, active=found.active), channel, using)
    try:
        settings = parse_settings(channel, configuration_values(found.configuration))
        account = wiring.build_account(settings).name
    except IntegrationError as error:
        return replace(situation, problem=error.explain())
    return replace(
        situation,
        orders=settings.orders,
        account=account,
        since=settings.orders_from or situation.since,
    )


def _with_state(situation: ChannelSituation, channel: str, using: str) -> ChannelSituation:
    state = read_state(channel, using)
    if state is None:
        return situation
    return replace(
        situation,
        since=state.orders_from,
        is_copy=state.public_address != host().channels.public_address(),
        swept_until=_local(state.swept_until),
        open_until=_local(state.open_until),
    )


def _local(moment: datetime | None) -> datetime | None:
    """Return the time in the shop's time zone, in which staff read it."""
    return None if moment is None else timezone.localtime(moment)
