"""The filter of the list of deliveries, which also chooses deliveries to replay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene

from saleor_picqer.graphql.orders.ids import order_pk
from saleor_picqer.graphql.status.enums import PicqerEventStatus
from saleor_picqer.hosts import host
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

    class Meta:
        description = "Conditions on webhook deliveries; all of them have to be met."


def read_filter(
    channels: Collection[str] | None, given: Mapping[str, Any] | None
) -> DeliveryFilter:
    """Return the conditions of a request. Raises GraphQLError for an id that is not an order's."""
    given = dict(given or {})
    order = given.pop("order", None)
    return DeliveryFilter(
        channels=channels, order_pk=None if order is None else order_pk(order), **given
    )
