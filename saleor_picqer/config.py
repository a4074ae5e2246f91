"""The settings of a channel, declared once: Saleor's form, defaults, validation and docs follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from saleor_picqer.domain.mapping.inputs import OrderMapping
from saleor_picqer.domain.names import normal_name, split_titles
from saleor_picqer.domain.orders import CancelInPicqer, OrderPolicy, ProcessWhen, PushWhen
from saleor_picqer.domain.percentages import parse_percentage
from saleor_picqer.domain.shipping import MARK_KEY, MARKED, ShippingPolicy
from saleor_picqer.errors import SettingsError

PLUGIN_ID: Final = "picqer"
_LONGEST_PREFIX: Final = 30


class Customers(StrEnum):
    """Whether customers with an account in the shop get a record in Picqer."""

    REGISTERED = "registered"
    GUEST = "guest"


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
        return parse_percentage(text)
    except ValueError:
        raise ValueError("write a percentage such as 21") from None


def _choice[E: StrEnum](choices: type[E]) -> Callable[[str], E]:
    """A parser of one of the enum's values, whatever their case."""

    def parse(text: str) -> E:
        try:
            return choices(" ".join(text.lower().split()))
        except ValueError:
            raise ValueError(f"write {', '.join(map(repr, map(str, choices)))}") from None

    return parse


def _by_method(text: str) -> Mapping[str, str]:
    """`Parcel = 12; Courier = Express; * = 3` as a dict with normal method names."""
    found = {}
    for entry in filter(None, map(str.strip, text.split(";"))):
        method, equals, value = entry.rpartition("=")
        if not (equals and method.strip() and value.strip()):
            raise ValueError('write "method = id or name", entries separated by semicolons')
        found[normal_name(method)] = value.strip()
    return found


def _prefix(text: str) -> str:
    if len(text) > _LONGEST_PREFIX:
        raise ValueError(f"write at most {_LONGEST_PREFIX} characters")
    return text


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
        "push_when",
        "Send orders when",
        '"placed": as soon as there is an order, confirmed or not; "confirmed"; or "paid".',
        default=PushWhen.PLACED.value,
        parse=_choice(PushWhen),
    ),
    Setting(
        "process_when",
        "Let Picqer pick them",
        '"at once"; or "when paid": until then the order is a concept there, its stock reserved.',
        default=ProcessWhen.AT_ONCE.value,
        parse=_choice(ProcessWhen),
    ),
    Setting(
        "authorized_is_paid",
        "Authorised counts as paid",
        "An order whose payment is authorised in full, but not captured yet, counts as paid.",
        default=False,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "cancel_in_picqer",
        "Cancel in Picqer",
        "An order that is cancelled, or expires, in Saleor is cancelled in Picqer:"
        ' "never"; only as a "concept"; or as long as nothing of it is picked, "unpicked".',
        default=CancelInPicqer.UNPICKED.value,
        parse=_choice(CancelInPicqer),
    ),
    Setting(
        "cancel_in_saleor",
        "Cancel in Saleor",
        "Cancel the order in Saleor when it is cancelled in Picqer. Switched off, such an order"
        " is only marked: it may have been cancelled there just to enter it anew.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "reference_prefix",
        "Prefix of references",
        "Put before Saleor's order number, such as NL-. Needed where several shops or channels"
        " share one Picqer account.",
        parse=_prefix,
    ),
    Setting(
        "customers",
        "Customers in Picqer",
        '"registered": customers with an account in the shop get a record in Picqer, found by'
        ' exactly their e-mail address; "guest": every order is a guest order.',
        default=Customers.REGISTERED.value,
        parse=_choice(Customers),
    ),
    Setting(
        "shipping_profiles",
        "Shipping profiles",
        "Picqer's shipping profile, by id or name, per shipping method: Parcel = 12; Courier ="
        " Express; * = Standard. Metadata picqer.shipping_profile of the method goes first.",
        parse=_by_method,
    ),
    Setting(
        "templates",
        "Templates",
        "Picqer's template, by id or name, per shipping method, written in the same way."
        " Metadata picqer.template of the method goes first.",
        parse=_by_method,
    ),
    Setting(
        "order_tags",
        "Tags",
        "Titles of tags in Picqer that every order gets, separated by commas.",
        parse=split_titles,
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
        parse=_choice(OtherWarehouses),
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
    push_when: PushWhen
    process_when: ProcessWhen
    authorized_is_paid: bool
    cancel_in_picqer: CancelInPicqer
    cancel_in_saleor: bool
    reference_prefix: str
    customers: Customers
    shipping_profiles: Mapping[str, str]
    templates: Mapping[str, str]
    order_tags: tuple[str, ...]
    default_vat_rate: Decimal | None
    create_missing_products: bool
    other_warehouses: OtherWarehouses
    notify_customer: bool

    @property
    def orders(self) -> OrderPolicy:
        return OrderPolicy(
            push=self.push_when,
            process=self.process_when,
            authorized_is_paid=self.authorized_is_paid,
            cancel=self.cancel_in_picqer,
        )

    @property
    def mapping(self) -> OrderMapping:
        return OrderMapping(
            reference_prefix=self.reference_prefix,
            shipping_profiles=self.shipping_profiles,
            templates=self.templates,
            tags=self.order_tags,
        )


def parse_settings(channel: str, values: Mapping[str, Any]) -> Settings:
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


def configuration_values(configuration: Iterable[Mapping[str, Any]] | None) -> dict[str, Any]:
    """Saleor's list of `{"name", "value", …}` as a dict."""
    return {item["name"]: item.get("value") for item in configuration or ()}


def config_structure() -> dict[str, dict[str, str]]:
    """Saleor's `CONFIG_STRUCTURE`."""
    return {s.name: {"type": s.type.value, "help_text": s.help, "label": s.label} for s in SETTINGS}


def default_configuration() -> list[dict[str, str | bool]]:
    """Saleor's `DEFAULT_CONFIGURATION`, a fresh list: Saleor changes it in place."""
    return [{"name": s.name, "value": s.default} for s in SETTINGS]
