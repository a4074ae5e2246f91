"""Read a Picqer account, to check what the plugin has done in Picqer.

Nothing of the plugin is imported: the checks must not share the plugin's mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import requests

PAGE = 100
TIMEOUT_SECONDS = 30

# (warehouse name, SKU) -> pieces
type StockByPlace = Mapping[tuple[str, str], int]


class PicqerAccount:
    """A Picqer account; `endpoint` is the address of its web application."""

    def __init__(self, endpoint: str, api_key: str) -> None:
        self.endpoint = endpoint.rstrip("/").removesuffix("/api/v1")
        self.api_key = api_key
        self._session = requests.Session()
        self._session.auth = (api_key, "")
        self._session.headers["User-Agent"] = "saleor-picqer demo (https://shop.example)"

    def active_hooks(self, address: str) -> list[str]:
        """Return the events of active webhooks to addresses below `address`."""
        return sorted(
            hook["event"]
            for hook in self._all("hooks")
            if hook["active"] and hook["address"].startswith(address)
        )

    def warehouses(self) -> list[str]:
        """Return the names of active warehouses that accept orders."""
        return sorted(
            warehouse["name"]
            for warehouse in self._all("warehouses")
            if warehouse["active"] and warehouse["accept_orders"]
        )

    def products(self) -> dict[str, dict[str, Any]]:
        """Return the active products by productcode."""
        return {product["productcode"]: product for product in self._all("products")}

    def free_stock(self) -> StockByPlace:
        """Return the pieces that can be sold. A place without free pieces has no entry."""
        pieces: Counter[tuple[str, str]] = Counter()
        for warehouse in self._all("warehouses"):
            if warehouse["active"] and warehouse["accept_orders"]:
                for row in self._all(f"warehouses/{warehouse['idwarehouse']}/stock"):
                    place = (warehouse["name"], row["productcode"])
                    pieces[place] = max(0, row["stock"]["freestock"])
        return +pieces

    def order(self, reference: str, email: str) -> dict[str, Any] | None:
        """Return the newest order of the customer with the reference."""
        # References are not unique in Picqer, and the filter also finds longer ones.
        matching = [
            order
            for order in self._all("orders", reference=reference)
            if order["reference"] == reference and order["emailaddress"] == email
        ]
        return max(matching, key=lambda order: order["idorder"], default=None)

    def order_by_id(self, idorder: int) -> dict[str, Any]:
        order: dict[str, Any] = self._get(f"orders/{idorder}")
        return order

    def tracking_codes(self, idorder: int) -> list[str]:
        """Return the tracking codes of the order's shipments."""
        picklists = self.order_by_id(idorder)["picklists"]
        return [
            shipment["trackingcode"]
            for picklist in picklists
            for shipment in self._all(f"picklists/{picklist['idpicklist']}/shipments")
            if not shipment["cancelled"]
        ]

    def _all(self, path: str, **filters: str) -> Iterator[dict[str, Any]]:
        """Yield the entries of all pages of a list."""
        offset = 0
        while page := self._get(path, offset=offset, **filters):
            yield from page
            if len(page) < PAGE:
                return
            offset += PAGE

    def _get(self, path: str, **parameters: str | int) -> Any:
        """Send a GET request; return the decoded body."""
        response = self._session.get(
            f"{self.endpoint}/api/v1/{path}", params=parameters, timeout=TIMEOUT_SECONDS
        )
        response.raise_for_status()
        return response.json()
