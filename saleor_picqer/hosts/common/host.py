"""One Saleor line as a set of parts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from saleor_picqer.hosts.common import fulfilment_guard
from saleor_picqer.hosts.common.access import Access
from saleor_picqer.hosts.common.apps import Apps
from saleor_picqer.hosts.common.catalogue import Catalogue
from saleor_picqer.hosts.common.channels import Channels
from saleor_picqer.hosts.common.fulfilment_guard import Refusal
from saleor_picqer.hosts.common.fulfilments import Fulfilments
from saleor_picqer.hosts.common.offers import Offers
from saleor_picqer.hosts.common.orders import Orders
from saleor_picqer.hosts.common.payments import Payments
from saleor_picqer.hosts.common.products import Products
from saleor_picqer.hosts.common.shipping import Shipping
from saleor_picqer.hosts.common.stock import Stock
from saleor_picqer.hosts.common.survey import Survey
from saleor_picqer.hosts.common.warehouses import Warehouses

# Takes primary keys; never raises.
Changed = Callable[[Collection[Any]], None]


def _connect_nothing(*_: object) -> None:
    """Connect no signal handlers: every change calls a plugin hook."""


@dataclass(frozen=True)
class Host:
    """One Saleor line: implements `sync.ports.shop.Shop` and adds what the plugin needs."""

    access: Access
    catalogue: Catalogue
    channels: Channels
    fulfilments: Fulfilments
    orders: Orders
    payments: Payments
    shipping: Shipping
    stock: Stock
    survey: Survey
    warehouses: Warehouses

    # Whether staff can mark a shipping method through its private metadata.
    has_shipping_metadata: bool
    # Whether the form of a plugin's settings can show a read-only field.
    has_read_only_settings: bool
    # Apps in the dashboard; None where Saleor has none.
    apps: Apps | None = None
    # Dotted paths of plugins that Saleor needs in addition to PicqerPlugin.
    global_plugins: tuple[str, ...] = ()
    # Called once, from `AppConfig.ready()`.
    connect_signals: Callable[[], None] = _connect_nothing
    # Takes the functions to call with changed products, changed variants and deleted variants;
    # called once, from `AppConfig.ready()`.
    connect_products: Callable[[Changed, Changed, Changed], None] = _connect_nothing
    # Asks a function before an order is fulfilled; called once, from `AppConfig.ready()`.
    guard_fulfilments: Callable[[Refusal], None] = fulfilment_guard.connect
    offers: Offers = field(default_factory=Offers)
    products: Products = field(default_factory=Products)
