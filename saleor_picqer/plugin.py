"""The hooks that Saleor calls: is it active? -> record and enqueue -> return.

No logic, no HTTP, and never an exception: one would lose the hooks of others (Saleor 3) or the
order itself, after its payment was captured (Saleor 2.10).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.error_codes import PluginErrorCode

from saleor_picqer import config, tasks, webhooks, wiring
from saleor_picqer.hosts import host, plugin_hooks
from saleor_picqer.settings_check import problems_of

if TYPE_CHECKING:
    from saleor.order.models import Order
    from saleor.plugins.models import PluginConfiguration

logger = logging.getLogger(__name__)


Hooks: Any = plugin_hooks()


class PicqerPlugin(Hooks, BasePlugin):
    """Orders of one channel go to Picqer, and its webhooks arrive here."""

    PLUGIN_ID = config.PLUGIN_ID
    PLUGIN_NAME = "Picqer"
    PLUGIN_DESCRIPTION = "Orders are picked, packed and shipped in Picqer; stock comes from there."
    CONFIGURATION_PER_CHANNEL = True
    DEFAULT_CONFIGURATION = config.default_configuration()
    CONFIG_STRUCTURE = config.config_structure()

    # --- orders

    def order_created(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_fully_paid(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def orders_changed(self, orders: list[Order], previous_value: Any) -> Any:
        """Two statements whatever the number of orders, in a savepoint of their own."""
        try:
            with transaction.atomic():
                self._record(orders)
        except Exception:
            logger.exception("Orders could not be recorded for Picqer")
        return previous_value

    def _record(self, orders: list[Order]) -> None:
        if not self.active or self.channel_slug is None:
            return
        values = config.values_of(self.configuration)
        policy = config.settings_from(self.channel_slug, values).shipping_methods
        handled = [
            str(order.pk)
            for order in orders
            if policy.handles(host().delivery(order, with_mark=policy.reads_marks))
        ]
        if handled:
            wiring.outbox.record(handled, self.channel_slug)
        for order_pk in handled:
            tasks.enqueue(tasks.push_order, order_pk)

    # --- webhooks

    def receive(self, request: HttpRequest, path: str) -> HttpResponse:
        """Saleor's legacy URL reaches inactive plugins too, so that is checked here."""
        return webhooks.receive(request, self.channel_slug if self.active else None, path)

    # --- settings

    @classmethod
    def validate_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, **_: Any
    ) -> None:
        """An inactive plugin may be half configured; an active one has to work."""
        if not plugin_configuration.active:
            return
        if problems := problems_of(plugin_configuration):
            raise ValidationError(
                {
                    name: ValidationError(message, code=PluginErrorCode.PLUGIN_MISCONFIGURED.value)
                    for name, message in problems.items()
                }
            )

    @classmethod
    def save_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, cleaned_data: dict[str, Any]
    ) -> PluginConfiguration:
        saved = super().save_plugin_configuration(plugin_configuration, cleaned_data)
        tasks.enqueue(tasks.sync_hooks, host().channel_of(saved))
        return saved
