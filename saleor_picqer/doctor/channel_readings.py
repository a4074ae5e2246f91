"""What the doctor reads for each channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from saleor_picqer import alarms, extensions, wiring
from saleor_picqer.doctor.examination import Examination, NotExaminedError
from saleor_picqer.doctor.round_trip import read_round_trip
from saleor_picqer.domain.alarms import AlarmKey
from saleor_picqer.domain.doctor import account, goods
from saleor_picqer.domain.doctor.findings import CheckKey
from saleor_picqer.domain.hooks import hook_changes, hook_name
from saleor_picqer.errors import AccountSetupError, IntegrationError, SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.survey import ISO_COUNTRIES
from saleor_picqer.picqer.inspection import VAT_GROUPS, WAREHOUSES, WEBHOOKS, Inspection
from saleor_picqer.settings_check import entry_problems, local_problems
from saleor_picqer.store import catalogue, health, orders
from saleor_picqer.sync.warehouses import plan_for

# How many days back orders and fulfilments count, and how many orders are looked at.
_DAYS: Final = 30
_ORDERS: Final = 500
_EXAMPLES: Final = 5
# Reported by the checks of the sweeper and of the backlog.
_REPORTED_ELSEWHERE: Final = frozenset({AlarmKey.NO_WORKER, AlarmKey.BACKLOG})


def read_settings(one: Examination) -> account.StoredProblems:
    valid, problems = local_problems(one.configuration)
    # While Picqer does not answer, staff need not wait for more.
    if not problems and isinstance(_inspected(one), Inspection):
        problems = [*entry_problems(one.client, valid)]
    return account.StoredProblems(one.configuration.active, [each.message for each in problems])


def _inspected(one: Examination) -> Inspection | IntegrationError | None:
    try:
        return one.inspected
    except NotExaminedError:
        return None


def read_key(one: Examination) -> account.KeyFacts:
    found = one.inspected
    if isinstance(found, IntegrationError):
        return account.KeyFacts(problem=found.explain())
    return account.KeyFacts(found.user, found.missing, found.limit, found.remaining)


def read_webhooks(one: Examination) -> account.HookFacts:
    one.require(WEBHOOKS)
    hooks, address = one.inspection.hooks, host().channels.webhook_url(one.channel)
    rows = wiring.hook_registrations.of_channel(one.channel)
    row = next((each for each in rows if each.account == one.account), None)
    name = hook_name(one.channel, row.current if row else "")
    known = row.hook_ids if row else []
    path = address.removeprefix(host().channels.public_address())
    strange = {
        hook.address.removesuffix(path)
        for hook in hooks
        if hook.active and hook.id not in known and hook.address != address
        if hook.address.endswith(path)
    }
    return account.HookFacts(
        hook_changes(hooks, address, name, known), sorted(strange), row.last_error if row else ""
    )


def read_shipping_methods(one: Examination) -> goods.MethodFacts:
    return goods.MethodFacts(
        one.settings.shipping_methods,
        sorted(host().shipping.deliveries(one.channel), key=lambda each: each.method_name),
        host().survey.marked_nowhere(),
        host().shipping.has_others(),
    )


def read_other_shipments(one: Examination) -> goods.OtherShipments:
    """Find orders that were fulfilled from the mirrors and not sent to Picqer: 3 statements."""
    since = timezone.now() - timedelta(days=_DAYS)
    shipped = host().survey.orders_shipped_from(one.channel, one.mirrors, since, _ORDERS)
    others = orders.not_sent(shipped)
    numbers = host().orders.numbers(others)
    return goods.OtherShipments(
        [numbers.get(pk, pk) for pk in others], _DAYS, all_read=len(shipped) < _ORDERS
    )


def read_warehouses(one: Examination) -> goods.WarehouseFacts:
    one.require(WAREHOUSES)
    try:
        context = wiring.build_context(one.settings)
        selling = plan_for(context, one.inspection.warehouses).selling
    except (AccountSetupError, SettingsError) as error:
        return goods.WarehouseFacts(problem=getattr(error, "message", "") or error.explain())
    shop = {each.pk: each for each in host().warehouses.all(one.channel)}
    names = {warehouse.id: warehouse.name for warehouse in one.inspection.warehouses}
    mirrors = [
        goods.Mirror(
            names.get(remote_id, pk),
            exists=pk in shop,
            in_channel=pk in shop and shop[pk].in_channel,
            zones=sum(pk in zone.warehouses for zone in one.zones),
        )
        for remote_id, pk in selling.items()
    ]
    pks = {*selling.values()}
    bare = [zone.name for zone in one.zones if not zone.warehouses & pks]
    return goods.WarehouseFacts(mirrors, bare, host().survey.zones_decide())


def read_allocation(one: Examination) -> goods.AllocationFacts:
    present = {each.pk for each in host().warehouses.all(one.channel) if each.in_channel}
    selling = present & {*one.mirrors}
    return goods.AllocationFacts(len(selling), host().survey.allocates_in_order(one.channel))


def read_skus(one: Examination) -> goods.SkuFacts:
    return host().survey.skus(one.channel)


def read_products(one: Examination) -> goods.ProductFacts:
    one.require("products")
    found = one.inspection
    return goods.ProductFacts(
        catalogue.count(one.account).failing,
        host().survey.among(one.channel, found.inactive),
        found.all_inactive_read,
    )


def read_taxes(one: Examination) -> account.TaxFacts:
    one.require(VAT_GROUPS)
    used = host().survey.tax_rates(one.channel)
    return account.TaxFacts(used, one.inspection.vat_rates, one.settings.default_vat_rate)


def read_countries(one: Examination) -> goods.CountryFacts:
    since = timezone.now() - timedelta(days=_DAYS)
    codes = [code for zone in one.zones for code in zone.countries]
    in_orders = host().survey.countries(one.channel, since)
    return goods.CountryFacts(in_orders, codes, ISO_COUNTRIES, _DAYS)


def read_backlog(one: Examination) -> account.BacklogFacts:
    limits = extensions.alarm_limits()
    accounts = {one.channel: wiring.account_of(one.channel)}
    (found,) = health.read(accounts, limits, timezone.now())
    return account.BacklogFacts(found.orders_due, found.deliveries_due, limits["backlog_minutes"])


def read_alarms(one: Examination) -> account.RaisedAlarms:
    raised = alarms.current(one.channel)
    return account.RaisedAlarms([each for each in raised if each.key not in _REPORTED_ELSEWHERE])


CHANNEL_READINGS: Final[Mapping[CheckKey, Callable[[Examination], Any]]] = {
    CheckKey.COPY: lambda one: one.origin,
    CheckKey.SETTINGS: read_settings,
    CheckKey.KEY: read_key,
    CheckKey.PICQER_CLOCK: lambda one: one.inspection.clock_ahead,
    CheckKey.ROUND_TRIP: read_round_trip,
    CheckKey.WEBHOOKS: read_webhooks,
    CheckKey.SHIPPING_METHODS: read_shipping_methods,
    CheckKey.OTHER_SHIPMENTS: read_other_shipments,
    CheckKey.WAREHOUSES: read_warehouses,
    CheckKey.ALLOCATION: read_allocation,
    CheckKey.SKUS: read_skus,
    CheckKey.PRODUCTS: read_products,
    CheckKey.VAT_GROUPS: read_taxes,
    CheckKey.COUNTRIES: read_countries,
    CheckKey.BACKLOG: read_backlog,
    CheckKey.ALARMS: read_alarms,
}
