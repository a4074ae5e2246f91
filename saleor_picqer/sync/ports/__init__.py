"""Ports of the use cases: Picqer, Saleor and the plugin's tables, each supplied by `wiring`."""

from saleor_picqer.sync.ports.catalogue import Catalogue, CatalogueWatch
from saleor_picqer.sync.ports.context import Context, StockAccount
from saleor_picqer.sync.ports.picqer import Picqer
from saleor_picqer.sync.ports.runs import ReadProducts, Run
from saleor_picqer.sync.ports.shop import Shop
from saleor_picqer.sync.ports.state import Links, Outbox, Reservations, StockReadings

__all__ = [
    "Catalogue",
    "CatalogueWatch",
    "Context",
    "Links",
    "Outbox",
    "Picqer",
    "ReadProducts",
    "Reservations",
    "Run",
    "Shop",
    "StockAccount",
    "StockReadings",
]
