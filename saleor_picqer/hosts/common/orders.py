"""The shop's orders as data, and which of them were touched: what all lines have in common."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max, Prefetch, Q, QuerySet
from saleor.account.models import Address as SaleorAddress
from saleor.order import OrderEvents
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine

from saleor_picqer import extensions
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.orders import Address, Order, OrderLine, OrderState
from saleor_picqer.domain.shipping import Delivery

OPEN_STATES: Final = frozenset({OrderState.UNCONFIRMED, OrderState.OPEN})


class HostOrders(ABC):
    """The part of `Host` that reads orders, and writes nothing but what it is told to remember."""

    # --- one order

    def get(self, pk: str) -> Order | None:
        """Everything about the order, in a number of queries that its lines do not change.

        Raises SettingsError where the setting `SALEOR_PICQER` is at fault.
        """
        order = self._load_order(pk)
        return None if order is None else self._as_data(order)

    def _as_data(self, order: SaleorOrder) -> Order:
        prefix = extensions.metadata_prefix()
        paid = self._is_paid(order)
        return Order(
            pk=str(order.pk),
            number=self._order_number(order),
            channel=self.channel_slug(order),
            state=self.state(order),
            paid=paid,
            authorized=paid or self._is_authorized(order),
            placed_at=self._placed_at(order),
            email=order.get_customer_email() or "",
            customer=str(order.user_id or ""),
            language=order.language_code or "",
            note=order.customer_note or "",
            shipping=_address(order.shipping_address),
            billing=_address(order.billing_address),
            method=self.delivery(order, with_mark=False).method_name,
            method_fields=own_metadata(self._method_metadata(order), prefix),
            lines=self._lines(order, prefix),
            metadata=own_metadata(order.metadata, prefix),
            private_metadata=own_metadata(order.private_metadata, prefix),
            extra=extensions.order_fields(order),
        )

    def _lines(self, order: SaleorOrder, prefix: str) -> tuple[OrderLine, ...]:
        """In Saleor's own order, which is the customer's."""
        lines = list(order.lines.all())
        totals = self._line_totals(order, lines)
        return tuple(
            self._line(line, total, prefix) for line, total in zip(lines, totals, strict=True)
        )

    def _line(self, line: SaleorOrderLine, total: Decimal, prefix: str) -> OrderLine:
        return OrderLine(
            pk=str(line.pk),
            sku=_sku(line),
            name=" ".join(filter(None, (line.product_name, line.variant_name))),
            quantity=line.quantity,
            total=total,
            tax_rate=self._tax_rate(line),
            fulfilled=line.quantity_fulfilled,
            ships=line.is_shipping_required,
            gift=getattr(line, "is_gift", False),
            metadata=own_metadata(getattr(line, "metadata", None), prefix),
            private_metadata=own_metadata(getattr(line, "private_metadata", None), prefix),
            extra=extensions.order_line_fields(line),
        )

    @abstractmethod
    def _load_order(self, pk: str) -> SaleorOrder | None:
        """With everything loaded that is read here."""

    @abstractmethod
    def _order_number(self, order: SaleorOrder) -> str: ...

    @abstractmethod
    def channel_slug(self, order: SaleorOrder) -> str:
        """Slug of the order's channel."""

    @abstractmethod
    def state(self, order: SaleorOrder) -> OrderState:
        """Without a query."""

    @abstractmethod
    def _is_paid(self, order: SaleorOrder) -> bool: ...

    @abstractmethod
    def _is_authorized(self, order: SaleorOrder) -> bool:
        """Asked of orders that are not paid."""

    @abstractmethod
    def _was_drafted(self, order: SaleorOrder) -> bool:
        """Whether it may have been a draft, and so be older than its placing."""

    @abstractmethod
    def _created_at(self, order: SaleorOrder) -> datetime: ...

    def _placed_at(self, order: SaleorOrder) -> datetime:
        """Drafts are placed when staff completes them."""
        if self._was_drafted(order):
            completed = order.events.filter(type=OrderEvents.PLACED_FROM_DRAFT)
            date: datetime | None = completed.aggregate(date=Max("date"))["date"]
            return date or self._created_at(order)
        return self._created_at(order)

    @abstractmethod
    def _method_metadata(self, order: SaleorOrder) -> Mapping[str, Any]:
        """Private metadata of its shipping method or collection point."""

    @abstractmethod
    def _line_totals(
        self, order: SaleorOrder, lines: Sequence[SaleorOrderLine]
    ) -> Sequence[Decimal]:
        """Net prices of the lines after all discounts, of whole quantities.

        Gift cards are a means of payment, and discounts on shipping no discounts on lines.
        """

    @abstractmethod
    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        """Percentage, or None where the line knows none."""

    # --- which orders there are

    @abstractmethod
    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        """How the order is to be delivered; its mark may cost a query."""

    def is_placed(self, order: SaleorOrder) -> bool:
        """Whether it is an order, not a draft of one, and not over yet."""
        return self.state(order) in OPEN_STATES

    @abstractmethod
    def modified_since(self, channel: str, since: datetime) -> Iterator[SaleorOrder]:
        """Placed orders of the channel that something may have happened to since then.

        Oldest first; `delivery` asks no further query of them.
        """

    @abstractmethod
    def with_delivery(self, pks: Collection[Any]) -> list[SaleorOrder]:
        """These orders, loaded so that `delivery` and `channel_of_order` ask no further query."""

    @abstractmethod
    def find(self, numbers: Collection[str], using: str = "default") -> dict[str, str]:
        """Order number -> pk of those that exist, in the database of that alias."""

    @abstractmethod
    def numbers(self, pks: Collection[str], using: str = "default") -> dict[str, str]:
        """Pk -> order number of those that exist, in the database of that alias."""

    # --- what is written on it

    @abstractmethod
    def write_metadata(self, order_pk: str, values: Mapping[str, str]) -> None: ...

    @abstractmethod
    def add_note(self, order_pk: str, message: str) -> None: ...


def with_lines(rows: QuerySet[SaleorOrder]) -> QuerySet[SaleorOrder]:
    """At one more query, whatever their number."""
    return rows.prefetch_related(
        Prefetch("lines", SaleorOrderLine.objects.select_related("variant"))
    )


def own_metadata(metadata: Mapping[str, Any] | None, prefix: str) -> dict[str, str]:
    """What of it is meant for us, without the prefix.

    Saleor's API writes texts only; what other programs have written is shown as JSON.
    """
    return {
        key.removeprefix(prefix): value if isinstance(value, str) else json.dumps(value)
        for key, value in (metadata or {}).items()
        if key.startswith(prefix) and value is not None
    }


def in_chunks(
    rows: QuerySet[SaleorOrder], following: Callable[[SaleorOrder], Q]
) -> Iterator[SaleorOrder]:
    """Ordered rows, `BATCH_SIZE` at a time; `following` says which rows come after one of them."""
    chunk = list(rows[:BATCH_SIZE])
    yield from chunk
    while len(chunk) == BATCH_SIZE:
        chunk = list(rows.filter(following(chunk[-1]))[:BATCH_SIZE])
        yield from chunk


def _sku(line: SaleorOrderLine) -> str:
    """That of the order; imported orders may lack it although they know the variant (Saleor 3)."""
    return line.product_sku or getattr(line.variant, "sku", "") or ""


def _address(address: SaleorAddress | None) -> Address | None:
    if address is None:
        return None
    return Address(
        first_name=address.first_name,
        last_name=address.last_name,
        company=address.company_name,
        street1=address.street_address_1,
        street2=address.street_address_2,
        postal_code=address.postal_code,
        city=address.city,
        region=address.country_area,
        country=address.country.code or "",
        phone=str(address.phone or ""),
    )
