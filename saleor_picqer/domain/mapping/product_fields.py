"""The mapping of a variant to Picqer's product, declared: a row for each field sent.

Requests, comparison with Picqer, the fields open to metadata, and docs/mapping.md are all made from
the table (Picqer API: products). Other fields are never sent. Images have requests of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final

from saleor_picqer.domain.digests import canonical
from saleor_picqer.domain.mapping.fields import Field, WritableBy
from saleor_picqer.domain.mapping.inputs import VatGroupFor
from saleor_picqer.domain.mapping.metadata import AMOUNT, COUNTRY, ID, NUMBER, TEXT, metadata_value
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.rich_text import plain_text
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.errors import DataError, SettingsError

CODE: Final = "productcode"
PRICE: Final = "price"
ACTIVE: Final = "active"

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ProductPolicy:
    """A channel's settings of the products."""

    default_tax_rate: Decimal | None = None
    # Whether a product that customers cannot see is inactive in Picqer.
    hides_unpublished: bool = False


@dataclass(frozen=True, slots=True)
class ProductInput:
    """A variant with the settings and lists for the mapping."""

    variant: Variant
    policy: ProductPolicy
    vat_group_for: VatGroupFor

    @property
    def owner(self) -> Variant:
        return self.variant

    @property
    def label(self) -> str:
        return f'SKU "{self.variant.sku}"'

    @property
    def tax_rate(self) -> Decimal:
        """The variant's own rate, else the settings'. Raises SettingsError without any."""
        own, default = self.variant.tax_rate, self.policy.default_tax_rate
        rate = default if own is None else own
        if rate is None:
            raise SettingsError(
                "default_vat_rate",
                "Saleor knows no tax rate of the product. Give it a tax class in Saleor, or fill in"
                " the setting Default VAT rate.",
            )
        return rate


# --- comparison with the value that Picqer has


class Comparison(Enum):
    """How a field is compared with Picqer's; the value says so in words, for the docs."""

    EXACT = "exactly"
    # The warehouse's labels may have another case.
    CODE = "letter case is ignored"
    TEXT = "kinds of line ends and outer blanks are ignored"
    AMOUNT = "as amounts: 10 equals 10.00"
    ENTRIES = "only the entries that are sent"

    def differs(self, wanted: Any, found: Any) -> bool:
        """Return whether Picqer's value has to be replaced."""
        match self:
            case Comparison.CODE:
                # Outer blanks in Picqer are removed, because orders name the code exactly.
                blanks = str(found or "") != normalize(str(found or ""))
                return blanks or compare_key(wanted) != compare_key(str(found or ""))
            case Comparison.TEXT:
                return _lines(wanted) != _lines(found)
            case Comparison.AMOUNT:
                return _amount(wanted) != _amount(found)
            case Comparison.ENTRIES:
                return not {*map(canonical, wanted)} <= {*map(canonical, found or ())}
        return bool(wanted != found)


def _lines(text: Any) -> list[str]:
    return [line.rstrip() for line in str(text or "").strip().splitlines()]


def _amount(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class ProductField(Field[ProductInput]):
    """A row of the table; `comparison` with the value that Picqer has."""

    comparison: Comparison = Comparison.EXACT

    def _written(self, source: ProductInput) -> Any:
        if self.writable_by < WritableBy.STAFF:
            return None
        return metadata_value(self.kind, self.name, source.variant.metadata, source.label)

    @property
    def sent(self) -> str:
        """When the field is sent, in words for the docs."""
        if self.required:
            return "always"
        return "if not blank" if self.sticky else "if not blank; cleared if it was sent before"


# --- values


def _net_price(source: ProductInput) -> Decimal:
    """Return the price without VAT, rounded half up to the cent."""
    variant = source.variant
    if variant.price is None:
        raise DataError(f'SKU "{variant.sku}" has no price in this channel. Set one in Saleor.')
    factor = 1 + source.tax_rate / 100 if variant.price_includes_tax else Decimal(1)
    return (variant.price / factor).quantize(_CENT, rounding=ROUND_HALF_UP)


def _active(source: ProductInput) -> bool:
    return source.variant.published or not source.policy.hides_unpublished


_CUSTOM_FIELD: Final = "productfield."


def _custom_fields(source: ProductInput) -> list[dict[str, Any]] | None:
    return list(_own_custom_fields(source.variant.metadata, source.label)) or None


def _own_custom_fields(texts: Mapping[str, str], label: str) -> Iterator[dict[str, Any]]:
    for key in sorted(key for key in texts if key.startswith(_CUSTOM_FIELD)):
        number = key.removeprefix(_CUSTOM_FIELD)
        if not (number.isascii() and number.isdigit()):
            raise DataError(
                f'Metadata "{key}" of {label} needs the id of a product field of Picqer in its'
                " name. Correct it in Saleor."
            )
        value = metadata_value(TEXT, key, texts, label)
        if value is not None:
            yield {"idproductfield": int(number), "value": value}


# --- the table

_ONLY_SET: Final = "only where it is set"


def _setting(name: str, **changes: Any) -> ProductField:
    """Return a row without an own value: Picqer's value counts unless the field is set."""
    return ProductField(name, _ONLY_SET, **changes)


PRODUCT: Final[tuple[ProductField, ...]] = (
    ProductField(
        CODE,
        "the variant's SKU",
        lambda source: normalize(source.variant.sku),
        WritableBy.PLUGIN,
        required=True,
        comparison=Comparison.CODE,
    ),
    ProductField(
        "name",
        "the product's name, and the variant's name if it has another one",
        lambda source: source.variant.name,
        required=True,
        comparison=Comparison.TEXT,
    ),
    ProductField(
        "description",
        "the product's description as plain text",
        lambda source: plain_text(source.variant.description),
        comparison=Comparison.TEXT,
    ),
    ProductField(
        PRICE,
        "the variant's base price in the channel, without VAT",
        _net_price,
        WritableBy.CALLABLE,
        required=True,
        comparison=Comparison.AMOUNT,
    ),
    ProductField(
        "idvatgroup",
        "Picqer's VAT group of the product's tax rate, else of the settings' default VAT rate",
        lambda source: source.vat_group_for(source.tax_rate),
        WritableBy.CALLABLE,
        required=True,
    ),
    ProductField(
        ACTIVE,
        "true; false for a product that is not published, if the settings say so",
        _active,
        WritableBy.PLUGIN,
        required=True,
    ),
    ProductField(
        "weight",
        "the weight of the variant, else of the product or its type, in grams",
        lambda source: source.variant.weight,
        kind=NUMBER,
        sticky=True,
    ),
    _setting("barcode"),
    _setting("country_of_origin", kind=COUNTRY),
    _setting("hs_code"),
    _setting("length", kind=NUMBER, sticky=True),
    _setting("width", kind=NUMBER, sticky=True),
    _setting("height", kind=NUMBER, sticky=True),
    _setting("deliverytime", kind=NUMBER),
    _setting("fixedstockprice", kind=AMOUNT, sticky=True, comparison=Comparison.AMOUNT),
    _setting("idsupplier", kind=ID),
    _setting("productcode_supplier"),
    _setting("minimum_purchase_quantity", kind=NUMBER, sticky=True),
    _setting("purchase_in_quantities_of", kind=NUMBER, sticky=True),
    _setting("idfulfilment_customer", kind=ID, sticky=True),
    ProductField(
        "productfields",
        "metadata `picqer.productfield.<id>`, one for each field",
        _custom_fields,
        WritableBy.CALLABLE,
        sticky=True,
        comparison=Comparison.ENTRIES,
    ),
)
