"""What the shop's staff do and see, signed in with GraphQL as their dashboard is."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from example_project.catalogue import ShippingMethod
from example_project.demo import documents
from example_project.demo.picqer import StockByPlace
from example_project.demo.shop import Refusal, Shop


class Dashboard(Shop):
    """For somebody with every right."""

    def configure_picqer(self, settings: Mapping[str, str]) -> list[Refusal]:
        """Save the plugin's settings and switch it on; return why not, if refused."""
        items = [{"name": name, "value": value} for name, value in settings.items()]
        _, refusals = self.attempt(documents.CONFIGURE_PICQER, settings=items)
        return refusals

    def start_full_sync(self) -> str:
        """Return the id of the run."""
        run: str = self.mutate(documents.FULL_SYNC)["run"]["id"]
        return run

    def picqer_status(self) -> dict[str, Any]:
        status: dict[str, Any] = self.query(documents.PICQER_STATUS)["picqerStatus"]
        return status

    def selling_warehouses(self) -> list[str]:
        """Names of those that serve some shipping zone."""
        nodes = [edge["node"] for edge in self.query(documents.WAREHOUSES)["warehouses"]["edges"]]
        return sorted(node["name"] for node in nodes if node["shippingZones"]["edges"])

    def available_stock(self) -> StockByPlace:
        """What a customer in the Netherlands can buy; places without any are left out."""
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
        """Cancel every unfulfilled order with this delivery; return their numbers."""
        edges = self.query(documents.OPEN_ORDERS)["orders"]["edges"]
        orders = [e["node"] for e in edges if e["node"]["shippingMethodName"] == delivery.name]
        for order in orders:
            self.mutate(documents.ORDER_CANCEL, id=order["id"])
        return [order["number"] for order in orders]
