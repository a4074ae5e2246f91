"""Parts of the adapter to Saleor 3.21 to 3.23."""

from __future__ import annotations

from saleor_picqer.hosts.common.host import Host
from saleor_picqer.hosts.saleor3.access import Saleor3Access
from saleor_picqer.hosts.saleor3.apps import Saleor3Apps
from saleor_picqer.hosts.saleor3.catalogue import Saleor3Catalogue
from saleor_picqer.hosts.saleor3.channels import Saleor3Channels
from saleor_picqer.hosts.saleor3.fulfilments import Saleor3Fulfilments
from saleor_picqer.hosts.saleor3.order_reader import Saleor3OrderReader
from saleor_picqer.hosts.saleor3.orders import Saleor3Orders
from saleor_picqer.hosts.saleor3.payments import Saleor3Payments
from saleor_picqer.hosts.saleor3.shipping import Saleor3Shipping
from saleor_picqer.hosts.saleor3.stock import Saleor3Stock
from saleor_picqer.hosts.saleor3.survey import Saleor3Survey
from saleor_picqer.hosts.saleor3.warehouses import Saleor3Warehouses


def build_host() -> Host:
    reader = Saleor3OrderReader()
    fulfilments = Saleor3Fulfilments(reader)
    return Host(
        access=Saleor3Access(),
        catalogue=Saleor3Catalogue(),
        channels=Saleor3Channels(),
        fulfilments=fulfilments,
        payments=Saleor3Payments(),
        orders=Saleor3Orders(reader, fulfilments),
        shipping=Saleor3Shipping(),
        stock=Saleor3Stock(),
        survey=Saleor3Survey(),
        warehouses=Saleor3Warehouses(),
        has_shipping_metadata=True,
        has_read_only_settings=True,
        apps=Saleor3Apps(),
        global_plugins=("saleor_picqer.plugin.GlobalPicqerPlugin",),
    )
