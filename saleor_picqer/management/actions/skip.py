"""`manage.py picqer skip`: keep orders from being sent to Picqer."""

from __future__ import annotations

from collections.abc import Collection

from saleor_picqer import order_actions
from saleor_picqer.management.actions.order_base import OrderSubcommand


class Skip(OrderSubcommand):
    name = "skip"
    help = "keep orders that are not in Picqer from being sent, until they are pushed"
    queued = "skipped"

    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.skip(order_pks)
