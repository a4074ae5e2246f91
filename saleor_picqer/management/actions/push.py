"""`manage.py picqer push`: send orders to Picqer regardless of the settings."""

from __future__ import annotations

from collections.abc import Collection

from saleor_picqer import order_actions
from saleor_picqer.management.actions.order_base import OrderSubcommand


class Push(OrderSubcommand):
    name = "push"
    help = "send orders to Picqer regardless of the settings, also if they were sent before"

    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.push(order_pks)
