"""The mapping of an order to Picqer's order, declared: a row for each field sent.

Requests, the fields open to metadata, and docs/mapping.md are all made from the table (Picqer API:
orders). Other fields are never sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from saleor_picqer.domain.mapping.addresses import DELIVERY, INVOICE
from saleor_picqer.domain.mapping.fields import Field, WritableBy
from saleor_picqer.domain.mapping.inputs import OrderInput
from saleor_picqer.domain.mapping.metadata import (
    DATE,
    FLAG,
    ID,
    IDS,
    LANGUAGE,
    PERCENTAGE,
    POINT,
    TEXT,
    Kind,
    private_value,
)
from saleor_picqer.domain.names import normal_name
from saleor_picqer.errors import DataError

# --- values


def _reference(source: OrderInput) -> str:
    return source.mapping.reference_prefix + source.order.number


def _telephone(source: OrderInput) -> str:
    return source.shipping.phone.strip() or source.billing.phone


def _language(source: OrderInput) -> str:
    # Picqer supports only these two languages.
    language = source.order.language.strip().lower().replace("_", "-")
    return "nl" if language.partition("-")[0] == "nl" else "en"


def _discount(_: OrderInput) -> Decimal:
    # The prices are final: Picqer would deduct the default discount of the customer's record.
    return Decimal(0)


def _calculate_vat(_: OrderInput) -> bool:
    # Without it the rule of the customer's record counts, and the prices are without VAT.
    return True


def _shipping_profile(source: OrderInput) -> int | None:
    name = _by_method(source, "shipping_profile", source.mapping.shipping_profiles)
    return source.reference_data.shipping_profile(name) if name else None


def _template(source: OrderInput) -> int | None:
    name = _by_method(source, "template", source.mapping.templates)
    return source.reference_data.template(name) if name else None


def _by_method(source: OrderInput, key: str, by_method: Mapping[str, str]) -> str:
    """Return the method's own metadata, else the channel's setting of the method, else of `*`."""
    own = private_value(TEXT, key, source.order.method_fields, "the shipping method")
    method = normal_name(source.order.delivery.method_name)
    return own or by_method.get(method) or by_method.get("*", "")


_ORDER_FIELD: Final = "orderfield."


def _order_fields(source: OrderInput) -> list[dict[str, Any]] | None:
    return list(_own_order_fields(source)) or None


def _own_order_fields(source: OrderInput) -> Iterator[dict[str, Any]]:
    texts = source.order.private_metadata
    for key in sorted(key for key in texts if key.startswith(_ORDER_FIELD)):
        number = key.removeprefix(_ORDER_FIELD)
        if not (number.isascii() and number.isdigit()):
            raise DataError(
                f'Private metadata "{key}" needs the id of an order field of Picqer in its name.'
            )
        value = private_value(TEXT, key, texts, source.label)
        if value is not None:
            yield {"idorderfield": int(number), "value": value}


# --- the table

_ONLY_SET: Final = "only where it is set"


def _setting(name: str, kind: Kind) -> Field[OrderInput]:
    """Return a row without an own value: Picqer's default counts unless the field is set."""
    return Field(name, _ONLY_SET, kind=kind, sticky=True)


HEADER: Final[tuple[Field[OrderInput], ...]] = (
    Field("reference", "the channel's prefix, the order's number", _reference, WritableBy.PLUGIN),
    Field("emailaddress", "the order's e-mail address", lambda source: source.order.email),
    Field("telephone", "shipping address: phone; else billing address: phone", _telephone),
    Field(
        "language",
        "`nl` for an order in Dutch, else `en`",
        _language,
        kind=LANGUAGE,
        sticky=True,
    ),
    Field(
        "customer_remarks",
        "the customer's note",
        lambda source: source.order.note,
        WritableBy.VISITORS,
        appends=True,
    ),
    *DELIVERY.fields(),
    *INVOICE.fields(),
    Field(
        "idshippingprovider_profile",
        "metadata `picqer.shipping_profile` of the shipping method, else the channel's settings",
        _shipping_profile,
        kind=ID,
    ),
    Field(
        "idtemplate",
        "metadata `picqer.template` of the shipping method, else the channel's settings",
        _template,
        kind=ID,
    ),
    Field("preferred_delivery_date", _ONLY_SET, writable_by=WritableBy.VISITORS, kind=DATE),
    Field("pickup_point_data", _ONLY_SET, writable_by=WritableBy.VISITORS, kind=POINT),
    _setting("partialdelivery", FLAG),
    _setting("auto_split", FLAG),
    Field("discount", "0: the prices of the lines are final", _discount, kind=PERCENTAGE),
    _setting("invoiced", FLAG),
    Field("calculatevat", "true: VAT comes on top of the prices", _calculate_vat, kind=FLAG),
    _setting("warehouses", IDS),
    _setting("idfulfilment_customer", ID),
    Field(
        "orderfields",
        "private metadata `picqer.orderfield.<id>` of the order, one for each field",
        _order_fields,
        WritableBy.CALLABLE,
        sticky=True,
    ),
)
