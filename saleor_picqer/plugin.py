"""The hooks that Saleor calls: is it active? -> record and enqueue -> return.

No logic, no HTTP, and never an exception: one would lose the hooks of others (Saleor 3) or the
order itself, after its payment was captured (Saleor 2.10).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.error_codes import PluginErrorCode

from saleor_picqer import capture, config, tasks, webhooks, wiring
from saleor_picqer.hosts import host, plugin_hooks
from saleor_picqer.settings_check import find_problems

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
        return self.orders_placed([order], previous_value)

    def order_fully_paid(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_updated(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_cancelled(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def orders_placed(self, orders: list[Order], previous_value: Any) -> Any:
        """At most two statements for one order, whatever its lines."""
        self._take_in(lambda: capture.capture_placed(self._settings(), orders))
        return previous_value

    def orders_changed(self, orders: list[Order], previous_value: Any) -> Any:
        """Which hook came does not matter: a worker looks at the order itself. One statement."""
        self._take_in(lambda: capture.capture_changed(orders))
        return previous_value

    def _take_in(self, note: Callable[[], list[str]]) -> None:
        """In a savepoint of its own: whatever fails here, the sweeper makes up for it."""
        if not self.active or self.channel_slug is None:
            return
        try:
            with transaction.atomic():
                pks = note()
            for pk in pks:
                tasks.enqueue(tasks.push_order, pk)
        except Exception:
            logger.exception("Orders could not be recorded for Picqer; the sweeper will")

    def _settings(self) -> config.Settings:
        values = config.configuration_values(self.configuration)
        return config.parse_settings(self.channel_slug, values)

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
        if problems := find_problems(plugin_configuration):
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
        channel = host().channels.slug_of(saved)
        if saved.active:
            wiring.watermark.start(channel)
            wiring.outbox.wake(channel)
        wiring.hook_registrations.mark_stale(channel)
        tasks.enqueue(tasks.sync_hooks, channel)
        return saved
