"""The table of the doctor's checks: what each examines, where, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from saleor_picqer.domain.doctor import account, address, goods, installation
from saleor_picqer.domain.doctor.findings import CheckKey, Finding


class Scope(StrEnum):
    """Subject of a check: the shop, or each channel."""

    SHOP = "shop"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table. `judge` takes what the reading of the same key has returned."""

    title: str
    examines: str
    scope: Scope
    judge: Callable[[Any], Iterable[Finding]]
    # Whether the reading needs answers of Picqer.
    asks_picqer: bool = False


def _shop(title: str, examines: str, judge: Callable[[Any], Iterable[Finding]]) -> Check:
    return Check(title, examines, Scope.SHOP, judge)


def _channel(
    title: str,
    examines: str,
    judge: Callable[[Any], Iterable[Finding]],
    *,
    asks_picqer: bool = False,
) -> Check:
    return Check(title, examines, Scope.CHANNEL, judge, asks_picqer)


# In the sequence in which findings are shown.
CHECKS: Final[Mapping[CheckKey, Check]] = {
    CheckKey.INSTALLATION: _shop(
        "Installation",
        "Django's system checks about the plugin: the setting `SALEOR_PICQER`, the GraphQL schema,"
        " the line of Saleor",
        installation.judge_installation,
    ),
    CheckKey.MIGRATIONS: _shop(
        "Migrations",
        "migrations of the plugin that the database does not have",
        installation.judge_migrations,
    ),
    CheckKey.SWEEPER: _shop(
        "Workers",
        "when the sweeper last finished, which Celery beat and a worker have to run every minute",
        installation.judge_sweeper,
    ),
    CheckKey.CACHE: _shop(
        "Cache",
        "whether Django's cache is shared between processes and keeps what is written",
        installation.judge_cache,
    ),
    CheckKey.DATABASE_CLOCK: _shop(
        "Clock of the database",
        "the difference between the clocks of the database and of this process",
        installation.judge_database_clock,
    ),
    CheckKey.PUBLIC_ADDRESS: _shop(
        "Public address",
        "whether Saleor's public address is one that Picqer can reach, and encrypted",
        address.judge_public_address,
    ),
    CheckKey.COPY: _channel(
        "Copied database",
        "whether the plugin was switched on at another public address",
        account.judge_copy,
    ),
    CheckKey.SETTINGS: _channel(
        "Settings",
        "every setting again, as saving does: what settings name may be gone since then",
        account.judge_settings,
    ),
    CheckKey.KEY: _channel(
        "API key",
        "the key's owner, the rights that it lacks, and what is left of Picqer's rate limit",
        account.judge_key,
    ),
    CheckKey.PICQER_CLOCK: _channel(
        "Clock of Picqer",
        "the difference between the clocks of Picqer and of this process",
        installation.judge_picqer_clock,
        asks_picqer=True,
    ),
    CheckKey.ROUND_TRIP: _channel(
        "Webhook round trip",
        "a signed request to the webhook's own address: whether it arrives unchanged at this"
        " plugin, with this database",
        address.judge_round_trip,
    ),
    CheckKey.WEBHOOKS: _channel(
        "Webhooks in Picqer",
        "webhooks that are missing, switched off or at an old address",
        account.judge_webhooks,
        asks_picqer=True,
    ),
    CheckKey.SHIPPING_METHODS: _channel(
        "Shipping methods",
        "whether Picqer handles a method, unclear marks, and marked methods that no channel offers",
        goods.judge_shipping_methods,
    ),
    CheckKey.OTHER_SHIPMENTS: _channel(
        "Shipments without Picqer",
        "orders that were not sent to Picqer and left Saleor's mirrors of Picqer's warehouses",
        goods.judge_other_shipments,
    ),
    CheckKey.WAREHOUSES: _channel(
        "Warehouses",
        "whether Picqer's warehouses are in the channel and in its shipping zones",
        goods.judge_warehouses,
        asks_picqer=True,
    ),
    CheckKey.ALLOCATION: _channel(
        "Allocation of stock",
        "whether Saleor and Picqer choose warehouses in the same order (Saleor 3)",
        goods.judge_allocation,
    ),
    CheckKey.SKUS: _channel(
        "SKUs",
        "SKUs that are missing, have outer blanks, or are equal when case and blanks are ignored",
        goods.judge_skus,
    ),
    CheckKey.PRODUCTS: _channel(
        "Products in Picqer",
        "products that could not be sent, and SKUs among Picqer's first 100 inactive products",
        goods.judge_products,
        asks_picqer=True,
    ),
    CheckKey.VAT_GROUPS: _channel(
        "VAT groups",
        "whether Picqer has a VAT group for each tax rate that the channel's products use",
        account.judge_vat_groups,
        asks_picqer=True,
    ),
    CheckKey.COUNTRIES: _channel(
        "Countries",
        "countries of recent orders and of shipping zones that are missing or not in ISO 3166-1",
        goods.judge_countries,
    ),
    CheckKey.BACKLOG: _channel(
        "Backlog",
        "orders and webhook deliveries that have been due for long",
        account.judge_backlog,
    ),
    CheckKey.ALARMS: _channel(
        "Alarms",
        "the alarms that are raised, without those that another check reports",
        account.judge_alarms,
    ),
}
