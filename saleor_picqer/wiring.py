"""Connection of the use cases' ports with the adapters, in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.cache import cache as django_cache
from django.dispatch import Signal
from django.utils.crypto import salted_hmac

from saleor_picqer import extensions
from saleor_picqer.config import Settings, configuration_values, parse_settings
from saleor_picqer.domain.catalogue import Candidate, SendProducts, catalogue_sources
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.cache import SafeCache
from saleor_picqer.picqer.client import Budget, PicqerClient, Priority, RateLimiter
from saleor_picqer.picqer.gateway import Gateway
from saleor_picqer.store import fulfilment_links, payments
from saleor_picqer.store.catalogue import CatalogueOutbox
from saleor_picqer.store.channels import CircuitBreaker, Watermark
from saleor_picqer.store.fulfilment_links import DueEmail
from saleor_picqer.store.hooks import HookRegistrations
from saleor_picqer.store.inbox import Inbox
from saleor_picqer.store.links import Links
from saleor_picqer.store.outbox import Outbox
from saleor_picqer.store.payments import Captures
from saleor_picqer.store.periodic import PeriodicTask
from saleor_picqer.store.readings import StockReadings
from saleor_picqer.store.reservations import StockReservations
from saleor_picqer.sync.ports import Context, Shop

# Seconds that one request may wait for the rate limit before its task is postponed: Saleor's own
# tasks need the worker.
_MAX_WAIT: Final = {Priority.ORDERS: 5, Priority.STOCK: 5, Priority.CATALOGUE: 5}

cache = SafeCache(django_cache)
circuit_breaker = CircuitBreaker()
watermark = Watermark()
hook_registrations = HookRegistrations()
outbox = Outbox()
inbox = Inbox()
sweeper = PeriodicTask("sweep")
# Sent with the `account` of which products are to be read again.
stock_requested = Signal()
customer_check = PeriodicTask("customer check")


def load_settings(channel: str) -> Settings:
    """Return the channel's stored settings, whether the plugin is active or not.

    Raises SettingsError if the channel has no settings or one of them is invalid.
    """
    configuration = host().channels.configuration(channel)
    if configuration is None:
        slug = host().channels.slug(channel)
        raise SettingsError("channel", f'the plugin is not set up for channel "{slug}"')
    return parse_settings(channel, configuration_values(configuration.configuration))


def build_account(settings: Settings) -> PicqerAccount:
    """Return the channel's Picqer account; raises SettingsError if the address is not Picqer's."""
    return PicqerAccount(
        endpoint=settings.endpoint,
        api_key=settings.api_key,
        storefront=settings.storefront,
        contact_email=settings.contact_email,
        plain_http_hosts=extensions.plain_http_hosts(),
    )


def build_context(settings: Settings, priority: Priority = Priority.ORDERS) -> Context:
    """Connect all adapters of one channel; requests to Picqer get the given priority."""
    account = build_account(settings)
    client = PicqerClient(
        account,
        rate_limiter=RateLimiter(cache, account),
        priority=priority,
        max_wait=_MAX_WAIT[priority],
    )
    return Context(
        settings=settings,
        shop=_shop(settings.product_language),
        picqer=Gateway(client, cache),
        outbox=outbox,
        readings=build_readings(account.name),
        reservations=StockReservations(account.name),
        links=Links(account.name),
        captures=Captures(),
        catalogue=CatalogueOutbox(account.name),
        account=account.name,
        since=settings.orders_from or watermark.orders_from(settings.channel),
        digest_key=salted_hmac("saleor_picqer.digests", "").hexdigest(),
    )


def _shop(language: str) -> Shop:
    """Return the shop with the texts of products in a language."""
    return replace(host(), catalogue=host().catalogue.in_language(language))


def rate_limit(settings: Settings) -> int:
    """Return how many requests a minute Picqer allows the channel's account."""
    return RateLimiter(cache, build_account(settings)).limit()


def budget(channel: str, using: str = "default") -> Budget | None:
    """Return what is left of Picqer's limit as the workers know it, without a request.

    None where that is not known, or where the settings are not valid.
    """
    for row in host().channels.configurations(using):
        if host().channels.pk_of(row) == channel:
            values = configuration_values(row.configuration)
            try:
                account = build_account(parse_settings(channel, values))
            except SettingsError:
                return None
            return RateLimiter(cache, account).budget()
    return None


def build_readings(account: str) -> StockReadings:
    return StockReadings(
        account, lambda account: stock_requested.send(sender=None, account=account)
    )


@dataclass(frozen=True)
class StockTables:
    """Implements `sync.ports.StockAccount`, for calculations that send no request."""

    shop: Shop
    readings: StockReadings
    reservations: StockReservations
    links: Links


def stock_tables(account: str) -> StockTables:
    return StockTables(
        shop=host(),
        readings=build_readings(account),
        reservations=StockReservations(account),
        links=Links(account),
    )


def stock_reader(account: str) -> PeriodicTask:
    """Return the task that reads the account's requested products."""
    return PeriodicTask(f"stock of {account}")


def stock_counter(account: str) -> PeriodicTask:
    """Return the task that counts all stock of the account anew."""
    return PeriodicTask(f"count of {account}")


def context_for_channel(channel: str, priority: Priority = Priority.ORDERS) -> Context:
    return build_context(load_settings(channel), priority)


def due_emails(limit: int) -> list[DueEmail]:
    """Return the customers' e-mails that are due in the active channels, the oldest first."""
    return fulfilment_links.due_emails(active_channels(), limit)


def due_captures(limit: int) -> list[tuple[str, str]]:
    """Return channel and order of the payments to capture in the active channels."""
    return payments.due_captures(active_channels(), limit)


def context_for_run(channel: str) -> Context:
    """Connect the adapters of a channel for a run that compares all products."""
    context = context_for_catalogue(channel)
    owner = catalogue_owners().get(context.account)
    sends = owner in {None, channel} and _sends(context)
    return replace(context, sends_products=sends, siblings=tuple(_siblings(context)))


def context_for_catalogue(channel: str) -> Context:
    """Connect the adapters of a channel for products.

    The catalogue of the channel that sends products has those of the account's other channels too.
    """
    context = context_for_channel(channel, Priority.CATALOGUE)
    rows = [*_active_configurations()]
    candidates = _candidates(row for _, row in rows)
    sources = catalogue_sources(candidates.get(context.account, ()))
    if sources[:1] != (channel,):
        return context
    others = {
        one.channel for name, each in candidates.items() if name != context.account for one in each
    }
    # A channel with wrong settings counts, so that its products do not become inactive meanwhile.
    elsewhere = [pk for pk, _ in rows if pk not in others and pk not in sources]
    catalogue = host().catalogue.in_language(context.settings.product_language)
    shared = catalogue.shared_with(sources[1:], elsewhere)
    return replace(context, shop=replace(host(), catalogue=shared))


def _siblings(context: Context) -> Iterator[Context]:
    for channel in channels_by_account().get(context.account, []):
        if channel != context.channel:
            yield replace(context, settings=load_settings(channel))


def _sends(context: Context) -> bool:
    return context.settings.send_products is not SendProducts.NEVER


def active_channels() -> list[str]:
    """Return the channels in which the plugin is active.

    Without those of a copied database, where the plugin was switched on at another address.
    """
    return [channel for channel, _ in _active_configurations()]


def account_by_channel() -> Mapping[str, str | None]:
    """Return the Picqer account of each active channel, None where the settings are wrong."""
    found: dict[str, str | None] = {}
    for channel, configuration in _active_configurations():
        values = configuration_values(configuration.configuration)
        try:
            found[channel] = build_account(parse_settings(channel, values)).name
        except SettingsError:
            found[channel] = None
    return found


def channels_by_account() -> Mapping[str, list[str]]:
    """Return the active channels of each Picqer account, without channels with wrong settings."""
    channels: dict[str, list[str]] = defaultdict(list)
    for channel, account in account_by_channel().items():
        if account is not None:
            channels[account].append(channel)
    return channels


def has_mirrors(account: str) -> bool:
    """Return whether a warehouse of the Picqer account is mirrored in the shop."""
    return bool(Links(account).warehouses.all())


def account_of(channel: str) -> str | None:
    """Return the Picqer account of a channel; None if its settings are not valid."""
    configuration = host().channels.configuration(channel)
    return None if configuration is None else account_in(channel, configuration)


def account_in(channel: str, configuration: Any) -> str | None:
    """Return the Picqer account of a stored configuration; None if its settings are not valid."""
    values = configuration_values(configuration.configuration)
    try:
        return build_account(parse_settings(channel, values)).name
    except SettingsError:
        return None


def catalogue_owners() -> Mapping[str, str]:
    """Return the channel that sends products, by Picqer account."""
    return _owners(row for _, row in _active_configurations())


@dataclass(frozen=True)
class AccountInUse:
    """A Picqer account of channels in which the plugin is switched on.

    `sources` are the channels whose products are sent; the first of them sends them.
    """

    name: str
    channels: tuple[str, ...]
    sources: tuple[str, ...]


def accounts_in_use(using: str = "default") -> list[AccountInUse]:
    """Return the Picqer accounts of the shop, in one statement."""
    candidates = _candidates(row for row in host().channels.configurations(using) if row.active)
    return [
        AccountInUse(name, tuple(one.channel for one in each), catalogue_sources(each))
        for name, each in sorted(candidates.items())
    ]


def sending_accounts() -> list[str]:
    """Return the accounts to which products are sent, in one statement.

    In a copied database as well: only a worker asks where it is.
    """
    return [*_owners(row for row in host().channels.configurations() if row.active)]


def _owners(configurations: Iterable[Any]) -> Mapping[str, str]:
    candidates = _candidates(configurations)
    sources = {account: catalogue_sources(each) for account, each in candidates.items()}
    return {account: channels[0] for account, channels in sources.items() if channels}


def _candidates(configurations: Iterable[Any]) -> Mapping[str, list[Candidate]]:
    """Return the channels by Picqer account, without channels with wrong settings."""
    candidates: dict[str, list[Candidate]] = defaultdict(list)
    for row in configurations:
        channel = host().channels.pk_of(row)
        try:
            settings = parse_settings(channel, configuration_values(row.configuration))
            account = build_account(settings).name
        except SettingsError:
            continue
        candidates[account].append(Candidate(channel, settings.send_products))
    return candidates


def is_copy(channel: str) -> bool:
    """Return whether the plugin was switched on at another public address than the present one."""
    address = watermark.addresses().get(channel)
    return address is not None and address != host().channels.public_address()


def _active_configurations() -> Iterator[tuple[str, Any]]:
    here = host().channels.public_address()
    addresses = watermark.addresses()
    for row in host().channels.configurations():
        channel = host().channels.pk_of(row)
        if row.active and addresses.get(channel, here) == here:
            yield channel, row
