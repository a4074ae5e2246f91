"""What all lines have in common: models and arithmetic that are the same in each of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from saleor.account.models import Address as SaleorAddress
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.plugins.models import PluginConfiguration
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Stock, Warehouse

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.domain.orders import Address, Order, OrderLine, OrderState
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.errors import DataError
from saleor_picqer.hosts import stocks
from saleor_picqer.sync.ports import ReservedOrders

CHUNK: Final = 500
"""Variants that are read at once."""


class Host(ABC):
    """One line of Saleor: `sync.ports.Shop`, and what the plugin needs around it."""

    has_shipping_metadata: ClassVar[bool]
    """Whether staff can mark a shipping method through its private metadata."""

    # --- the host itself

    @property
    @abstractmethod
    def version(self) -> str:
        """The version of Saleor, such as 3.23.28."""

    @abstractmethod
    def allow_db(self) -> AbstractContextManager[Any]:
        """Allows the use of the main database outside of a request."""

    def reader(self, info: Any) -> str:
        """Alias of the database that a GraphQL query reads from."""
        return "default"

    @abstractmethod
    def manage_plugins(self) -> Any:
        """The permission to manage plugins."""

    @abstractmethod
    def graphql_datetime(self) -> Any:
        """The schema's scalar for points in time: a schema has only one of that name."""

    @abstractmethod
    def register_error_codes(self, codes: Iterable[str]) -> None:
        """Makes our error codes known where the line keeps a list of all of them."""

    @abstractmethod
    def configurations(self, using: str = "default") -> Any:
        """QuerySet of the plugin's stored configurations, in the database of that alias."""

    @abstractmethod
    def channel_of(self, configuration: PluginConfiguration) -> str:
        """Slug of the channel that a stored configuration is for."""

    def configuration(self, channel: str) -> PluginConfiguration | None:
        """The stored configuration of a channel, active or not."""
        rows = (row for row in self.configurations() if self.channel_of(row) == channel)
        return next(rows, None)

    def webhook_url(self, channel: str) -> str:
        return self._absolute(f"/plugins/channel/{channel}/{PLUGIN_ID}/webhooks")

    @abstractmethod
    def _absolute(self, path: str) -> str: ...

    # --- orders

    @abstractmethod
    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        """How the order is to be delivered; its mark may cost a query."""

    @abstractmethod
    def _load_order(self, pk: str) -> SaleorOrder | None: ...

    @abstractmethod
    def _order_number(self, order: SaleorOrder) -> str: ...

    @abstractmethod
    def _channel(self, order: SaleorOrder) -> str: ...

    @abstractmethod
    def _state(self, order: SaleorOrder) -> OrderState: ...

    @abstractmethod
    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        """Percentage, or None where the line knows none."""

    def order(self, pk: str) -> Order | None:
        order = self._load_order(pk)
        if order is None:
            return None
        return Order(
            pk=str(order.pk),
            number=self._order_number(order),
            channel=self._channel(order),
            state=self._state(order),
            email=order.get_customer_email() or "",
            language=order.language_code or "",
            note=order.customer_note or "",
            shipping=_address(order.shipping_address),
            billing=_address(order.billing_address),
            lines=tuple(map(self._line, sorted(order.lines.all(), key=lambda ln: str(ln.pk)))),
        )

    def _line(self, line: SaleorOrderLine) -> OrderLine:
        return OrderLine(
            pk=str(line.pk),
            sku=line.product_sku or "",
            name=" ".join(filter(None, (line.product_name, line.variant_name))),
            quantity=line.quantity,
            price=line.unit_price_net_amount,
            tax_rate=self._tax_rate(line),
            fulfilled=line.quantity_fulfilled,
            ships=line.is_shipping_required,
        )

    @transaction.atomic
    def fulfil(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        *,
        tracking: str,
        notify: bool,
    ) -> str | None:
        """Order, then lines, then stocks are locked, as Saleor itself does."""
        order = SaleorOrder.objects.select_for_update(of=("self",)).get(pk=order_pk)
        open_lines = self._lock_open_lines(order, quantities)
        if not open_lines:
            return None
        if self._state(order) is not OrderState.OPEN:
            raise DataError(f"the order is {order.status} and cannot be fulfilled")
        lines = _by_warehouse(open_lines, UUID(warehouse_pk) if warehouse_pk else None)
        return self._fulfil(order, lines, tracking=tracking, notify=notify)

    @abstractmethod
    def _fulfil(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        *,
        tracking: str,
        notify: bool,
    ) -> str: ...

    def _lock_open_lines(
        self, order: SaleorOrder, quantities: Mapping[str, int]
    ) -> list[tuple[SaleorOrderLine, int]]:
        lines = order.lines.order_by("pk").select_for_update(of=("self",))
        wanted = (
            (line, min(quantities[str(line.pk)], line.quantity_unfulfilled))
            for line in lines.filter(pk__in=list(quantities))
        )
        return [(line, amount) for line, amount in wanted if amount > 0]

    @transaction.atomic
    def cancel(self, order_pk: str) -> bool:
        order = SaleorOrder.objects.select_for_update(of=("self",)).get(pk=order_pk)
        if self._state(order) is OrderState.CANCELLED:
            return True
        if not order.can_cancel():
            return False
        self._cancel(order)
        return True

    @abstractmethod
    def _cancel(self, order: SaleorOrder) -> None: ...

    @abstractmethod
    def note(self, order_pk: str, message: str) -> None: ...

    # --- products

    @abstractmethod
    def _variants(self, channel: str) -> Any:
        """QuerySet of the channel's variants that have a SKU, with all that `_variant` reads."""

    @abstractmethod
    def _variant(self, variant: ProductVariant) -> Variant: ...

    def variants(self, channel: str) -> Iterator[Variant]:
        """In chunks by primary key: flat memory, and stable while products are added."""
        after = 0
        while chunk := list(self._variants(channel).filter(pk__gt=after).order_by("pk")[:CHUNK]):
            yield from map(self._variant, chunk)
            after = chunk[-1].pk

    def count_variants(self, channel: str) -> int:
        return int(self._variants(channel).count())

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        rows = self._variants(channel).filter(sku__in=list(skus))
        return {row.sku.strip(): self._variant(row) for row in rows}

    # --- warehouses and stock

    def mirror_warehouse(self, pk: str, name: str, channel: str) -> None:
        warehouse = Warehouse.objects.filter(pk=pk).first() or self._create_warehouse(
            pk, name, channel
        )
        if warehouse.name != name:
            warehouse.name = name
            warehouse.save(update_fields=["name"])
        self._link_warehouse(warehouse, channel)

    @transaction.atomic
    def _create_warehouse(self, pk: str, name: str, channel: str) -> Warehouse:
        address = SaleorAddress.objects.create(
            company_name=name[:256], country=self._country(channel)
        )
        slug = f"{slugify(name)[:200] or PLUGIN_ID}-{pk[:8]}"
        return Warehouse.objects.create(pk=pk, name=name[:250], slug=slug, address=address)

    @abstractmethod
    def _country(self, channel: str) -> str: ...

    @abstractmethod
    def _link_warehouse(self, warehouse: Warehouse, channel: str) -> None: ...

    @abstractmethod
    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None: ...

    @abstractmethod
    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]: ...

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        return stocks.set_stocks(warehouse_pk, levels, reserved, complete=complete)


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


def _by_warehouse(
    lines: list[tuple[SaleorOrderLine, int]], warehouse_pk: UUID | None
) -> dict[Any, list[dict[str, Any]]]:
    """Saleor's shape: warehouse pk -> [{"order_line": line, "quantity": amount}]."""
    grouped: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for line, amount in lines:
        grouped[warehouse_pk or _warehouse_of(line)].append(
            {"order_line": line, "quantity": amount}
        )
    return dict(grouped)


def _warehouse_of(line: SaleorOrderLine) -> Any:
    """Where its goods were promised from, else any warehouse that knows the product."""
    promised = Stock.objects.filter(allocations__order_line=line).order_by(
        "-allocations__quantity_allocated", "pk"
    )
    known = Stock.objects.filter(product_variant_id=line.variant_id).order_by("-quantity", "pk")
    stock = promised.first() or known.first()
    if stock is None:
        raise DataError(f'no warehouse has SKU "{line.product_sku}"')
    return stock.warehouse_id
