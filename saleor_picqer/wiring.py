"""The one place where adapters meet ports."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from saleor_picqer.config import Settings, settings_from, values_of
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.picqer.account import Account
from saleor_picqer.picqer.client import Governor, Lane, PicqerClient
from saleor_picqer.picqer.gateway import Gateway
from saleor_picqer.store.channels import Channels
from saleor_picqer.store.inbox import Inbox
from saleor_picqer.store.links import Links, Secrets
from saleor_picqer.store.outbox import Outbox
from saleor_picqer.sync.ports import Context

_PATIENCE: Final = {Lane.ORDERS: 30, Lane.STOCK: 30, Lane.CATALOGUE: 180}
"""Seconds that one request may wait for the rate limit before its work is put off."""

channels = Channels()
outbox = Outbox()
inbox = Inbox()
secrets = Secrets()


def settings_of(channel: str) -> Settings:
    """The channel's stored settings, whether the plugin is active there or not.

    Raises SettingsError when there are none or one of them is invalid.
    """
    configuration = host().configuration(channel)
    if configuration is None:
        raise SettingsError("channel", f'the plugin is not set up for channel "{channel}"')
    return settings_from(channel, values_of(configuration.configuration))


def account_of(settings: Settings) -> Account:
    """Raises SettingsError for an address that cannot be one of Picqer."""
    return Account(
        endpoint=settings.endpoint,
        api_key=settings.api_key,
        storefront=settings.storefront,
        contact_email=settings.contact_email,
    )


def context_of(settings: Settings, lane: Lane = Lane.ORDERS) -> Context:
    """Everything that the use cases of one channel need; `lane` says how urgent they are."""
    account = account_of(settings)
    client = PicqerClient(
        account, governor=Governor(cache, account), lane=lane, patience=_PATIENCE[lane]
    )
    return Context(
        settings=settings,
        shop=host(),
        picqer=Gateway(client, cache),
        outbox=outbox,
        links=Links(account.name),
        account=account.name,
        secrets=secrets,
        since=channels.orders_from(settings.channel),
    )


def context_for(channel: str, lane: Lane = Lane.ORDERS) -> Context:
    return context_of(settings_of(channel), lane)


def channel_of_order(order_pk: str) -> str | None:
    """The channel of an order that is in the outbox."""
    return OutboxOrder.objects.filter(order_pk=order_pk).values_list("channel", flat=True).first()


def active_channels() -> list[str]:
    """Slugs of the channels where the plugin is switched on."""
    return [host().channel_of(row) for row in host().configurations() if row.active]


def check(settings: Settings) -> None:
    """One quick request to Picqer; raises an error of the tree when the settings do not work."""
    with PicqerClient(account_of(settings), timeout=(3, 10), patience=3) as client:
        client.stats.get()
