"""Ship an order in Picqer, and check what happens in Saleor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email import message_from_bytes
from typing import Any

from devtools.instance import LOCAL
from example_project.demo.checkout import PicqerOrder, PlacedOrder, format_basket
from example_project.demo.errors import DemoStoppedError
from example_project.demo.setup import Demo

MAILS = LOCAL / "mails"


def ship(demo: Demo, order: PicqerOrder) -> str:
    """Ship the order; return the tracking code. Raises DemoStoppedError on a timeout."""
    warehouse, account = demo.servers.warehouse, demo.servers.account
    with demo.console.step(f"Pick and ship Picqer order {order['orderid']}") as step:
        warehouse.ship(order, step)
        status = demo.wait(
            step,
            lambda: account.order_by_id(order["idorder"])["status"],
            lambda found: found == "completed",
            warehouse.max_wait,
        )
        code = ", ".join(account.tracking_codes(order["idorder"]))
        step.note(f"tracking code {code}")
    demo.checks.equal("Shipped order in Picqer", "completed", status)
    if status != "completed":
        raise DemoStoppedError(f"Order {order['orderid']} was not shipped: its status is {status}.")
    return code


def check_fulfilment(demo: Demo, placed: PlacedOrder, tracking_code: str) -> None:
    """Check that Saleor has fulfilled the order with the tracking code."""
    with demo.console.step(f"Wait until Saleor order {placed.number} is fulfilled") as step:
        order = demo.wait(
            step,
            lambda: demo.staff.order(placed.id),
            lambda found: found["status"] == "FULFILLED",
        )
        for event in order["events"]:
            if event["message"]:
                step.note(event["message"])
        parcels = _parcels(order)
        for parcel in parcels:
            step.note(f"a storefront shows {parcel['carrier']}: {parcel['link']}")
        status_page = _metadata(order).get("picqer.status_page", "")
        step.note(f"and the status page {status_page}")
    codes = [fulfillment["trackingNumber"] for fulfillment in order["fulfillments"]]
    goods = format_basket(_fulfilled_pieces(order))
    demo.checks.equal("Shipped order in Saleor", "FULFILLED", order["status"])
    demo.checks.equal("Tracking code in Saleor", tracking_code, ", ".join(codes))
    demo.checks.equal("Goods fulfilled in Saleor", format_basket(placed.basket), goods)
    links = [parcel["link"] for parcel in parcels if parcel["link"]]
    demo.checks.equal("Parcels with a link", len(parcels), len(links))
    demo.checks.equal("Status page for the customer", True, bool(status_page))


def check_mail(demo: Demo, placed: PlacedOrder, tracking_code: str) -> None:
    """Check the customer's mail with the tracking code."""
    with demo.console.step(f"Wait for the mail to {placed.email}") as step:
        subjects = demo.wait(step, lambda: _subjects_of_mails(placed, tracking_code), bool)
        for subject in subjects:
            step.note(subject)
    demo.checks.equal("Mails with tracking code", 1, len(subjects))


def check_webhooks(demo: Demo) -> None:
    """Check that no webhook of Picqer has failed."""
    # A webhook that met a busy order may still wait for the plugin's next sweep: not a failure.
    with demo.console.step("Count the webhooks that the plugin has received") as step:
        status = demo.staff.picqer_status()
        events = {event["status"].lower(): event["count"] for event in status["events"]}
        step.note(", ".join(f"{count} {name}" for name, count in events.items()))
    demo.checks.equal("Webhooks that failed", 0, events.get("failed", 0))


def _parcels(order: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the parcels of all fulfilments, as a storefront reads them."""
    texts = (_metadata(one).get("picqer.parcels", "[]") for one in order["fulfillments"])
    return [parcel for text in texts for parcel in json.loads(text)]


def _metadata(node: Mapping[str, Any]) -> dict[str, str]:
    return {item["key"]: item["value"] for item in node["metadata"]}


def _fulfilled_pieces(order: Mapping[str, Any]) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for fulfillment in order["fulfillments"]:
        for line in fulfillment["lines"]:
            sku = line["orderLine"]["productSku"]
            pieces[sku] = pieces.get(sku, 0) + line["quantity"]
    return pieces


def _subjects_of_mails(placed: PlacedOrder, tracking_code: str) -> list[str]:
    """Return the subjects of the customer's mails about the order that hold the tracking code."""
    mails = [message_from_bytes(path.read_bytes()) for path in MAILS.glob("*.log")]
    return [
        mail["subject"]
        for mail in mails
        if mail["to"] == placed.email
        and f"Order {placed.number} " in mail["subject"]
        and tracking_code in str(mail.get_payload())
    ]
