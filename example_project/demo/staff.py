"""A client for the shop's staff: what Saleor's dashboard does, with the same GraphQL API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from example_project.catalogue import ShippingMethod
from example_project.demo import documents
from example_project.demo.picqer import StockByPlace
from example_project.demo.shop import InputError, Shop


class Staff(Shop):
    """The session of a staff user with every permission."""

    def configure_picqer(self, settings: Mapping[str, str]) -> list[InputError]:
        """Save the plugin's settings and switch the plugin on; return the errors, if any."""
        items = [{"name": name, "value": value} for name, value in settings.items()]
        _, errors = self.attempt(documents.CONFIGURE_PICQER, settings=items)
        return errors

    def start_full_sync(self) -> str:
        """Start a full sync and return the id of the run."""
        run: str = self.mutate(documents.FULL_SYNC)["run"]["id"]
        return run

    def picqer_status(self) -> dict[str, Any]:
        status: dict[str, Any] = self.query(documents.PICQER_STATUS)["picqerStatus"]
        return status

    def selling_warehouses(self) -> list[str]:
        """Return the names of warehouses with a shipping zone."""
        nodes = [edge["node"] for edge in self.query(documents.WAREHOUSES)["warehouses"]["edges"]]
        return sorted(node["name"] for node in nodes if node["shippingZones"]["edges"])

    def available_stock(self) -> StockByPlace:
        """Return the pieces that customers in the Netherlands can buy, without empty places."""
        pieces: Counter[tuple[str, str]] = Counter()
        for edge in self.query(documents.STOCK)["productVariants"]["edges"]:
            for stock in edge["node"]["stocks"]:
                place = (stock["warehouse"]["name"], edge["node"]["sku"])
                pieces[place] += stock["quantity"] - stock["quantityAllocated"]
        return +pieces

    def order(self, pk: str) -> dict[str, Any]:
        order: dict[str, Any] = self.query(documents.ORDER, id=pk)["order"]
        return order

    def cancel_open_orders(self, delivery: ShippingMethod) -> list[str]:
        """Cancel every unfulfilled order with the shipping method; return the order numbers."""
        edges = self.query(documents.OPEN_ORDERS)["orders"]["edges"]
        orders = [e["node"] for e in edges if e["node"]["shippingMethodName"] == delivery.name]
        for order in orders:
            self.mutate(documents.ORDER_CANCEL, id=order["id"])
        return [order["number"] for order in orders]
