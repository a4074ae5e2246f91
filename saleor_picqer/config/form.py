"""How a form shows the settings: groups, kinds of values, and where choices come from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from saleor_picqer.config.parsers import OneOf
from saleor_picqer.config.table import FieldType, Setting
from saleor_picqer.domain.shipping import ALL, MARKED

# Heading of settings that no group names.
_FURTHER: Final = "Further settings"
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Picqer account": ("endpoint", "api_key", "storefront", "contact_email"),
    "Orders": (
        "shipping_methods",
        "orders_from",
        "push_when",
        "process_when",
        "authorized_is_paid",
        "cancel_in_picqer",
        "cancel_in_saleor",
        "reference_prefix",
        "customers",
        "shipping_profiles",
        "templates",
        "order_tags",
    ),
    "Products": (
        "default_vat_rate",
        "product_language",
        "send_products",
        "product_images",
        "inactivate_products",
        "create_missing_products",
    ),
    "Warehouses and stock": (
        "selling_warehouses",
        "adopted_warehouses",
        "other_warehouses",
        "unlimited_stock",
        "stock_buffer",
        "stock_cap",
        "pull_schedule",
        "pull_token",
    ),
    "Shipments": (
        "manual_fulfilment",
        "capture_payment",
        "notify_customer",
        "notify_delay",
        "tracking",
    ),
    "Alarms": ("alarm_recipients",),
}
_GROUP_BY_SETTING: Final = {name: group for group, names in GROUPS.items() for name in names}


class Source(StrEnum):
    """A list of entries that a setting can name."""

    SHIPPING_METHODS = "shipping_methods"
    SHOP_WAREHOUSES = "shop_warehouses"
    PICQER_PROFILES = "picqer_profiles"
    PICQER_TEMPLATES = "picqer_templates"
    PICQER_TAGS = "picqer_tags"
    PICQER_VAT_RATES = "picqer_vat_rates"
    PICQER_WAREHOUSES = "picqer_warehouses"


class SettingKind(StrEnum):
    """The notation of a setting's value."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    BOOLEAN = "boolean"
    CHOICE = "choice"  # one entry
    LIST = "list"  # entries, separated by commas
    PAIRS = "pairs"  # "key = entry", separated by semicolons


# Settings whose choices come from a list; the values of the others with choices are fixed.
_LISTS: Final[Mapping[str, tuple[SettingKind, Source]]] = {
    "shipping_methods": (SettingKind.LIST, Source.SHIPPING_METHODS),
    "shipping_profiles": (SettingKind.PAIRS, Source.PICQER_PROFILES),
    "templates": (SettingKind.PAIRS, Source.PICQER_TEMPLATES),
    "order_tags": (SettingKind.LIST, Source.PICQER_TAGS),
    "default_vat_rate": (SettingKind.CHOICE, Source.PICQER_VAT_RATES),
    "selling_warehouses": (SettingKind.LIST, Source.PICQER_WAREHOUSES),
    "adopted_warehouses": (SettingKind.PAIRS, Source.SHOP_WAREHOUSES),
}
_KEYS: Final[Mapping[str, Source]] = {
    "shipping_profiles": Source.SHIPPING_METHODS,
    "templates": Source.SHIPPING_METHODS,
    "adopted_warehouses": Source.PICQER_WAREHOUSES,
}
# Values that stand alone, beside those of the list.
_ALONE: Final[Mapping[str, tuple[str, ...]]] = {"shipping_methods": (MARKED, ALL)}


def group_of(setting: Setting) -> str:
    """Return the heading under which a form shows the setting."""
    return _GROUP_BY_SETTING.get(setting.name, _FURTHER)


def kind_of(setting: Setting) -> SettingKind:
    """Return the notation of the setting's value."""
    if setting.name in _LISTS:
        return _LISTS[setting.name][0]
    if setting.type is FieldType.BOOLEAN:
        return SettingKind.BOOLEAN
    if setting.type is FieldType.SECRET:
        return SettingKind.SECRET
    return SettingKind.CHOICE if isinstance(setting.parse, OneOf) else SettingKind.TEXT


def fixed_choices(setting: Setting) -> tuple[str, ...]:
    """Return the values that do not come from a list."""
    parse = setting.parse
    return _ALONE.get(setting.name, parse.values if isinstance(parse, OneOf) else ())


def source_of(setting: Setting) -> Source | None:
    """Return the list from which the entries come; None without one."""
    return _LISTS[setting.name][1] if setting.name in _LISTS else None


def source_of_keys(setting: Setting) -> Source | None:
    """Return the list from which the keys of pairs come; None for other kinds."""
    return _KEYS.get(setting.name)
