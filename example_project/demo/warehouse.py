"""Book in goods and ship orders: in the simulator, or by asking the user to do so."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

import requests

from example_project.catalogue import PRODUCTS
from example_project.demo.console import Step

TIMEOUT_SECONDS = 60

MAIN, OVERFLOW = "Utrecht", "Nieuwegein overflow"
WAREHOUSES = [
    {"name": MAIN, "priority": 1, "active": True, "accept_orders": True},
    {"name": OVERFLOW, "priority": 2, "active": True, "accept_orders": True},
]
VAT_GROUPS = [
    {"name": "Hoog tarief", "percentage": 21},
    {"name": "Laag tarief", "percentage": 9},
    {"name": "Nultarief", "percentage": 0},
]


class Warehouse(Protocol):
    """A warehouse for the demo's orders; `max_wait` is the time limit in seconds."""

    max_wait: float

    def book_in(self, lacking: Mapping[str, int], step: Step) -> None:
        """Book in at least the given pieces, by SKU, in one warehouse of Picqer."""

    def ship(self, order: Mapping[str, Any], step: Step) -> None:
        """Pick and ship all goods of a Picqer order, with a tracking code."""


class SimulatedWarehouse:
    """Works through the control routes of the simulator at `url`."""

    max_wait = 30.0

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_simulator"

    def open(self) -> None:
        """Create the warehouses and VAT groups that a new account needs."""
        self._post("seed", {"warehouses": WAREHOUSES, "vatgroups": VAT_GROUPS})

    def book_in(self, lacking: Mapping[str, int], step: Step) -> None:
        """Set the stock of every product in both warehouses, whatever is lacking."""
        skus = [variant.sku for product in PRODUCTS for variant in product.variants]
        for number, sku in enumerate(skus):
            step.show(sku, number, len(skus))
            self._set_stock(sku, MAIN, 20 + number)
            self._set_stock(sku, OVERFLOW, 5 + number % 3)
        step.note(f"{len(skus)} products booked in, in {MAIN} and {OVERFLOW}")

    def ship(self, order: Mapping[str, Any], step: Step) -> None:
        """Ship the order at once, with a random tracking code."""
        code = f"3SKOBL{secrets.randbelow(10**9):09}"
        self._post(f"orders/{order['idorder']}/ship", {"trackingcode": code})

    def _set_stock(self, sku: str, warehouse: str, amount: int) -> None:
        self._post("stock", {"productcode": sku, "warehouse": warehouse, "amount": amount})

    def _post(self, route: str, body: Mapping[str, Any]) -> None:
        response = requests.post(f"{self._url}/{route}", json=body, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()


class ManualWarehouse:
    """Asks the user to do the work in the web application of the account at `endpoint`."""

    max_wait = 900.0

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def book_in(self, lacking: Mapping[str, int], step: Step) -> None:
        """Ask the user to book in the lacking goods, if there are any."""
        if lacking:
            goods = ", ".join(f"{amount} x {sku}" for sku, amount in lacking.items())
            step.ask(f"Please book in at {self._endpoint}, in one warehouse: {goods}")

    def ship(self, order: Mapping[str, Any], step: Step) -> None:
        """Ask the user to ship the order."""
        step.ask(f"Please pick and ship order {order['orderid']} at {self._endpoint}")
