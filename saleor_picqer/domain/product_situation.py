"""Where a variant is on its way to a Picqer account, in words for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple


class ProductCode(StrEnum):
    """The state of a variant on the way to Picqer, or the reason for not sending the variant."""

    DIGITAL = "digital"
    NO_SKU = "no_sku"
    NOT_SENT_BY_SETTING = "not_sent_by_setting"
    NOT_BEGUN = "not_begun"
    BUSY = "busy"
    FAILED = "failed"
    WAITING = "waiting"
    NOT_LISTED = "not_listed"
    SENT = "sent"
    NOT_SENT = "not_sent"


class ProductText(NamedTuple):
    """Title and advice for a code; the advice is empty where staff cannot help."""

    title: str
    advice: str = ""


PRODUCT_TEXTS: Final[Mapping[ProductCode, ProductText]] = {
    ProductCode.DIGITAL: ProductText("The product is not shipped, so it never goes to Picqer."),
    ProductCode.NO_SKU: ProductText(
        "The variant has no SKU.", "Give the variant a SKU; it is Picqer's product code."
    ),
    ProductCode.NOT_SENT_BY_SETTING: ProductText(
        "No channel sends its products to this Picqer account.",
        'The setting "Send products" of the channel decides.',
    ),
    ProductCode.NOT_BEGUN: ProductText(
        "No product has been sent to this Picqer account yet.",
        "Start the first full sync on Picqer's page; from then on, changes are sent by themselves.",
    ),
    ProductCode.BUSY: ProductText("The variant is being sent to Picqer."),
    ProductCode.FAILED: ProductText(
        "The variant could not be sent to Picqer.",
        "It is tried again by itself. Mend the cause, then push the product to try at once.",
    ),
    ProductCode.WAITING: ProductText("The variant waits for a worker, which sends it to Picqer."),
    ProductCode.NOT_LISTED: ProductText(
        "The variant has no price in any channel whose products are sent to this account.",
        "List the variant in one of these channels; it is then sent.",
    ),
    ProductCode.SENT: ProductText("Picqer has the variant."),
    ProductCode.NOT_SENT: ProductText(
        "The variant has not been sent to Picqer.",
        "Publish the product, or push it. A product that is not published is not created in"
        " Picqer.",
    ),
}


@dataclass(frozen=True, slots=True)
class ProductSituation:
    """Facts about a variant and a Picqer account."""

    sku: str
    ships: bool = True
    # Whether a channel sends the products of the account, and has begun to do so.
    has_sender: bool = True
    has_begun: bool = True
    # Whether the variant is sold in a channel whose products are sent.
    is_listed: bool = True
    remote_id: int | None = None
    is_due: bool = False
    is_busy: bool = False
    last_error: str = ""


def find_code(situation: ProductSituation) -> ProductCode:
    """Return where the variant is; what stops it first comes first."""
    reasons = (
        (not situation.ships, ProductCode.DIGITAL),
        (not situation.sku.strip(), ProductCode.NO_SKU),
        (not situation.has_sender, ProductCode.NOT_SENT_BY_SETTING),
        (not situation.has_begun, ProductCode.NOT_BEGUN),
        (situation.is_busy, ProductCode.BUSY),
        (bool(situation.last_error), ProductCode.FAILED),
        (situation.is_due, ProductCode.WAITING),
        (not situation.is_listed, ProductCode.NOT_LISTED),
        (situation.remote_id is not None, ProductCode.SENT),
    )
    return next((code for holds, code in reasons if holds), ProductCode.NOT_SENT)


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """A variant's stock in one warehouse of Picqer, as last read, and what Saleor offers of it.

    `free` and `read_at` are None before the stock was read; `offered` is None for a warehouse
    without a mirror in Saleor, and for a variant that has no stock there.
    """

    warehouse_id: int
    name: str
    free: int | None = None
    read_at: datetime | None = None
    offered: int | None = None


class ProductRefusal(StrEnum):
    """Reasons for refusing an action of staff on a product; the values are the error codes."""

    NOT_FOUND = "not_found"
    DIGITAL = "digital"
    NO_SKU = "no_sku"
    NO_SENDER = "no_sender"
    NOT_BEGUN = "not_begun"
    SWITCHED_OFF = "not_active"
    NOT_IN_PICQER = "not_in_picqer"


PRODUCT_REFUSALS: Final[Mapping[ProductRefusal, str]] = {
    ProductRefusal.NOT_FOUND: "There is no such product.",
    ProductRefusal.DIGITAL: PRODUCT_TEXTS[ProductCode.DIGITAL].title,
    ProductRefusal.NO_SKU: "No variant of the product has a SKU, which is Picqer's product code.",
    ProductRefusal.NO_SENDER: (
        'No channel sends products to Picqer: switch the plugin on, and see the setting "Send'
        ' products".'
    ),
    ProductRefusal.NOT_BEGUN: (
        "Products go to Picqer from the first full sync on. Start it on Picqer's page."
    ),
    ProductRefusal.SWITCHED_OFF: "The plugin is switched off in every channel.",
    ProductRefusal.NOT_IN_PICQER: (
        "Picqer has no variant of the product yet, as far as is known. Push the product first, or"
        " pull the stock."
    ),
}
