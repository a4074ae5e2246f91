"""Parts of the adapter to Saleor 2.10."""

from __future__ import annotations

from saleor_picqer.hosts.common.host import Host
from saleor_picqer.hosts.saleor2 import product_signals, signals
from saleor_picqer.hosts.saleor2.access import Saleor2Access
from saleor_picqer.hosts.saleor2.catalogue import Saleor2Catalogue
from saleor_picqer.hosts.saleor2.channels import Saleor2Channels
from saleor_picqer.hosts.saleor2.fulfilments import Saleor2Fulfilments
from saleor_picqer.hosts.saleor2.order_reader import Saleor2OrderReader
from saleor_picqer.hosts.saleor2.orders import Saleor2Orders
from saleor_picqer.hosts.saleor2.payments import Saleor2Payments
from saleor_picqer.hosts.saleor2.shipping import Saleor2Shipping
from saleor_picqer.hosts.saleor2.stock import Saleor2Stock
from saleor_picqer.hosts.saleor2.survey import Saleor2Survey
from saleor_picqer.hosts.saleor2.warehouses import Saleor2Warehouses


def build_host() -> Host:
    reader = Saleor2OrderReader()
    fulfilments = Saleor2Fulfilments(reader)
    return Host(
        access=Saleor2Access(),
        catalogue=Saleor2Catalogue(),
        channels=Saleor2Channels(),
        fulfilments=fulfilments,
        payments=Saleor2Payments(),
        orders=Saleor2Orders(reader, fulfilments),
        shipping=Saleor2Shipping(),
        stock=Saleor2Stock(),
        survey=Saleor2Survey(),
        warehouses=Saleor2Warehouses(),
        has_shipping_metadata=False,
        has_read_only_settings=False,
        connect_signals=signals.connect,
        connect_products=product_signals.connect,
    )
