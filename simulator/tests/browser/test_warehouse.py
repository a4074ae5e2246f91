"""The simulator's pages in Chromium: orders, stock, webhooks and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from simulator_support.http_client import Receiver, Session, order_body

if TYPE_CHECKING:
    from simulator_support.person import Person

pytestmark = pytest.mark.slow

NONE = "\N{EN DASH}"


def place(shop: Session, reference: str = "SALEOR-10042", **amounts: int) -> str:
    """Send an order from the shop, process the order and return its number."""
    products = [{"productcode": code, "amount": amount} for code, amount in amounts.items()]
    order = shop.json("POST", "/orders", order_body(reference=reference, products=products))
    shop.json("POST", f"/orders/{order['idorder']}/process")
    return str(order["orderid"])


def test_order_is_completed_when_it_is_shipped_in_two_parts(person: Person, shop: Session) -> None:
    number = place(shop, MUG=5)

    # The order appears in the list.
    person.follow("Orders")
    assert person.row(number)[:6] == [
        number,
        "SALEOR-10042",
        "Anna Visser",
        "processing",
        "0 of 5",
        NONE,
    ]

    # Two of five are picked and shipped.
    person.follow(number)
    person.fill("Mug", "2")
    person.fill("Tracking code", "3SFIRST")
    person.press("Pick and ship")
    assert person.read("status") == "Picked and shipped."
    assert person.heading == f"Order {number} processing"

    # The rest is on backorder.
    assert person.row("Mug") == ["Mug MUG", "5", NONE, "3", "2"]
    assert person.row("3SFIRST")[2:] == ["closed", "2 of 5", "3SFIRST"]
    assert person.value_of("Mug") == "3"

    # Then the rest is shipped too.
    person.fill("Tracking code", "3SSECOND")
    person.press("Pick and ship")
    assert person.heading == f"Order {number} completed"
    assert person.row("Mug") == ["Mug MUG", "5", NONE, NONE, "5"]
    assert person.row("3SSECOND")[2:] == ["closed", "3 of 3", "3SSECOND"]
    assert [entry["trackingcode"] for entry in shop.json("GET", "/shipments")] == [
        "3SFIRST",
        "3SSECOND",
    ]


def test_shows_an_error_when_too_many_pieces_are_picked(person: Person, shop: Session) -> None:
    person.follow("Orders")
    number = place(shop, MUG=2)
    person.follow("Orders")
    person.follow(number)

    person.fill("Mug", "3")
    person.fill("Tracking code", "3STEST")
    person.press("Pick and ship")

    assert person.read("alert") == "Nothing was changed. The amount to pick is too high."
    assert (person.value_of("Mug"), person.value_of("Tracking code")) == ("3", "3STEST")
    assert shop.json("GET", "/shipments") == []


def test_order_is_cancelled_when_the_form_is_sent(person: Person, shop: Session) -> None:
    number = place(shop, MUG=2)
    person.follow("Orders")
    person.follow(number)

    person.unfold("Cancel this order")
    person.press(f"Cancel order {number}")

    assert person.read("status") == "The order is cancelled."
    assert person.heading == f"Order {number} cancelled"
    assert shop.json("GET", "/orders/1")["status"] == "cancelled"


def test_backorder_can_be_picked_when_stock_is_counted(person: Person, shop: Session) -> None:
    number = place(shop, CUP=2)
    person.follow("Orders")
    person.follow(number)
    assert "Nothing can be picked now." in person.text

    person.follow("Stock")
    person.fill("Stock of Cup in Utrecht", "7")
    person.press("Save stock of Cup in Utrecht")
    assert person.read("status") == "The stock is changed."
    assert shop.json("GET", "/products/2/stock")[0]["freestock"] == 5

    person.follow("Orders")
    person.follow(number)
    assert person.value_of("Cup") == "2"


def test_shows_an_error_when_counted_stock_is_below_the_picklists(
    person: Person, shop: Session
) -> None:
    place(shop, MUG=2)
    person.follow("Stock")

    person.fill("Stock of Mug in Utrecht", "1")
    person.press("Save stock of Mug in Utrecht")

    assert "MUG: Stock is lower than what is reserved." in person.read("alert")
    assert person.value_of("Stock of Mug in Utrecht") == "1"
    assert shop.json("GET", "/products/1/stock")[0]["stock"] == 9


def test_delivery_is_shown_when_a_hook_has_received_it(
    person: Person, shop: Session, receiver: Receiver
) -> None:
    hook = {"name": "shop", "event": "orders.created", "address": receiver.url, "secret": "s3cret"}
    shop.json("POST", "/hooks", hook)
    place(shop, MUG=1)
    shop.server.drain()

    person.follow("Webhooks")
    assert person.row("shop") == ["orders.created", "shop", receiver.url, "signed", NONE, "active"]
    assert person.row("200") == ["1", "orders.created", receiver.url, "1", "200", "delivered"]

    person.follow("1")
    assert person.heading == "Delivery 1 delivered"
    assert '"reference": "SALEOR-10042"' in person.text
    assert "s3cret" not in person.browser.page_source


def test_request_log_is_shown_when_the_shop_has_sent_requests(
    person: Person, shop: Session
) -> None:
    shop.call("GET", "/orders?reference=SALEOR-1")
    shop.call("GET", "/orders/404")

    person.follow("Requests")

    assert person.row("GET /orders/{idorder}") == ["GET /orders/{idorder}", "1"]
    assert person.row("GET /orders?reference=SALEOR-1")[:3] == [
        "GET /orders?reference=SALEOR-1",
        "200",
        NONE,
    ]
    assert person.row("GET /orders/404")[:2] == ["GET /orders/404", "404 code 20"]


def test_changes_nothing_when_another_website_sends_the_form(person: Person, shop: Session) -> None:
    place(shop, MUG=1)
    form = (
        f"<form method=post action={person.url}/orders/1/cancel><button>Win a mug</button></form>"
    )
    person.browser.get(f"data:text/html,{form}")

    person.press("Win a mug")

    assert "the form came from another website" in person.read("alert")
    assert shop.json("GET", "/orders/1")["status"] == "processing"


@pytest.mark.parametrize("path", ["/", "/orders/1", "/stock", "/webhooks", "/requests", "/nothing"])
def test_page_does_not_scroll_sideways_when_it_is_read_on_a_phone(
    person: Person, shop: Session, receiver: Receiver, path: str
) -> None:
    hook = {"name": "shop", "event": "orders.created", "address": f"{receiver.url}/{'long' * 30}"}
    shop.json("POST", "/hooks", hook)
    place(shop, "long" * 60, MUG=1, CUP=1)
    shop.server.drain()

    person.use_phone()
    person.open(path)

    assert not person.scrolls_sideways
