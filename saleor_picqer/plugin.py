"""The plugin classes and their hooks: each records what changed, enqueues a task and returns.

A hook contains no logic, sends no HTTP request and never raises.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.error_codes import PluginErrorCode

from saleor_picqer import capture, config, connection, pull_endpoint, tasks, webhooks, wiring
from saleor_picqer.dashboard import installation, pages
from saleor_picqer.hosts import host
from saleor_picqer.product_hooks import ProductHooks
from saleor_picqer.settings_check import key_problem, summarise, validate_configuration

if TYPE_CHECKING:
    from saleor.order.models import Order
    from saleor.plugins.models import PluginConfiguration

logger = logging.getLogger(__name__)


class PicqerPlugin(BasePlugin):
    """Sends the orders of one channel to Picqer and receives Picqer's webhooks."""

    PLUGIN_ID = config.PLUGIN_ID
    # The dashboard lists plugins beside apps, and the plugin's app is called "Picqer".
    PLUGIN_NAME = "Picqer settings"
    PLUGIN_DESCRIPTION = (
        "Picqer picks, packs and ships the orders of this channel and provides its stock."
    )
    CONFIGURATION_PER_CHANNEL = True
    DEFAULT_CONFIGURATION = config.default_configuration(outputs=host().has_read_only_settings)
    CONFIG_STRUCTURE = config.config_structure(outputs=host().has_read_only_settings)

    @property
    def channel_pk(self) -> str | None:
        """The channel of the instance; None for an instance without a channel."""
        return host().channels.pk_of_plugin(self)

    # --- hooks about orders
    # Saleor looks hooks up by name, so those that a line does not have are simply never called.
    # Which one was called does not matter: a worker reads the order itself.

    def order_created(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_placed([order], previous_value)

    def order_confirmed(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_paid(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_fully_paid(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_updated(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_metadata_updated(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        # Staff can override mapped fields through metadata. The plugin's own metadata is written
        # without calling this hook, so no loop can start.
        return self.orders_changed([order], previous_value)

    def order_cancelled(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_expired(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def orders_placed(self, orders: list[Order], previous_value: Any) -> Any:
        """Record new orders, in at most two statements for one order."""
        self._record(lambda channel: capture.capture_placed(self._settings(channel), orders))
        return previous_value

    def orders_changed(self, orders: list[Order], previous_value: Any) -> Any:
        """Record that orders changed, in one statement."""
        self._record(lambda _: capture.capture_changed(orders))
        # Saleor 2.10 calls hooks within its transaction, with some of the stocks locked.
        pks = [str(order.pk) for order in orders]
        transaction.on_commit(lambda: self._recount_stock(pks))
        return previous_value

    def _recount_stock(self, order_pks: list[str]) -> None:
        """Count stock anew whose allocations may have changed."""
        if not self.active:
            return
        try:
            capture.recount_stock(order_pks)
        except Exception:
            logger.exception("The stock of changed orders is counted anew by the next sweep")

    def _record(self, capture_orders: Callable[[str], list[str]]) -> None:
        # Saleor 2.10 calls hooks of inactive plugins too.
        channel = self.channel_pk
        if not self.active or channel is None:
            return
        # An exception would lose the hooks of other plugins (Saleor 3) or even the order, after
        # its payment was captured (Saleor 2.10). The savepoint keeps Saleor's transaction usable.
        try:
            with transaction.atomic():
                pks = capture_orders(channel)
            for pk in pks:
                tasks.enqueue(tasks.push_order, pk)
        except Exception:
            logger.exception("Orders could not be recorded for Picqer; the sweeper will do it")

    def _settings(self, channel: str) -> config.Settings:
        values = config.configuration_values(self.configuration)
        return config.parse_settings(channel, values)

    # --- webhooks

    def webhook(self, request: HttpRequest, path: str, previous_value: Any = None) -> HttpResponse:
        return receive(request, path, self.channel_pk)

    # --- settings

    @classmethod
    def validate_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, **_: Any
    ) -> None:
        """Refuse settings that do not work, unless the plugin is inactive."""
        if not plugin_configuration.active:
            return
        if problems := validate_configuration(plugin_configuration):
            raise _validation_error(problems)

    @classmethod
    def save_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, cleaned_data: dict[str, Any]
    ) -> PluginConfiguration:
        """Save the settings, then have a worker register or remove the channel's webhooks."""
        with transaction.atomic():
            _lock(plugin_configuration)
            stored, changes = plugin_configuration.configuration, cleaned_data.get("configuration")
            if problem := key_problem(stored, changes):
                raise _validation_error([problem])
            before = connection.StoredSettings.of(plugin_configuration)
            saved = super().save_plugin_configuration(plugin_configuration, cleaned_data)
            connection.settings_saved(before, connection.StoredSettings.of(saved))
            enqueue_hooks()
            tasks.enqueue_counts()
        installation.bring_in_step()
        return saved

    def resolve_plugin_configuration(self, request: Any) -> Any:
        """Return the settings for Saleor's form, with the fields that cannot be changed."""
        return config.with_outputs(self.configuration, self._outputs())

    def _outputs(self) -> dict[str, str]:
        channel = self.channel_pk
        if channel is None:
            return {}
        with host().access.allow_db():
            # Saleor has masked the secrets in `self.configuration` by now.
            row = host().channels.configuration(channel)
            state = connection.describe(connection.StoredSettings.of(row)) if row else ""
        return {
            "webhook_address": host().channels.webhook_url(channel),
            "connection_state": state or "Not set up yet.",
        }


def _lock(plugin_configuration: PluginConfiguration) -> None:
    """Read a stored configuration again, and let others who save it wait for the commit."""
    # Without this, two people who save different settings at once lose the changes of one.
    rows = type(plugin_configuration).objects.select_for_update(of=("self",))
    if present := rows.filter(pk=plugin_configuration.pk).first():
        plugin_configuration.active = present.active
        plugin_configuration.configuration = config.complete(present.configuration)


def receive(request: HttpRequest, path: str, channel: str | None = None) -> HttpResponse:
    """Answer a request below the plugin's URL; the path may name a channel by primary key."""
    if page := pages.serve(request):
        return page
    endpoint = pull_endpoint if pull_endpoint.serves(path) else webhooks
    return endpoint.receive(request, path, channel)


def _validation_error(problems: Iterable[config.SettingProblem]) -> ValidationError:
    """Return Saleor's error for settings that are not valid."""
    code = PluginErrorCode.PLUGIN_MISCONFIGURED.value
    by_setting: dict[str, list[ValidationError]] = defaultdict(list)
    messages = []
    for name, message in problems:
        by_setting[name].append(ValidationError(message, code=code))
        messages.append(message)
    if len(messages) > 1:
        # The dashboard shows each error in a box that covers the one before.
        by_setting[[*by_setting][-1]].append(summarise(messages, code))
    return ValidationError(by_setting)


def enqueue_hooks() -> None:
    """Have workers register and remove webhooks in Picqer."""
    for pk in wiring.hook_registrations.due():
        tasks.enqueue(tasks.sync_hooks, pk)


def forget_configuration(instance: PluginConfiguration, **_: Any) -> None:
    """Have the webhooks of a channel removed whose configuration is about to be deleted."""
    if instance.identifier != config.PLUGIN_ID:
        return
    try:
        with transaction.atomic():
            connection.settings_deleted(connection.StoredSettings.of(instance))
        enqueue_hooks()
    except Exception:
        logger.exception("The webhooks of a deleted channel will stay in Picqer")


class GlobalPicqerPlugin(ProductHooks, BasePlugin):
    """Takes the hooks that Saleor 3 calls for no channel and passes them to PicqerPlugin.

    Picqer's webhooks arrive here too: this plugin's URL survives a new slug of the channel.

    Always active, without settings, hidden in the dashboard.
    """

    # Saleor calls hooks without a channel on global plugins; a plugin that is configured per
    # channel gets them only if the manager happens to have loaded it.
    PLUGIN_ID = config.GLOBAL_PLUGIN_ID
    PLUGIN_NAME = "Picqer (hooks without a channel)"
    CONFIGURATION_PER_CHANNEL = False
    DEFAULT_ACTIVE = True
    HIDDEN = True

    def order_bulk_created(
        self, orders: Sequence[Order], previous_value: Any = None, **_: Any
    ) -> Any:
        try:
            _record_by_channel(orders)
        except Exception:
            logger.exception("Imported orders could not be recorded; the sweeper will do it")
        return previous_value

    def webhook(self, request: HttpRequest, path: str, previous_value: Any = None) -> HttpResponse:
        return receive(request, path)


def _record_by_channel(orders: Sequence[Order]) -> None:
    """Record new orders of any channels, loading all orders in one query."""
    by_channel: dict[str, list[Order]] = defaultdict(list)
    for order in host().orders.with_delivery([order.pk for order in orders]):
        by_channel[host().orders.channel(order)].append(order)
    for channel, plugin in host().channels.plugins(by_channel).items():
        plugin.orders_placed(by_channel[channel], None)
