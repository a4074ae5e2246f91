"""Customers buy, Picqer picks and ships, and the shop hears of it."""

from collections.abc import Mapping
from email import message_from_bytes
from typing import Any

from devtools.instance import LOCAL
from example_project.catalogue import COURIER, ShippingMethod
from example_project.demo.checkout import Basket, Placed, buy, listed
from example_project.demo.errors import StoryStoppedError
from example_project.demo.scene import Scene
from example_project.people import Person

MAILS = LOCAL / "mails"

PicqerOrder = Mapping[str, Any]
"""An order as Picqer's API shows it."""


def check_out(scene: Scene, customer: Person, basket: Basket, delivery: ShippingMethod) -> Placed:
    with scene.narrator.step(f"{customer.name} buys {listed(basket)} by {delivery.name}") as step:
        order = buy(scene.stage.shop_url, customer, basket, delivery)
        step.note(f"Saleor's order {order.number}: {order.total:.2f} euro")
    found = f"{order.status}, {'paid' if order.paid else 'not paid'}"
    scene.checks.equal(f"Order by {delivery.name}", "UNFULFILLED, paid", found)
    return order


def expect_processing(scene: Scene, placed: Placed) -> PicqerOrder:
    """Raises StoryStoppedError when the order does not come to Picqer at all."""
    with scene.narrator.step(f"Order {placed.number} arrives in Picqer") as step:
        order = scene.wait(
            step, lambda: _find(scene, placed), lambda found: _status(found) == "processing"
        )
        if order is None:
            raise StoryStoppedError(f"Order {placed.number} is not in Picqer. {_trouble(scene)}")
        step.note(f"Picqer's order {order['orderid']}, {order['status']}")
    scene.checks.equal("Parcel order in Picqer", "processing", _status(order))
    scene.checks.equal("Goods ordered in Picqer", listed(placed.basket), _goods(order))
    return order


def expect_nothing(scene: Scene, placed: Placed) -> None:
    """Asked once a later order has arrived: this one would have been there before it."""
    found = _status(_find(scene, placed))
    scene.checks.equal("Courier order in Picqer", "none", found)


def ship(scene: Scene, order: PicqerOrder) -> str:
    """Return the tracking code; raises StoryStoppedError when nobody ships in time."""
    warehouse, account = scene.stage.warehouse, scene.stage.account
    with scene.narrator.step(f"Picqer's order {order['orderid']} is picked and shipped") as step:
        warehouse.ship(order, step)
        status = scene.wait(
            step,
            lambda: account.order_by_id(order["idorder"])["status"],
            lambda found: found == "completed",
            warehouse.max_wait,
        )
        code = ", ".join(account.tracking_codes(order["idorder"]))
        step.note(f"tracking code {code}")
    scene.checks.equal("Shipped order in Picqer", "completed", status)
    if status != "completed":
        raise StoryStoppedError(f"Order {order['orderid']} was not shipped: it is {status}")
    return code


def expect_fulfilled(scene: Scene, placed: Placed, code: str) -> None:
    with scene.narrator.step(f"Saleor's order {placed.number} is fulfilled") as step:
        order = scene.wait(
            step,
            lambda: scene.dashboard.order(placed.id),
            lambda found: found["status"] == "FULFILLED",
        )
        for event in order["events"]:
            if event["message"]:
                step.note(event["message"])
    codes = [fulfillment["trackingNumber"] for fulfillment in order["fulfillments"]]
    scene.checks.equal("Shipped order in Saleor", "FULFILLED", order["status"])
    scene.checks.equal("Tracking code in Saleor", code, ", ".join(codes))
    scene.checks.equal("Goods fulfilled in Saleor", listed(placed.basket), _fulfilled(order))


def expect_mail(scene: Scene, placed: Placed, code: str) -> None:
    with scene.narrator.step(f"A mail tells {placed.email}") as step:
        subjects = scene.wait(step, lambda: _mails_about(placed, code), bool)
        for subject in subjects:
            step.note(subject)
    scene.checks.equal("Mails with tracking code", 1, len(subjects))


def expect_webhooks_handled(scene: Scene) -> None:
    """One that met another at work on the same order may wait for the plugin's next sweep."""
    with scene.narrator.step("The plugin has handled Picqer's webhooks") as step:
        status = scene.dashboard.picqer_status()
        events = {event["name"]: event["count"] for event in status["events"]}
        step.note(", ".join(f"{count} {name}" for name, count in events.items()))
    scene.checks.equal("Webhooks that failed", 0, events.get("failed", 0))


def call_off_courier_orders(scene: Scene) -> None:
    """No courier comes to a demo; also tidies up after a run that was stopped."""
    with scene.narrator.step("The courier's orders are called off, in Saleor alone") as step:
        numbers = scene.dashboard.cancel_open_orders(COURIER)
        step.note(f"cancelled: {', '.join(numbers) or 'none'}")


def _find(scene: Scene, placed: Placed) -> PicqerOrder | None:
    return scene.stage.account.order(placed.number, placed.email)


def _status(order: PicqerOrder | None) -> str:
    return "none" if order is None else str(order["status"])


def _trouble(scene: Scene) -> str:
    """What the plugin itself says."""
    reasons = [order["reason"] for order in scene.dashboard.picqer_status()["attention"]]
    return "; ".join(reasons) or "The plugin reports no trouble."


def _goods(order: PicqerOrder) -> str:
    return listed({line["productcode"]: line["amount"] for line in order["products"]})


def _fulfilled(order: Mapping[str, Any]) -> str:
    pieces: dict[str, int] = {}
    for fulfillment in order["fulfillments"]:
        for line in fulfillment["lines"]:
            sku = line["orderLine"]["productSku"]
            pieces[sku] = pieces.get(sku, 0) + line["quantity"]
    return listed(pieces)


def _mails_about(placed: Placed, code: str) -> list[str]:
    """Subjects of the mails to the customer that name the order and hold the code."""
    mails = [message_from_bytes(path.read_bytes()) for path in MAILS.glob("*.log")]
    return [
        mail["subject"]
        for mail in mails
        if mail["to"] == placed.email
        and f"Order {placed.number} " in mail["subject"]
        and code in str(mail.get_payload())
    ]
