"""The one place where adapters meet ports."""

from __future__ import annotations

from django.core.cache import cache

from saleor_picqer.config import Settings, settings_from, values_of
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.picqer.account import Account
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway import Gateway
from saleor_picqer.store.inbox import Inbox
from saleor_picqer.store.links import Links, Secrets
from saleor_picqer.store.outbox import Outbox
from saleor_picqer.sync.ports import Context

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


def context_of(settings: Settings) -> Context:
    """Everything that the use cases of one channel need."""
    account = account_of(settings)
    return Context(
        settings=settings,
        shop=host(),
        picqer=Gateway(PicqerClient(account), cache),
        outbox=outbox,
        links=Links(account.name),
        secrets=secrets,
    )


def context_for(channel: str) -> Context:
    return context_of(settings_of(channel))


def channel_of_order(order_pk: str) -> str | None:
    """The channel of an order that is in the outbox."""
    return OutboxOrder.objects.filter(order_pk=order_pk).values_list("channel", flat=True).first()


def active_channels() -> list[str]:
    """Slugs of the channels where the plugin is switched on."""
    return [host().channel_of(row) for row in host().configurations() if row.active]


def check(settings: Settings) -> None:
    """One request to Picqer; raises an error of the tree when the settings do not work."""
    context_of(settings).picqer.check()
