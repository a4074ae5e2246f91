"""Orders of Saleor 2.10: queries, notes and metadata."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from saleor.order import OrderEvents, events
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderEvent

from saleor_picqer import extensions
from saleor_picqer.hosts.common.orders import Orders, possible_numbers, with_lines
from saleor_picqer.hosts.common.queries import in_chunks
from saleor_picqer.hosts.saleor2.channels import CHANNEL


class Saleor2Orders(Orders):
    # A new address, for example, leaves no event.
    traces_all_changes = False

    @transaction.atomic
    def write_metadata(
        self, order_pk: str, values: Mapping[str, str], public: Mapping[str, str]
    ) -> None:
        # Saleor 2.10 can only write whole columns: the lock keeps what others write meanwhile.
        order = SaleorOrder.objects.select_for_update(of=("self",)).filter(pk=order_pk).first()
        if order is None:
            return
        order.private_metadata = _merged(order.private_metadata, values)
        order.metadata = _merged(order.metadata, public)
        order.save(update_fields=["private_metadata", "metadata"])

    def add_note(self, order_pk: str, message: str) -> None:
        order = SaleorOrder.objects.get(pk=order_pk)
        events.order_note_added_event(order=order, user=None, message=message)

    def _rows(self) -> QuerySet[SaleorOrder]:
        orders = _with_delivery("user", "voucher", "billing_address", "shipping_address")
        return with_lines(orders)

    def modified_since(self, channel: str, since: datetime) -> Iterator[SaleorOrder]:
        """Yield orders with an event since then, or placed since then."""
        rows = _with_delivery().filter(
            Q(created__gte=since) | Q(Exists(_changes().filter(date__gte=since)))
        )
        return in_chunks(rows.order_by("pk"), lambda last: Q(pk__gt=last.pk))

    def with_delivery(self, pks: Collection[Any]) -> list[SaleorOrder]:
        return list(_with_delivery().filter(pk__in=list(pks)))

    def channels(self, pks: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(self.numbers(pks), CHANNEL)

    def find(self, numbers: Collection[str], using: str = "default") -> dict[str, str]:
        # An order's number is its primary key.
        rows = SaleorOrder.objects.using(using).filter(pk__in=possible_numbers(numbers))
        return {str(pk): str(pk) for pk in rows.values_list("pk", flat=True)}

    def numbers(self, pks: Collection[str], using: str = "default") -> dict[str, str]:
        return self.find(pks, using)


def _merged(metadata: dict[str, Any] | None, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the metadata with the values under the plugin's prefix; empty values are removed."""
    prefix = extensions.metadata_prefix()
    changed = {prefix + key: value for key, value in values.items()}
    merged = (metadata or {}) | changed
    return {key: value for key, value in merged.items() if value or key not in changed}


def _with_delivery(*relations: str) -> QuerySet[SaleorOrder]:
    """Load orders with what `OrderReader` reads, and with further relations."""
    latest = _changes().order_by("-pk").values("pk")[:1]
    orders = SaleorOrder.objects.select_related("shipping_method", *relations)
    return orders.annotate(last_event=Subquery(latest))


def _changes() -> QuerySet[OrderEvent]:
    """Return the events of an outer query's order, without the plugin's own notes."""
    own = Q(type=OrderEvents.NOTE_ADDED, user=None)
    return OrderEvent.objects.exclude(own).filter(order=OuterRef("pk"))
