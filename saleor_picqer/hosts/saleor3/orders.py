"""Orders of Saleor 3.21 to 3.23. What Saleor says of their prices and payment is what counts."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from saleor.core.db.expressions import PostgresJsonConcatenate
from saleor.order import OrderAuthorizeStatus, OrderChargeStatus, OrderOrigin, OrderStatus, events
from saleor.order.calculations import fetch_order_prices_if_expired
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer import extensions
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.percentages import percentage_of
from saleor_picqer.domain.shipping import MARK_KEY, Delivery
from saleor_picqer.hosts.common.orders import (
    OPEN_STATES,
    HostOrders,
    in_chunks,
    with_lines,
)

_STATES: Final = {
    OrderStatus.DRAFT: OrderState.DRAFT,
    OrderStatus.UNCONFIRMED: OrderState.UNCONFIRMED,
    OrderStatus.UNFULFILLED: OrderState.OPEN,
    OrderStatus.PARTIALLY_FULFILLED: OrderState.OPEN,
    OrderStatus.CANCELED: OrderState.CANCELLED,
    OrderStatus.EXPIRED: OrderState.CANCELLED,
}
_OPEN: Final = [status for status, state in _STATES.items() if state in OPEN_STATES]
_CHARGED: Final = frozenset({OrderChargeStatus.FULL, OrderChargeStatus.OVERCHARGED})
_NEVER_DRAFTED: Final = frozenset({OrderOrigin.CHECKOUT, OrderOrigin.BULK_CREATE})


class Saleor3Orders(HostOrders):
    # --- one order

    def _load_order(self, pk: str) -> SaleorOrder | None:
        """Two queries: the order and its lines.

        Unconfirmed orders can be edited, and Saleor works out their prices when somebody looks.
        """
        orders = with_lines(_with_delivery("user", "billing_address", "shipping_address"))
        order = orders.filter(pk=pk).first()
        if order is None or not _has_old_prices(order):
            return order
        _refresh_prices(order)
        return orders.filter(pk=pk).first()

    def _order_number(self, order: SaleorOrder) -> str:
        return str(order.number)

    def channel_slug(self, order: SaleorOrder) -> str:
        return str(order.channel.slug)

    def state(self, order: SaleorOrder) -> OrderState:
        return _STATES.get(order.status, OrderState.CLOSED)

    def _is_paid(self, order: SaleorOrder) -> bool:
        return order.charge_status in _CHARGED or order.total_gross_amount <= 0

    def _is_authorized(self, order: SaleorOrder) -> bool:
        return order.authorize_status == OrderAuthorizeStatus.FULL

    def _was_drafted(self, order: SaleorOrder) -> bool:
        return order.origin not in _NEVER_DRAFTED

    def _created_at(self, order: SaleorOrder) -> datetime:
        return order.created_at

    def _method_metadata(self, order: SaleorOrder) -> Mapping[str, Any]:
        """What the method says now, and above it what the order remembers of it.

        3.21 and 3.22 remember it of external methods only, 3.23 of all.
        """
        method = order.shipping_method or order.collection_point
        live = method.private_metadata if method else None
        return (live or {}) | (order.shipping_method_private_metadata or {})

    def _line_totals(
        self, order: SaleorOrder, lines: Sequence[SaleorOrderLine]
    ) -> Sequence[Decimal]:
        """Saleor spreads discounts on the whole order over the lines itself."""
        return [line.total_price_net_amount for line in lines]

    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        return None if line.tax_rate is None else percentage_of(line.tax_rate)

    # --- which orders there are

    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        return Delivery(
            order.shipping_method_name or order.collection_point_name or "",
            _mark(order) if with_mark else None,
            is_collection=not order.shipping_method_name and bool(order.collection_point_name),
        )

    def modified_since(self, channel: str, since: datetime) -> Iterator[SaleorOrder]:
        rows = _with_delivery().filter(
            channel__slug=channel, status__in=_OPEN, updated_at__gte=since
        )
        return in_chunks(
            rows.order_by("updated_at", "pk"),
            lambda last: (
                Q(updated_at__gt=last.updated_at) | Q(updated_at=last.updated_at, pk__gt=last.pk)
            ),
        )

    def with_delivery(self, pks: Collection[Any]) -> list[SaleorOrder]:
        return list(_with_delivery().filter(pk__in=list(pks)))

    def find(self, numbers: Collection[str], using: str = "default") -> dict[str, str]:
        possible = [number for number in numbers if number.isdecimal() and len(number) < 10]
        rows = SaleorOrder.objects.using(using).filter(number__in=possible)
        return {str(number): str(pk) for number, pk in rows.values_list("number", "pk")}

    def numbers(self, pks: Collection[str], using: str = "default") -> dict[str, str]:
        rows = SaleorOrder.objects.using(using).filter(pk__in=list(pks))
        return {str(pk): str(number) for pk, number in rows.values_list("pk", "number")}

    # --- what is written on it

    def write_metadata(self, order_pk: str, values: Mapping[str, str]) -> None:
        """One statement on that column alone: nothing that others write meanwhile is lost."""
        prefix = extensions.metadata_prefix()
        known = {prefix + key: value for key, value in values.items() if value}
        gone = [prefix + key for key, value in values.items() if not value]
        kept = Func(
            Coalesce(F("private_metadata"), Value({}, output_field=JSONField())),
            Value(gone, output_field=ArrayField(TextField())),
            template="(%(expressions)s)",
            arg_joiner=" - ",
            output_field=JSONField(),
        )
        SaleorOrder.objects.filter(pk=order_pk).update(
            private_metadata=PostgresJsonConcatenate(kept, Value(known, output_field=JSONField()))
        )

    def add_note(self, order_pk: str, message: str) -> None:
        order = SaleorOrder.objects.get(pk=order_pk)
        events.order_note_added_event(order=order, user=None, app=None, message=message)


def _with_delivery(*relations: str) -> QuerySet[SaleorOrder]:
    """Orders with what `delivery` and `channel_of_order` read."""
    return SaleorOrder.objects.select_related(
        "channel", "shipping_method", "collection_point", *relations
    )


def _mark(order: SaleorOrder) -> str | None:
    """The method is only asked where the order does not remember its mark: that costs a query."""
    mark = (order.shipping_method_private_metadata or {}).get(MARK_KEY)
    if mark is None and (method := order.shipping_method or order.collection_point):
        mark = (method.private_metadata or {}).get(MARK_KEY)
    return None if mark is None else str(mark)


def _has_old_prices(order: SaleorOrder) -> bool:
    return order.should_refresh_prices and order.status == OrderStatus.UNCONFIRMED


_PRICES_TAKE_REQUESTOR: Final = (
    "requestor" in inspect.signature(fetch_order_prices_if_expired).parameters
)


def _refresh_prices(order: SaleorOrder) -> None:
    """What Saleor does when somebody looks; 3.23 wants to know who, and answers with a promise."""
    manager = get_plugins_manager(allow_replica=False)
    if _PRICES_TAKE_REQUESTOR:
        fetch_order_prices_if_expired(order, manager, None).get()
    else:
        fetch_order_prices_if_expired(order, manager)
