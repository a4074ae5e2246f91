"""Translation of a loaded Saleor order into `domain.orders.Order`."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from saleor.account.models import Address as SaleorAddress
from saleor.order import OrderEvents
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine

from saleor_picqer import extensions
from saleor_picqer.domain.orders import Address, Order, OrderLine, OrderState
from saleor_picqer.domain.shipping import Delivery


class OrderReader(ABC):
    """Reads loaded Saleor orders."""

    @abstractmethod
    def number(self, order: SaleorOrder) -> str:
        """Return the number by which shop and customer know the order."""

    @abstractmethod
    def channel(self, order: SaleorOrder) -> str:
        """Return the primary key of the order's channel."""

    @abstractmethod
    def version(self, order: SaleorOrder) -> str:
        """Return a text that differs after each change of the order."""

    @abstractmethod
    def state(self, order: SaleorOrder) -> OrderState:
        """Return the order's state without a query."""

    @abstractmethod
    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        """Return how the order is to be delivered; reading the mark may cost a query."""

    def as_data(self, order: SaleorOrder) -> Order:
        """Translate the order; raises SettingsError where the setting `SALEOR_PICQER` is wrong."""
        prefix = extensions.metadata_prefix()
        return replace(
            self.as_summary(order),
            email=order.get_customer_email() or "",
            customer=str(order.user_id or ""),
            language=order.language_code or "",
            note=order.customer_note or "",
            shipping=_address(order.shipping_address),
            billing=_address(order.billing_address),
            method_fields=own_metadata(self._method_metadata(order), prefix),
            lines=self._lines(order, prefix),
            metadata=own_metadata(order.metadata, prefix),
            private_metadata=own_metadata(order.private_metadata, prefix),
            extra=extensions.order_fields(order),
        )

    def as_summary(self, order: SaleorOrder) -> Order:
        """Translate what decides when the order is sent; no code of the shop is called."""
        paid = self._is_paid(order)
        return Order(
            pk=str(order.pk),
            number=self.number(order),
            channel=self.channel(order),
            version=self.version(order),
            state=self.state(order),
            paid=paid,
            authorized=paid or self._is_authorized(order),
            placed_at=self._placed_at(order),
            delivery=self.delivery(order, with_mark=True),
            lines=tuple(map(_line_summary, order.lines.all())),
        )

    def _lines(self, order: SaleorOrder, prefix: str) -> tuple[OrderLine, ...]:
        # Saleor's default ordering is the one that the customer sees.
        lines = list(order.lines.all())
        totals = self._line_totals(order, lines)
        return tuple(
            self._line(line, total, prefix) for line, total in zip(lines, totals, strict=True)
        )

    def _line(self, line: SaleorOrderLine, total: Decimal, prefix: str) -> OrderLine:
        return replace(
            _line_summary(line),
            total=total,
            tax_rate=self._tax_rate(line),
            # Saleor 2.10 has neither gifts nor metadata on lines.
            gift=getattr(line, "is_gift", False),
            metadata=own_metadata(getattr(line, "metadata", None), prefix),
            private_metadata=own_metadata(getattr(line, "private_metadata", None), prefix),
            extra=extensions.order_line_fields(line),
        )

    def _placed_at(self, order: SaleorOrder) -> datetime:
        """Return when the customer placed the order, or when staff completed the draft."""
        if self._was_drafted(order):
            completed = order.events.filter(type=OrderEvents.PLACED_FROM_DRAFT)
            date: datetime | None = completed.aggregate(date=Max("date"))["date"]
            return date or self._created_at(order)
        return self._created_at(order)

    @abstractmethod
    def _is_paid(self, order: SaleorOrder) -> bool: ...

    @abstractmethod
    def _is_authorized(self, order: SaleorOrder) -> bool:
        """Return whether the payment of an unpaid order is authorised in full."""

    @abstractmethod
    def _was_drafted(self, order: SaleorOrder) -> bool:
        """Return whether the order may have begun as a draft, before it was placed."""

    @abstractmethod
    def _created_at(self, order: SaleorOrder) -> datetime: ...

    @abstractmethod
    def _method_metadata(self, order: SaleorOrder) -> Mapping[str, Any]:
        """Return the private metadata of the order's shipping method or collection point."""

    @abstractmethod
    def _line_totals(
        self, order: SaleorOrder, lines: Sequence[SaleorOrderLine]
    ) -> Sequence[Decimal]:
        """Return the net total of each line, after discounts, for the line's full quantity."""
        # Gift cards are a means of payment and discounts on shipping concern no line: neither
        # lowers these totals.

    @abstractmethod
    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        """Return the line's tax rate in percent; None where Saleor does not know the rate."""


def own_metadata(metadata: Mapping[str, Any] | None, prefix: str) -> dict[str, str]:
    """Return the metadata whose keys carry the prefix, with the prefix removed."""
    # Saleor's API writes only text, but other programs may have written anything.
    return {
        key.removeprefix(prefix): value if isinstance(value, str) else json.dumps(value)
        for key, value in (metadata or {}).items()
        if key.startswith(prefix) and value is not None
    }


def _line_summary(line: SaleorOrderLine) -> OrderLine:
    return OrderLine(
        pk=str(line.pk),
        sku=_sku(line),
        name=" ".join(filter(None, (line.product_name, line.variant_name))),
        quantity=line.quantity,
        total=Decimal(0),
        fulfilled=line.quantity_fulfilled,
        ships=line.is_shipping_required,
        variant=str(line.variant_id or ""),
    )


def _sku(line: SaleorOrderLine) -> str:
    # Imported orders of Saleor 3 may lack the SKU although the line has a variant.
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
