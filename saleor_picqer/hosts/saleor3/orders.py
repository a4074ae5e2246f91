"""Orders of Saleor 3: queries, notes and metadata."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from saleor.core.db.expressions import PostgresJsonConcatenate
from saleor.order import OrderEvents, OrderStatus, events
from saleor.order.calculations import fetch_order_prices_if_expired
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderEvent
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer import extensions
from saleor_picqer.hosts.common.orders import Orders, possible_numbers, with_lines
from saleor_picqer.hosts.common.queries import in_chunks
from saleor_picqer.hosts.saleor3.apps import current_app

# From 3.23 the function takes the requestor and returns a promise.
_PRICES_TAKE_REQUESTOR: Final = (
    "requestor" in inspect.signature(fetch_order_prices_if_expired).parameters
)


# Events after which goods are open again, or have come back.
_TAKEN_BACK: Final = OrderEvent.objects.filter(
    type__in=[
        OrderEvents.FULFILLMENT_CANCELED,
        OrderEvents.FULFILLMENT_REFUNDED,
        OrderEvents.FULFILLMENT_RETURNED,
        OrderEvents.FULFILLMENT_REPLACED,
    ]
)


class Saleor3Orders(Orders):
    traces_all_changes = True

    def write_metadata(
        self, order_pk: str, values: Mapping[str, str], public: Mapping[str, str]
    ) -> None:
        # One statement that merges inside the database: concurrent writers lose nothing.
        SaleorOrder.objects.filter(pk=order_pk).update(
            private_metadata=_merged("private_metadata", values),
            metadata=_merged("metadata", public),
        )

    def add_note(self, order_pk: str, message: str) -> None:
        order = SaleorOrder.objects.get(pk=order_pk)
        events.order_note_added_event(order=order, user=None, app=current_app(), message=message)

    def _rows(self) -> QuerySet[SaleorOrder]:
        return with_lines(_with_delivery("user", "billing_address", "shipping_address"))

    def _load(self, pk: str) -> SaleorOrder | None:
        order = super()._load(pk)
        if order is None or not _has_expired_prices(order):
            return order
        _refresh_prices(order)
        return super()._load(pk)

    def modified_since(self, channel: str, since: datetime) -> Iterator[SaleorOrder]:
        # Saleor expires orders without a new time of change.
        expired = Q(status=OrderStatus.EXPIRED, expired_at__gte=since)
        # Nor does it when goods come back and the order's status stays. As a list: a subquery
        # would have the database read all orders.
        taken_back = Q(pk__in=_taken_back_since(channel, since))
        rows = _with_delivery().filter(
            Q(updated_at__gte=since) | expired | taken_back, channel_id=channel
        )
        return in_chunks(
            rows.order_by("updated_at", "pk"),
            lambda last: (
                Q(updated_at__gt=last.updated_at) | Q(updated_at=last.updated_at, pk__gt=last.pk)
            ),
        )

    def with_delivery(self, pks: Collection[Any]) -> list[SaleorOrder]:
        return list(_with_delivery().filter(pk__in=list(pks)))

    def channels(self, pks: Collection[str]) -> dict[str, str]:
        rows = SaleorOrder.objects.filter(pk__in=list(pks))
        return {str(pk): str(channel) for pk, channel in rows.values_list("pk", "channel_id")}

    def find(self, numbers: Collection[str], using: str = "default") -> dict[str, str]:
        rows = SaleorOrder.objects.using(using).filter(number__in=possible_numbers(numbers))
        return {str(number): str(pk) for number, pk in rows.values_list("number", "pk")}

    def numbers(self, pks: Collection[str], using: str = "default") -> dict[str, str]:
        rows = SaleorOrder.objects.using(using).filter(pk__in=list(pks))
        return {str(pk): str(number) for pk, number in rows.values_list("pk", "number")}


def _merged(column: str, values: Mapping[str, str]) -> Any:
    """Merge values under the plugin's prefix into a column; empty values are removed."""
    prefix = extensions.metadata_prefix()
    known = {prefix + key: value for key, value in values.items() if value}
    removed = [prefix + key for key, value in values.items() if not value]
    kept = Func(
        Coalesce(F(column), Value({}, output_field=JSONField())),
        Value(removed, output_field=ArrayField(TextField())),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=JSONField(),
    )
    return PostgresJsonConcatenate(kept, Value(known, output_field=JSONField()))


def _with_delivery(*relations: str) -> QuerySet[SaleorOrder]:
    """Load orders with what `OrderReader.delivery` reads, and with further relations."""
    latest = _TAKEN_BACK.filter(order=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    orders = SaleorOrder.objects.select_related(
        "channel", "shipping_method", "collection_point", *relations
    )
    return orders.annotate(last_taken_back=Subquery(latest))


def _taken_back_since(channel: str, since: datetime) -> list[Any]:
    """Return pks of the channel's orders with goods returned since then."""
    events = _TAKEN_BACK.filter(order__channel_id=channel, date__gte=since)
    return list(events.values_list("order_id", flat=True).distinct().order_by())


def _has_expired_prices(order: SaleorOrder) -> bool:
    # Staff can edit unconfirmed orders, and Saleor calculates their prices only on reading.
    return order.should_refresh_prices and order.status == OrderStatus.UNCONFIRMED


def _refresh_prices(order: SaleorOrder) -> None:
    """Calculate and save the order's prices, as Saleor's own API does on reading."""
    manager = get_plugins_manager(allow_replica=False)
    if _PRICES_TAKE_REQUESTOR:
        fetch_order_prices_if_expired(order, manager, None).get()
    else:
        fetch_order_prices_if_expired(order, manager)
