"""Fulfilling and cancelling orders of Saleor 2.10."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from saleor.order.actions import (
    cancel_order,
    create_fulfillments,
    fulfillment_tracking_updated,
    send_fulfillment_confirmation_to_customer,
)
from saleor.order.emails import send_fulfillment_update
from saleor.order.models import Fulfillment
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.warehouse.models import Stock

from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.errors import DataError
from saleor_picqer.hosts.common.fulfilments import Fulfilments, write_parcels


class Saleor2Fulfilments(Fulfilments):
    def _create(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        tracking: Tracking,
        *,
        notify: bool,
    ) -> list[Fulfillment]:
        for warehouse_pk, rows in lines.items():
            for row in rows:
                _top_up(warehouse_pk, row["order_line"], row["quantity"])
        # Saleor 2.10 accepts the tracking code only afterwards, and the e-mail has to contain it.
        created = create_fulfillments(None, order, lines, notify_customer=False)
        for fulfillment in created:
            fulfillment.tracking_number = tracking.text
            write_parcels(fulfillment, tracking)
            if notify:
                # Saleor 2.10 enqueues the e-mail at once; the worker has to find the fulfilment.
                transaction.on_commit(partial(self._notify, fulfillment))
        return list(created)

    def _tell_tracking(self, fulfilment: Fulfillment, *, notify: bool) -> None:
        fulfillment_tracking_updated(fulfilment, None, fulfilment.tracking_number)
        if notify:
            send = partial(send_fulfillment_update.delay, fulfilment.order_id, fulfilment.pk)
            transaction.on_commit(send)

    def _notify(self, fulfilment: Fulfillment) -> None:
        send_fulfillment_confirmation_to_customer(fulfilment.order, fulfilment, None)

    def _cancel(self, order: SaleorOrder) -> None:
        cancel_order(order, None)


def _top_up(warehouse_pk: Any, line: SaleorOrderLine, amount: int) -> None:
    """Raise the stock as far as the shipment needs, creating the stock if necessary."""
    # Picqer decides what was shipped, but Saleor 2.10 refuses to ship more than its stock.
    if line.variant_id is None:
        raise DataError(f'the variant of SKU "{line.product_sku}" was deleted')
    stock, _ = Stock.objects.select_for_update(of=("self",)).get_or_create(
        warehouse_id=warehouse_pk, product_variant_id=line.variant_id
    )
    others = stock.allocations.exclude(order_line=line).aggregate(total=Sum("quantity_allocated"))
    own = line.allocations.aggregate(total=Sum("quantity_allocated"))
    missing = (others["total"] or 0) + max(amount, own["total"] or 0) - stock.quantity
    if missing > 0:
        Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + missing)
