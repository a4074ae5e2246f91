"""The filter of the list of deliveries, which also chooses deliveries to replay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene

from saleor_picqer.graphql.orders.ids import MAX_ORDERS, order_pk
from saleor_picqer.graphql.status.enums import PicqerEventStatus
from saleor_picqer.hosts import host
from saleor_picqer.store import orders
from saleor_picqer.store.deliveries import DeliveryFilter

DateTime = host().access.graphql_datetime()


class PicqerDeliveryFilterInput(graphene.InputObjectType):
    status = PicqerEventStatus(description="Only deliveries with this status.")
    event = graphene.String(
        description='Only deliveries of this event, for example "orders.status_changed".'
    )
    since = DateTime(description="Only deliveries that came at this time or later.")
    until = DateTime(description="Only deliveries that came before this time.")
    order = graphene.ID(description="Only deliveries about the Saleor order with this ID.")
    order_number = graphene.String(
        description=(
            "Only deliveries about orders with this number in Saleor or in Picqer, or this"
            " reference in Picqer."
        )
    )

    class Meta:
        description = "Conditions on webhook deliveries; all of them have to be met."


def read_filter(
    channels: Collection[str] | None, given: Mapping[str, Any] | None, using: str = "default"
) -> DeliveryFilter:
    """Return the conditions of a request. Raises GraphQLError for an id that is not an order's."""
    given = dict(given or {})
    order, number = given.pop("order", None), given.pop("order_number", None)
    found = None if order is None else {order_pk(order)}
    if number is not None:
        numbered = _numbered(number, using)
        found = numbered if found is None else found & numbered
    return DeliveryFilter(channels=channels, order_pks=found, **given)


def _numbered(number: str, using: str) -> set[str]:
    """Return the pks of the orders with a number in Saleor or in Picqer."""
    in_saleor = host().orders.find([number], using).values()
    rows = orders.with_number(orders.search(using=using), number, in_saleor)
    return set(rows.values_list("order_pk", flat=True)[:MAX_ORDERS])
