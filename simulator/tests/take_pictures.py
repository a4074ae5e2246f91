"""Take the pictures in docs/pictures: `python simulator/tests/take_pictures.py`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from picqer_simulator import Account, seeds
from picqer_simulator.rules import hooks, lifecycle, orders, staff
from picqer_simulator.server import SimulatorServer
from simulator_support.chromium import chromium, find_browser, find_driver
from simulator_support.http_client import Session, receiving
from simulator_support.person import DESKTOP, PHONE, Person

PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
EVENTS = ("orders.status_changed", "picklists.closed")
ORDERS: list[dict[str, Any]] = [
    {"deliveryname": "Anna Visser", "products": {"DEMO-01": 3, "DEMO-02": 1}},
    {"deliveryname": "Bram de Wit", "products": {"DEMO-03": 2}},
    {"deliveryname": "Chris Jansen", "products": {"DEMO-04": 2, "DEMO-00": 1}},
    {"deliveryname": "Dana Peeters", "products": {"DEMO-05": 1, "DEMO-01": 2}},
]
# File -> page and width of the screen.
SHOTS = {
    "simulator-orders.png": ("/", DESKTOP),
    "simulator-order.png": ("/orders/4", DESKTOP),
    "simulator-stock.png": ("/stock", DESKTOP),
    "simulator-webhooks.png": ("/webhooks", DESKTOP),
    "simulator-requests.png": ("/requests", DESKTOP),
    "simulator-phone.png": ("/orders/4", PHONE),
}


def main() -> int:
    binary, driver = find_browser(), find_driver()
    if binary is None or driver is None:
        sys.stderr.write("no Chromium with its driver found\n")
        return 1
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as profile,
        SimulatorServer() as server,
        receiving() as receiver,
        chromium(binary, driver, Path(profile)) as browser,
    ):
        _play(server, receiver.url)
        person = Person(browser, server.url)
        for name, (path, width) in SHOTS.items():
            person.use_screen(width)
            person.open(path)
            person.take_picture(PICTURES / name)
    return 0


def _play(server: SimulatorServer, address: str) -> None:
    """Make four orders: shipped, partly shipped, cancelled and new."""
    server.account.run(seeds.seed, seeds.DEMO)
    for event in EVENTS:
        hook = {"name": "shop", "event": event, "address": address, "secret": "s3cret"}
        server.account.run(hooks.create, hook)
    for number, order in enumerate(ORDERS, 10041):
        _place(server.account, f"SALEOR-{number}", **order)
    server.account.run(staff.ship, 1, {"trackingcode": "3SDEMO000001"})
    server.account.run(staff.cancel, 2)
    server.account.run(staff.ship, 4, {"trackingcode": "3SDEMO000004", "lines": {"DEMO-01": 1}})
    shop = Session(server)
    for path in (
        "/stats",
        "/warehouses",
        "/orders?reference=SALEOR-10041",
        "/orders/4",
        "/orders/9",
    ):
        shop.call("GET", path)
    server.drain()


def _place(account: Account, reference: str, deliveryname: str, products: dict[str, int]) -> None:
    lines = [{"productcode": code, "amount": amount} for code, amount in products.items()]
    address = {"deliveryaddress": "Kade 1", "deliveryzipcode": "1011 AB", "deliverycity": "Utrecht"}
    countries = {"deliverycountry": "NL", "invoicecountry": "NL"}
    names = {"reference": reference, "deliveryname": deliveryname, "invoicename": deliveryname}
    body = {**names, **address, **countries, "products": lines}
    order = account.run(orders.create, body)
    account.run(lifecycle.process, order["idorder"])


if __name__ == "__main__":
    sys.exit(main())
