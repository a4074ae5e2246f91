"""Fulfilling and cancelling orders of Saleor 3."""

from __future__ import annotations

import inspect
from typing import Any, Final

from django.contrib.sites.models import Site
from saleor.giftcard.utils import deactivate_order_gift_cards
from saleor.order.actions import cancel_order, create_fulfillments
from saleor.order.models import Order as SaleorOrder
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer.hosts.common.fulfilments import Fulfilments

# Only some of the Saleor 3 lines take this argument.
_CANCEL_TAKES_SETTINGS: Final = "site_settings" in inspect.signature(cancel_order).parameters


class Saleor3Fulfilments(Fulfilments):
    def _create(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        *,
        tracking: str,
        notify: bool,
    ) -> str:
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
            tracking_number=tracking[:255],
        )
        return str(created[0].pk)

    def _cancel(self, order: SaleorOrder) -> None:
        manager = get_plugins_manager(allow_replica=False)
        settings = {"site_settings": _site_settings()} if _CANCEL_TAKES_SETTINGS else {}
        cancel_order(order, None, None, manager, **settings)
        # Saleor's own mutation does this too; `cancel_order` alone leaves gift cards usable.
        deactivate_order_gift_cards(order.id, None, None)


def _site_settings() -> Any:
    site: Any = Site.objects.get_current()
    return site.settings
