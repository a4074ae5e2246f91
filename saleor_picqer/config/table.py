"""The table of settings, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from saleor_picqer.config import parsers
from saleor_picqer.domain.catalogue import Inactivate, SendProducts
from saleor_picqer.domain.names import split_titles
from saleor_picqer.domain.orders import CancelInPicqer, Milestone
from saleor_picqer.domain.parcels import TrackingField
from saleor_picqer.domain.payments import CaptureWhen
from saleor_picqer.domain.shipping import MARK_KEY, MARKED, ShippingPolicy
from saleor_picqer.domain.stock import UnlimitedStock
from saleor_picqer.domain.warehouses import OtherWarehouses

PLUGIN_ID: Final = "picqer"
GLOBAL_PLUGIN_ID: Final = f"{PLUGIN_ID}-global"


# Seconds for which an e-mail to the customer can be held back: a day.
LONGEST_DELAY: Final = 86_400


class Customers(StrEnum):
    """The customers that get a record in Picqer."""

    REGISTERED = "registered"  # those with an account in the shop
    GUEST = "guest"  # none: every order is a guest order


class FieldType(StrEnum):
    """The types of plugin settings that every line of Saleor has."""

    STRING = "String"
    BOOLEAN = "Boolean"
    SECRET = "Secret"  # noqa: S105
    # Read-only; not on Saleor 2.10.
    OUTPUT = "OUTPUT"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `parse` turns the stored text into the value in `Settings`."""

    name: str
    label: str
    help: str
    default: str | bool = ""
    type: FieldType = FieldType.STRING
    required: bool = False
    parse: Callable[[str], Any] = str


SETTINGS: Final = (
    Setting(
        "endpoint",
        "Picqer address",
        "Address of your Picqer account, such as https://example.picqer.com. Make an API key in"
        " Picqer under Settings > API keys, a separate one for each channel, and enter it below,"
        " under Picqer API key.",
        required=True,
    ),
    Setting(
        "api_key",
        "Picqer API key",
        "Make it in Picqer under Settings > API keys. Use a separate key for each channel.",
        type=FieldType.SECRET,
        required=True,
    ),
    Setting(
        "storefront",
        "Storefront",
        "Name or address of the shop. Picqer requires every client to identify itself.",
        required=True,
    ),
    Setting(
        "contact_email",
        "Technical contact",
        "E-mail address to which Picqer may write about this integration.",
        required=True,
        parse=parsers.email_address,
    ),
    Setting(
        "shipping_methods",
        "Shipping methods handled by Picqer",
        f'"{MARKED}": shipping methods whose private metadata has {MARK_KEY} = true. "all": every'
        " shipping method. Otherwise, the names of the shipping methods, separated by commas.",
        default=MARKED,
        parse=ShippingPolicy.parse,
    ),
    Setting(
        "orders_from",
        "Orders placed from",
        "Orders placed before this moment are not sent unless staff push them. A date, such as"
        " 2026-03-01, or a date and time, such as 2026-03-01 08:30, in UTC. Empty: the moment when"
        " the plugin was first switched on.",
        parse=parsers.moment,
    ),
    Setting(
        "push_when",
        "Send orders when",
        'When orders are sent to Picqer, which then reserves their stock. "placed": as soon as they'
        ' are placed, confirmed or not. "confirmed": once they are confirmed. "paid": once they are'
        " confirmed and paid.",
        default=Milestone.PLACED.value,
        parse=parsers.choice(Milestone),
    ),
    Setting(
        "process_when",
        "Let Picqer pick orders",
        'When the warehouse may start. "placed": as soon as Picqer has the order, paid or not.'
        ' "confirmed": once the order is confirmed. "paid": once it is confirmed and paid. Until'
        " then it is a concept in Picqer with its stock reserved.",
        default=Milestone.PAID.value,
        parse=parsers.choice(Milestone),
    ),
    Setting(
        "authorized_is_paid",
        "Authorised counts as paid",
        "Treat an order as paid once its full amount is authorised, before it is captured.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "cancel_in_picqer",
        "Cancel in Picqer",
        "Whether an order that is cancelled or expires in Saleor is cancelled in Picqer."
        ' "never": no. "concept": only while it is a concept. "unpicked": as long as nothing of it'
        " is picked.",
        default=CancelInPicqer.UNPICKED.value,
        parse=parsers.choice(CancelInPicqer),
    ),
    Setting(
        "cancel_in_saleor",
        "Cancel in Saleor",
        "Cancel an order in Saleor when it is cancelled in Picqer. When switched off, the order"
        " only asks for attention: staff may have cancelled it in Picqer to enter it again.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "reference_prefix",
        "Prefix of references",
        "Text put before Saleor's order number in Picqer, such as NL-. Required when several shops"
        " or channels share one Picqer account.",
        parse=parsers.reference_prefix,
    ),
    Setting(
        "customers",
        "Customers in Picqer",
        '"registered": customers with an account in Saleor get a record in Picqer, matched by their'
        ' exact e-mail address. "guest": every order is a guest order.',
        default=Customers.REGISTERED.value,
        parse=parsers.choice(Customers),
    ),
    Setting(
        "shipping_profiles",
        "Shipping profiles",
        "Picqer's shipping profile, by id or name, for each shipping method: Parcel = 12; Courier ="
        " Express; * = Standard. Metadata picqer.shipping_profile of the method takes precedence.",
        parse=parsers.by_shipping_method,
    ),
    Setting(
        "templates",
        "Templates",
        "Picqer's template, by id or name, for each shipping method, in the same notation."
        " Metadata picqer.template of the method takes precedence.",
        parse=parsers.by_shipping_method,
    ),
    Setting(
        "order_tags",
        "Tags",
        "Titles of Picqer tags that are added to every order, separated by commas.",
        parse=split_titles,
    ),
    Setting(
        "default_vat_rate",
        "Default VAT rate",
        "Percentage for products whose tax rate is not known in Saleor, such as 21.",
        parse=parsers.percentage,
    ),
    Setting(
        "product_language",
        "Language of products",
        "Code of the language, such as nl or pt-br, in which Picqer gets names and descriptions."
        " Products without a translation, and all products if this is empty, are sent as they are"
        " written in Saleor.",
        parse=parsers.language,
    ),
    Setting(
        "send_products",
        "Send products",
        "Whether Picqer gets the products of this channel. One channel of a Picqer account sends"
        ' them, so that its prices stay. "automatic": the first channel of the account. "always":'
        ' this channel. "never": another channel, or none. Products that this channel does not list'
        " are sent as the account's next channel lists them that does not say never.",
        default=SendProducts.AUTOMATIC.value,
        parse=parsers.choice(SendProducts),
    ),
    Setting(
        "product_images",
        "Send images",
        "Send the image of a variant or its product to Picqer if Picqer has none.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "inactivate_products",
        "Inactivate products in Picqer",
        '"never": no. "deleted": those of variants that are deleted in Saleor. "unpublished": also'
        " those that are not published or not listed any more, neither in this channel nor in"
        " another one of the Picqer account. They become active when they are sold again.",
        default=Inactivate.DELETED.value,
        parse=parsers.choice(Inactivate),
    ),
    Setting(
        "create_missing_products",
        "Create missing products",
        "Create a product in Picqer when an order contains a SKU that Picqer does not know.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "selling_warehouses",
        "Warehouses that sell",
        "Ids or names of the warehouses in Picqer whose stock the channel sells, separated by"
        " commas. Empty: every warehouse that is active and accepts orders.",
        parse=split_titles,
    ),
    Setting(
        "adopted_warehouses",
        "Adopted warehouses",
        "Warehouses that Saleor has already and that are warehouses of Picqer: Main = amsterdam;"
        " 3 = Shop floor. In front, Picqer's id or name; behind, Saleor's id, slug or name. Others"
        " are created in Saleor.",
        parse=parsers.adoptions,
    ),
    Setting(
        "other_warehouses",
        "Other warehouses of the channel",
        'Warehouses that do not come from Picqer. "detach": unlink them from the channel, so that'
        ' only stock in Picqer is sold. "delete": delete them, or unlink those with allocated goods'
        ' and those of several channels. "keep": leave them. Collection points and warehouses with'
        " products that do not ship always stay.",
        default=OtherWarehouses.DETACH.value,
        parse=parsers.choice(OtherWarehouses),
    ),
    Setting(
        "unlimited_stock",
        "Products with unlimited stock",
        'What happens in Saleor to products of the type "unlimited stock", of which Picqer keeps no'
        ' stock. "leave": nothing. "untracked": Saleor stops tracking their inventory, and tracks'
        " it again once Picqer keeps stock of them.",
        default=UnlimitedStock.LEAVE.value,
        parse=parsers.choice(UnlimitedStock),
    ),
    Setting(
        "pull_schedule",
        "Pull stock every day at",
        "When all stock is read from Picqer again: a time in UTC such as 02:30, or off. It begins"
        " after the first full sync. Channels that share a Picqer account are pulled once, at the"
        " earliest of their times.",
        default="02:30",
        parse=parsers.time_of_day,
    ),
    Setting(
        "pull_token",
        "Token for pulling stock",
        "Lets a program of yours have the stock pulled at the address …/picqer/pull-stock-levels"
        " without the Picqer API key, which works there too. At least 20 characters.",
        type=FieldType.SECRET,
        parse=parsers.token,
    ),
    Setting(
        "stock_buffer",
        "Stock held back",
        "Pieces of each product that are not sold, in each warehouse. Private metadata"
        " picqer.stock_buffer of a variant takes precedence.",
        parse=parsers.whole_number,
    ),
    Setting(
        "stock_cap",
        "Most stock shown",
        "Pieces of each product that are offered at most, from each warehouse. Private metadata"
        " picqer.stock_cap of a variant takes precedence.",
        parse=parsers.whole_number,
    ),
    Setting(
        "manual_fulfilment",
        "Allow fulfilment by hand",
        "Let staff and apps fulfil an order in Saleor although Picqer ships it. Otherwise they get"
        " an error.",
        default=False,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "capture_payment",
        "Capture the payment",
        "Whether Saleor captures the authorised payment of an order when Picqer ships, once."
        ' "never": no. "first_shipment": the whole amount, with the first shipment. "all_shipped":'
        " when nothing of the order is left to ship.",
        default=CaptureWhen.NEVER.value,
        parse=parsers.choice(CaptureWhen),
    ),
    Setting(
        "notify_customer",
        "Notify the customer",
        "Let Saleor send its shipping confirmation when Picqer has shipped.",
        default=True,
        type=FieldType.BOOLEAN,
    ),
    Setting(
        "notify_delay",
        "Delay of the notification",
        "Seconds for which the shipping confirmation is held back, such as 360. Picqer's staff can"
        " cancel or replace a shipment for five minutes, and the customer then gets the latest"
        " tracking number only. 0: no delay. At most 86400, a day.",
        default="0",
        parse=parsers.seconds(LONGEST_DELAY),
    ),
    Setting(
        "tracking",
        "Tracking number",
        "What Saleor's tracking number of a fulfilment contains."
        ' "number": the tracking codes of all parcels. "link": the carrier\'s page of the first'
        " parcel. The public metadata of the fulfilment has both for each parcel.",
        default=TrackingField.NUMBER.value,
        parse=parsers.choice(TrackingField),
    ),
    Setting(
        "alarm_recipients",
        "Recipients of alarms",
        "E-mail addresses, separated by commas, of those who are told when the integration needs"
        " help, for example because Picqer refuses the API key, and when that is over.",
        parse=parsers.email_addresses,
    ),
)

# Read-only fields of Saleor's own form.
OUTPUTS: Final = (
    Setting(
        "webhook_address",
        "Webhook address",
        "Where Picqer's webhooks arrive. The plugin registers them by itself.",
        type=FieldType.OUTPUT,
    ),
    Setting(
        "connection_state",
        "State of the connection",
        "How the connection to Picqer is, as far as Saleor knows. For a test, see the page Picqer"
        " in the dashboard, or run `manage.py picqer doctor`.",
        type=FieldType.OUTPUT,
    ),
)

# What staff read in front of each setting.
LABELS: Final = {setting.name: setting.label for setting in SETTINGS}
