"""The parsed settings of a channel, and Saleor's view of the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final, NamedTuple

from saleor_picqer.config.table import (
    OUTPUTS,
    SETTINGS,
    Customers,
    FieldType,
    Setting,
)
from saleor_picqer.domain.catalogue import Inactivate, SendProducts
from saleor_picqer.domain.mapping.inputs import OrderMapping
from saleor_picqer.domain.mapping.product_fields import ProductPolicy
from saleor_picqer.domain.orders import CancelInPicqer, Milestone, OrderPolicy
from saleor_picqer.domain.parcels import TrackingField
from saleor_picqer.domain.payments import CaptureWhen
from saleor_picqer.domain.shipping import ShippingPolicy
from saleor_picqer.domain.stock import StockLimits, UnlimitedStock
from saleor_picqer.domain.warehouses import OtherWarehouses, WarehouseRules
from saleor_picqer.errors import SettingsError

# Characters of a value that is at fault which messages show.
_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Settings:
    """The valid settings of one channel, named by primary key."""

    channel: str
    endpoint: str
    api_key: str = field(repr=False)
    storefront: str
    contact_email: str
    orders_from: datetime | None
    shipping_methods: ShippingPolicy
    push_when: Milestone
    process_when: Milestone
    authorized_is_paid: bool
    cancel_in_picqer: CancelInPicqer
    cancel_in_saleor: bool
    reference_prefix: str
    customers: Customers
    shipping_profiles: Mapping[str, str]
    templates: Mapping[str, str]
    order_tags: tuple[str, ...]
    default_vat_rate: Decimal | None
    product_language: str
    send_products: SendProducts
    product_images: bool
    inactivate_products: Inactivate
    create_missing_products: bool
    selling_warehouses: tuple[str, ...]
    adopted_warehouses: Mapping[str, str]
    other_warehouses: OtherWarehouses
    unlimited_stock: UnlimitedStock
    stock_buffer: int | None
    stock_cap: int | None
    pull_schedule: time | None
    pull_token: str = field(repr=False)
    manual_fulfilment: bool
    capture_payment: CaptureWhen
    notify_customer: bool
    notify_delay: int
    tracking: TrackingField
    alarm_recipients: tuple[str, ...]

    @property
    def orders(self) -> OrderPolicy:
        """The settings that decide which orders are pushed, and when each step follows."""
        return OrderPolicy(
            push=self.push_when,
            process=self.process_when,
            authorized_is_paid=self.authorized_is_paid,
            cancel=self.cancel_in_picqer,
            shipping=self.shipping_methods,
        )

    @property
    def product_policy(self) -> ProductPolicy:
        """The settings that decide what a product in Picqer contains."""
        return ProductPolicy(
            default_tax_rate=self.default_vat_rate,
            hides_unpublished=self.inactivate_products is Inactivate.UNPUBLISHED,
        )

    @property
    def mapping(self) -> OrderMapping:
        """The settings that decide what a request to Picqer contains."""
        return OrderMapping(
            reference_prefix=self.reference_prefix,
            shipping_profiles=self.shipping_profiles,
            templates=self.templates,
            tags=self.order_tags,
        )

    @property
    def warehouses(self) -> WarehouseRules:
        """The settings that decide which warehouses sell."""
        return WarehouseRules(
            selling=self.selling_warehouses,
            adopted=self.adopted_warehouses,
            others=self.other_warehouses,
            limits=StockLimits(self.stock_buffer, self.stock_cap),
        )


class SettingProblem(NamedTuple):
    """A reason why the value of a setting is not valid; the message names the setting by label."""

    setting: str
    message: str


def parse_settings(channel: str, values: Mapping[str, Any]) -> Settings:
    """Return the settings from stored values by name; absent ones take their default.

    Raises SettingsError naming the first setting that is missing or malformed.
    """
    return Settings(channel=channel, **{s.name: _parse(s, values.get(s.name)) for s in SETTINGS})


def check_settings(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[SettingProblem]]:
    """Return the parsed values of the valid settings, and the problem of each of the others."""
    valid, problems = {}, []
    for setting in SETTINGS:
        try:
            valid[setting.name] = _parse(setting, values.get(setting.name))
        except SettingsError as error:
            problems.append(SettingProblem(setting.name, error.message))
    return valid, problems


def validate_settings(values: Mapping[str, Any]) -> list[SettingProblem]:
    """Return the problem of each setting whose stored value is not valid."""
    return check_settings(values)[1]


def _parse(setting: Setting, value: object) -> Any:
    if value is None:
        value = setting.default
    if setting.type is FieldType.BOOLEAN:
        # A boolean or its name, depending on how the settings were saved.
        return value if isinstance(value, bool) else str(value).strip().lower() == "true"
    text = str(value).strip()
    if setting.required and not text:
        raise SettingsError(setting.name, f"{setting.label} is required")
    try:
        return setting.parse(text)
    except ValueError as error:
        shown = "the value" if setting.type is FieldType.SECRET else f'"{text[:_SHOWN]}"'
        problem = f"{setting.label}: {shown} is not valid; {error}"
        raise SettingsError(setting.name, problem) from None


def configuration_values(configuration: Iterable[Mapping[str, Any]] | None) -> dict[str, Any]:
    """Return the values by name from Saleor's list of `{"name", "value", …}`."""
    return {item["name"]: item.get("value") for item in configuration or ()}


def config_structure(*, outputs: bool = False) -> dict[str, dict[str, str]]:
    """Return Saleor's `CONFIG_STRUCTURE`: type, help text and label of each setting."""
    fields = [*SETTINGS, *(OUTPUTS if outputs else ())]
    return {s.name: {"type": s.type.value, "help_text": s.help, "label": s.label} for s in fields}


def default_configuration(*, outputs: bool = False) -> list[dict[str, Any]]:
    """Return Saleor's `DEFAULT_CONFIGURATION`."""
    # A fresh list each time: Saleor changes it in place.
    fields = [*SETTINGS, *(OUTPUTS if outputs else ())]
    return [{"name": s.name, "value": s.default} for s in fields]


def complete(configuration: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return a stored configuration with the settings that are newer than it, by default."""
    # Saleor 2.10 changes only the settings that a stored configuration has.
    stored = [dict(item) for item in configuration or ()]
    known = {item["name"] for item in stored}
    return stored + [item for item in default_configuration() if item["name"] not in known]


def with_outputs(
    configuration: Iterable[Mapping[str, Any]] | None, values: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return a configuration with the values of read-only fields."""
    items = [dict(item) for item in configuration or ()]
    return [item | {"value": values.get(item["name"], item.get("value"))} for item in items]
