"""Fulfilling and cancelling orders of Saleor 3."""

from __future__ import annotations

import inspect
from typing import Any, Final

from django.contrib.sites.models import Site
from django.db import transaction
from saleor.giftcard.utils import deactivate_order_gift_cards
from saleor.order.actions import (
    cancel_order,
    create_fulfillments,
    fulfillment_tracking_updated,
)
from saleor.order.models import Fulfillment
from saleor.order.models import Order as SaleorOrder
from saleor.order.notifications import (
    send_fulfillment_confirmation_to_customer,
    send_fulfillment_update,
)
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.hosts.common.fulfilments import Fulfilments, write_parcels

# Only some of the Saleor 3 lines take this argument.
_CANCEL_TAKES_SETTINGS: Final = "site_settings" in inspect.signature(cancel_order).parameters


class Saleor3Fulfilments(Fulfilments):
    def _create(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        tracking: Tracking,
        *,
        notify: bool,
    ) -> list[Fulfillment]:
        created = create_fulfillments(
            None,
            None,
            order,
            lines,
            get_plugins_manager(allow_replica=False),
            _site_settings(),
            notify_customer=notify,
            auto_approved=True,
            # Picqer decides what was shipped; the next stock pull corrects Saleor's quantities.
            allow_stock_to_be_exceeded=True,
            tracking_number=tracking.text,
        )
        # Before the commit, after which Saleor tells apps and the customer of the fulfilment.
        for fulfilment in created:
            write_parcels(fulfilment, tracking)
        return list(created)

    def _tell_tracking(self, fulfilment: Fulfillment, *, notify: bool) -> None:
        manager = get_plugins_manager(allow_replica=False)
        fulfillment_tracking_updated(fulfilment, None, None, fulfilment.tracking_number, manager)
        if notify:
            order = fulfilment.order
            transaction.on_commit(lambda: send_fulfillment_update(order, fulfilment, manager))

    def _notify(self, fulfilment: Fulfillment) -> None:
        manager = get_plugins_manager(allow_replica=False)
        send_fulfillment_confirmation_to_customer(fulfilment.order, fulfilment, None, None, manager)

    def _cancel(self, order: SaleorOrder) -> None:
        manager = get_plugins_manager(allow_replica=False)
        settings = {"site_settings": _site_settings()} if _CANCEL_TAKES_SETTINGS else {}
        cancel_order(order, None, None, manager, **settings)
        # Saleor's own mutation does this too; `cancel_order` alone leaves gift cards usable.
        deactivate_order_gift_cards(order.id, None, None)


def _site_settings() -> Any:
    site: Any = Site.objects.get_current()
    return site.settings
