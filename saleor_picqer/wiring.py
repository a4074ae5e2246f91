"""The one place where adapters meet ports."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from saleor_picqer.config import Settings, configuration_values, parse_settings
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.client import PicqerClient, Priority, RateLimiter
from saleor_picqer.picqer.gateway import Gateway
from saleor_picqer.store.channels import CircuitBreaker, HookRegistrations, Watermark
from saleor_picqer.store.inbox import Inbox
from saleor_picqer.store.links import Links, Secrets
from saleor_picqer.store.outbox import Outbox
from saleor_picqer.sync.ports import Context

_MAX_WAIT: Final = {Priority.ORDERS: 30, Priority.STOCK: 30, Priority.CATALOGUE: 180}
"""Seconds that one request may wait for the rate limit before its work is put off."""

circuit_breaker = CircuitBreaker()
watermark = Watermark()
hook_registrations = HookRegistrations()
outbox = Outbox()
inbox = Inbox()
secrets = Secrets()


def load_settings(channel: str) -> Settings:
    """The channel's stored settings, whether the plugin is active there or not.

    Raises SettingsError when there are none or one of them is invalid.
    """
    configuration = host().channels.configuration(channel)
    if configuration is None:
        raise SettingsError("channel", f'the plugin is not set up for channel "{channel}"')
    return parse_settings(channel, configuration_values(configuration.configuration))


def build_account(settings: Settings) -> PicqerAccount:
    """Raises SettingsError for an address that cannot be one of Picqer."""
    return PicqerAccount(
        endpoint=settings.endpoint,
        api_key=settings.api_key,
        storefront=settings.storefront,
        contact_email=settings.contact_email,
    )


def build_context(settings: Settings, priority: Priority = Priority.ORDERS) -> Context:
    """Everything that the use cases of one channel need; `priority` says how urgent they are."""
    account = build_account(settings)
    client = PicqerClient(
        account,
        rate_limiter=RateLimiter(cache, account),
        priority=priority,
        max_wait=_MAX_WAIT[priority],
    )
    return Context(
        settings=settings,
        shop=host(),
        picqer=Gateway(client, cache),
        outbox=outbox,
        reservations=outbox,
        links=Links(account.name),
        account=account.name,
        secrets=secrets,
        since=watermark.orders_from(settings.channel),
    )


def context_for_channel(channel: str, priority: Priority = Priority.ORDERS) -> Context:
    return build_context(load_settings(channel), priority)


def channel_of_order(order_pk: str) -> str | None:
    """The channel of an order that is in the outbox."""
    return OutboxOrder.objects.filter(order_pk=order_pk).values_list("channel", flat=True).first()


def active_channels() -> list[str]:
    """Slugs of the channels where the plugin is switched on."""
    return [host().channels.slug_of(row) for row in host().channels.configurations() if row.active]


def check(settings: Settings) -> None:
    """One quick request to Picqer; raises an error of the tree when the settings do not work."""
    with PicqerClient(build_account(settings), timeout=(3, 10), max_wait=3) as client:
        client.stats.get()
