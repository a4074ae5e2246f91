"""Orders of the shop: queries, fulfilment, notes and metadata."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from saleor.account.models import User
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine

from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.hosts.common.fulfilments import OPEN_STATES, Fulfilments
from saleor_picqer.hosts.common.order_reader import OrderReader


class Orders(ABC):
    """Orders of the shop: implements `sync.ports.shop.ShopOrders`."""

    # Whether `modified_since` finds every change that Saleor's API makes.
    traces_all_changes: ClassVar[bool]

    def __init__(self, reader: OrderReader, fulfilments: Fulfilments) -> None:
        self._reader = reader
        self._fulfilments = fulfilments

    # --- the port of the use cases

    def get(self, pk: str) -> Order | None:
        """Return the order, in a fixed number of queries.

        Raises SettingsError where the setting `SALEOR_PICQER` is wrong.
        """
        order = self._load(pk)
        return None if order is None else self._reader.as_data(order)

    def peek(self, pk: str, using: str) -> Order | None:
        """Return what decides whether and when the order is sent, in a fixed number of queries."""
        order = self._rows().using(using).filter(pk=pk).first()
        return None if order is None else self._reader.as_summary(order)

    def cancel(self, order_pk: str) -> bool:
        return self._fulfilments.cancel(order_pk)

    @abstractmethod
    def write_metadata(
        self, order_pk: str, values: Mapping[str, str], public: Mapping[str, str]
    ) -> None: ...

    @abstractmethod
    def add_note(self, order_pk: str, message: str) -> None: ...

    # --- customers

    def of_customer(self, customer: Any) -> list[str]:
        """Return pks of a registered customer's orders."""
        rows = SaleorOrder.objects.filter(user_id=customer.pk)
        return [str(pk) for pk in rows.values_list("pk", flat=True)]

    def existing_customers(self, pks: Collection[str]) -> set[str]:
        """Return the pks of customers not deleted from Saleor."""
        rows = User.objects.filter(pk__in=pks)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}

    # --- properties of one Saleor order

    def order_number(self, order: SaleorOrder) -> str:
        return self._reader.number(order)

    def channel(self, order: SaleorOrder) -> str:
        return self._reader.channel(order)

    def version(self, order: SaleorOrder) -> str:
        return self._reader.version(order)

    def state(self, order: SaleorOrder) -> OrderState:
        return self._reader.state(order)

    def is_placed(self, order: SaleorOrder) -> bool:
        """Return whether the order is neither a draft nor finished."""
        return self.state(order) in OPEN_STATES

    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        return self._reader.delivery(order, with_mark=with_mark)

    # --- queries

    @abstractmethod
    def _rows(self) -> QuerySet[SaleorOrder]:
        """Return all orders with the relations for `OrderReader.as_data`."""

    def _load(self, pk: str) -> SaleorOrder | None:
        return self._rows().filter(pk=pk).first()

    @abstractmethod
    def modified_since(self, channel: str, since: datetime) -> Iterator[SaleorOrder]:
        """Yield the channel's orders with possible changes since then, in every state.

        Reading their delivery and version needs no further query.
        """

    @abstractmethod
    def with_delivery(self, pks: Collection[Any]) -> list[SaleorOrder]:
        """Return orders whose `delivery` and `channel` can be read without a query."""

    @abstractmethod
    def channels(self, pks: Collection[str]) -> dict[str, str]:
        """Return the channels of existing orders by pk."""

    @abstractmethod
    def find(self, numbers: Collection[str], using: str = "default") -> dict[str, str]:
        """Return the pks of existing orders by number, read from database `using`."""

    @abstractmethod
    def numbers(self, pks: Collection[str], using: str = "default") -> dict[str, str]:
        """Return the numbers of existing orders by pk, read from database `using`."""


def with_lines(rows: QuerySet[SaleorOrder]) -> QuerySet[SaleorOrder]:
    """Load lines and variants too, in one more query for any number of orders."""
    return rows.prefetch_related(
        Prefetch("lines", SaleorOrderLine.objects.select_related("variant"))
    )


def possible_numbers(texts: Collection[str]) -> list[str]:
    """Return the texts that fit Saleor's integer column for order numbers."""
    return [text for text in texts if text.isdecimal() and len(text) < 10]
