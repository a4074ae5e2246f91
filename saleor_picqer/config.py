"""The settings of a channel, declared once: Saleor's form, defaults, validation and docs follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from saleor_picqer.domain.shipping import MARK_KEY, MARKED, ShippingPolicy
from saleor_picqer.errors import SettingsError

PLUGIN_ID: Final = "picqer"


class OtherWarehouses(StrEnum):
    """What happens to the channel's warehouses that are not Picqer's."""

    DETACH = "detach"
    KEEP = "keep"


class FieldType(StrEnum):
    """Saleor's types of plugin settings that exist in every line."""

    STRING = "String"
    BOOLEAN = "Boolean"
    SECRET = "Secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table; `parse` turns the stored value into that of `Settings`."""

    name: str
    label: str
    help: str
    default: str | bool = ""
    type: FieldType = FieldType.STRING
    required: bool = False
    parse: Callable[[str], Any] = str


def _percentage(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        rate = Decimal(text.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        rate = Decimal(-1)
    if not (rate.is_finite() and 0 <= rate <= 100):
        raise ValueError("write a percentage such as 21")
    return rate


def _other_warehouses(text: str) -> OtherWarehouses:
    try:
        return OtherWarehouses(text.lower())
    except ValueError:
        choices = " or ".join(OtherWarehouses)
        raise ValueError(f"write {choices}") from None


SETTINGS: Final = (
    Setting(
        "endpoint",
        "Picqer address",
        "The address of your Picqer account, such as https://example.picqer.com.",
        required=True,
    ),
    Setting(
        "api_key",
        "Picqer API key",
        "Made in Picqer under Settings, API keys; use a key of its own for this channel.",
        type=FieldType.SECRET,
        required=True,
    ),
    Setting(
        "storefront",
        "Storefront",
        "Name or address of the shop; Picqer requires every client to say who calls.",
        required=True,
    ),
    Setting(
        "contact_email",
        "Technical contact",
        "E-mail address that Picqer may write to about this integration.",
        required=True,
    ),
    Setting(
        "shipping_methods",
        "Shipping methods handled by Picqer",
        f'"{MARKED}": those whose private metadata has {MARK_KEY} = true; "all"; or the names of'
        " the methods, separated by commas.",
        default=MARKED,
        parse=ShippingPolicy.parse,
    ),
    Setting(
        "default_vat_rate",
        "Default VAT rate",
        "Percentage for products whose tax rate Saleor does not know, such as 21.",
        parse=_percentage,
    ),
    Setting(
        "create_missing_products",
        "Create missing products",
        "When an order holds a SKU that Picqer does not know, create the product there.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "other_warehouses",
        "Other warehouses of the channel",
        '"detach": unlink warehouses that are not Picqer\'s from the channel, so that only what'
        ' Picqer has is sold; "keep": leave them.',
        default=OtherWarehouses.DETACH.value,
        parse=_other_warehouses,
    ),
    Setting(
        "notify_customer",
        "Mail the customer",
        "Let Saleor send its shipping confirmation when Picqer has shipped.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The valid settings of one channel."""

    channel: str
    endpoint: str
    api_key: str = field(repr=False)
    storefront: str
    contact_email: str
    shipping_methods: ShippingPolicy
    default_vat_rate: Decimal | None
    create_missing_products: bool
    other_warehouses: OtherWarehouses
    notify_customer: bool


def settings_from(channel: str, values: Mapping[str, Any]) -> Settings:
    """Settings from stored values by name; absent ones take their default.

    Raises SettingsError naming the first setting that is missing or malformed.
    """
    return Settings(channel=channel, **{s.name: _parsed(s, values.get(s.name)) for s in SETTINGS})


def problems(values: Mapping[str, Any]) -> dict[str, str]:
    """Setting name -> what is wrong with its value; empty when all are valid."""
    found: dict[str, str] = {}
    for setting in SETTINGS:
        try:
            _parsed(setting, values.get(setting.name))
        except SettingsError as error:
            found[setting.name] = error.message
    return found


def _parsed(setting: Setting, value: object) -> Any:
    if value is None:
        value = setting.default
    if setting.type is FieldType.BOOLEAN:
        return value if isinstance(value, bool) else str(value).strip().lower() == "true"
    text = str(value).strip()
    if setting.required and not text:
        raise SettingsError(setting.name, f"{setting.label} is missing")
    try:
        return setting.parse(text)
    except ValueError as error:
        raise SettingsError(setting.name, f"{setting.label}: {error}") from None


def values_of(configuration: Iterable[Mapping[str, Any]] | None) -> dict[str, Any]:
    """Saleor's list of `{"name", "value", …}` as a dict."""
    return {item["name"]: item.get("value") for item in configuration or ()}


def config_structure() -> dict[str, dict[str, str]]:
    """Saleor's `CONFIG_STRUCTURE`."""
    return {s.name: {"type": s.type.value, "help_text": s.help, "label": s.label} for s in SETTINGS}


def default_configuration() -> list[dict[str, str | bool]]:
    """Saleor's `DEFAULT_CONFIGURATION`, a fresh list: Saleor changes it in place."""
    return [{"name": s.name, "value": s.default} for s in SETTINGS]
