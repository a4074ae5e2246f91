"""Stock of Saleor 3, and Saleor's own events about it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, Final

from django.db import transaction
from saleor.plugins.manager import PluginsManager, get_plugins_manager
from saleor.warehouse.models import Stock as SaleorStock
from saleor.webhook.event_types import WebhookEventAsyncType as Event
from saleor.webhook.utils import get_webhooks_for_event

from saleor_picqer.hosts.common.stock import Stock
from saleor_picqer.hosts.common.stock_levels import Change

# From 3.23 on functions send the events, before that methods of the plugins' manager.
_FUNCTIONS: Final[Any] = (
    None
    if hasattr(PluginsManager, "product_variant_stocks_updated")
    else import_module("saleor.warehouse.webhooks.stock_events")
)

logger = logging.getLogger(__name__)


class Saleor3Stock(Stock):
    def _announce(self, changes: Sequence[Change]) -> None:
        """Tell Saleor's webhooks, after the commit, which stocks have changed."""
        transaction.on_commit(partial(_send, changes))


def _send(changes: Sequence[Change]) -> None:
    try:
        stocks = _saved(changes)
        sold_out = [stock for each, stock in stocks if each.before > 0 >= each.after]
        back = [stock for each, stock in stocks if each.before <= 0 < each.after]
        _call("product_variant_stocks_updated", Event.PRODUCT_VARIANT_STOCK_UPDATED)(
            [stock for _, stock in stocks]
        )
        _for_each("product_variant_out_of_stock", Event.PRODUCT_VARIANT_OUT_OF_STOCK, sold_out)
        _for_each("product_variant_back_in_stock", Event.PRODUCT_VARIANT_BACK_IN_STOCK, back)
    except Exception:
        # The stock itself is written; other apps see it when they ask.
        logger.exception("Saleor's events about changed stock were not sent")


def _saved(changes: Sequence[Change]) -> list[tuple[Change, SaleorStock]]:
    """Return the changes with the saved stocks: a new stock had no primary key yet."""
    new = [each.stock for each in changes if each.stock.pk is None]
    rows = SaleorStock.objects.filter(
        warehouse__in={stock.warehouse_id for stock in new},
        product_variant__in={stock.product_variant_id for stock in new},
    )
    saved = {(row.warehouse_id, row.product_variant_id): row for row in rows} if new else {}
    found = (
        (each, saved.get((each.stock.warehouse_id, each.stock.product_variant_id), each.stock))
        for each in changes
    )
    return [(each, stock) for each, stock in found if stock.pk is not None]


def _for_each(name: str, event: str, stocks: Sequence[SaleorStock]) -> None:
    send = _call(name, event) if stocks else None
    for stock in stocks:
        if send:
            send(stock)


def _call(name: str, event: str) -> Callable[[Any], None]:
    """Return the function that sends an event on the installed line; webhooks are read once."""
    webhooks = list(get_webhooks_for_event(event))
    if _FUNCTIONS is not None:
        return partial(_trigger, f"trigger_{name}", webhooks)
    method = getattr(get_plugins_manager(allow_replica=False), name)
    return partial(method, webhooks=webhooks)


def _trigger(name: str, webhooks: list[Any], subject: Any) -> None:
    getattr(_FUNCTIONS, name)(subject, None, webhooks=webhooks)
