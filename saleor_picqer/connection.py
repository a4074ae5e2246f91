"""What follows when a channel's settings are saved: webhooks, watermark, waiting orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saleor_picqer import wiring
from saleor_picqer.config import (
    SettingProblem,
    Settings,
    configuration_values,
    parse_settings,
    validate_settings,
)
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.store import alarms, recounts
from saleor_picqer.store.links import Links
from saleor_picqer.sync import warehouses


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """The settings of a channel as stored, valid or not."""

    channel: str
    active: bool
    values: Mapping[str, Any]

    @classmethod
    def of(cls, configuration: Any) -> StoredSettings:
        """Copy the settings: Saleor changes a stored configuration in place."""
        return cls(
            channel=host().channels.pk_of(configuration),
            active=configuration.active,
            values=configuration_values(configuration.configuration),
        )

    def parse(self) -> Settings | None:
        """Return the settings if they are valid."""
        try:
            return parse_settings(self.channel, self.values)
        except SettingsError:
            return None

    @property
    def account(self) -> str:
        """The Picqer account, or an empty text where the plugin is inactive or cannot work."""
        settings = self.parse() if self.active else None
        try:
            return wiring.build_account(settings).name if settings else ""
        except SettingsError:
            return ""


def settings_saved(before: StoredSettings, after: StoredSettings) -> None:
    """Plan the work that the change of the settings makes necessary."""
    channel = after.channel
    if before.account not in ("", after.account) and not wiring.is_copy(channel):
        wiring.hook_registrations.leave(channel, before.account, before.values)
    settings = after.parse()
    if settings is None or not after.account:
        return
    wiring.watermark.start(channel, host().channels.public_address(), after.account)
    if settings.orders_from:
        wiring.watermark.reach_back(channel, settings.orders_from)
    wiring.outbox.wake(channel)
    if not before.account and not host().orders.traces_all_changes:
        # While the plugin was off, no hook told of the changes that the sweeper cannot find.
        wiring.outbox.touch_processed(channel)
    if warehouses.keep_back(Links(after.account), channel, settings.warehouses.limits):
        recounts.request(after.account)
    wiring.inbox.wake(after.account)
    wiring.hook_registrations.mark_stale(channel, after.account)
    if before.account == after.account and before.values.get("api_key") != settings.api_key:
        wiring.hook_registrations.rotate(channel, after.account)


def settings_deleted(before: StoredSettings) -> None:
    """Have the webhooks removed, with the settings that are about to be deleted."""
    if before.account and not wiring.is_copy(before.channel):
        wiring.hook_registrations.leave(before.channel, before.account, before.values)


def copy_problem(after: StoredSettings) -> SettingProblem | None:
    """Refuse to switch the plugin on in a copied database that would use the shop's account."""
    account = after.account
    if not (account and wiring.is_copy(after.channel)):
        return None
    if account != wiring.watermark.account(after.channel):
        return None
    known = wiring.watermark.addresses()[after.channel]
    return SettingProblem(
        "endpoint",
        f"Picqer address: the plugin was switched on at {known}, and this is"
        f" {host().channels.public_address()}. If this is a copy of the shop, use another Picqer"
        " account. If the shop has moved, run `manage.py picqer confirm-address --moved`.",
    )


def describe(stored: StoredSettings) -> str:
    """Return the state of the connection in words, from what Saleor knows: without a request."""
    if not stored.active:
        return "Switched off."
    if problem := copy_problem(stored):
        return problem.message
    if problems := validate_settings(stored.values):
        return f"Not connected. {' '.join(f'{problem.message}.' for problem in problems)}"
    if raised := alarms.raised([stored.channel]):
        return " ".join(alarm.message for alarm in raised)
    rows = wiring.hook_registrations.of_channel(stored.channel)
    if any(row.stale_since is None for row in rows if row.account == stored.account):
        return f"Connected to {stored.account}. Picqer's webhooks are registered."
    return f"Connected to {stored.account}. A worker has yet to register the webhooks in Picqer."


def confirm_address(channel: str, *, moved: bool) -> None:
    """Let the plugin work at the present public address.

    `moved` tells that the former address is no longer in use, so that its webhooks are removed.
    Otherwise this is a copy, and the webhooks of the original stay as they are.
    """
    account = wiring.watermark.account(channel)
    wiring.watermark.start(channel, host().channels.public_address(), account)
    wiring.hook_registrations.mark_stale(channel, account)
    if not moved:
        wiring.hook_registrations.disown(channel, account)
