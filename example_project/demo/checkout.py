"""Place orders as a storefront does, and check which of them reach Picqer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from example_project.catalogue import COURIER, ShippingMethod
from example_project.demo import documents
from example_project.demo.errors import DemoStoppedError
from example_project.demo.setup import Demo
from example_project.demo.shop import DUMMY_GATEWAY, Shop
from example_project.people import Person

# Field of Saleor's `Address` model -> field of GraphQL's `AddressInput`
_ADDRESS_FIELDS = {
    "company_name": "companyName",
    "street_address_1": "streetAddress1",
    "postal_code": "postalCode",
    "city": "city",
    "country": "country",
    "phone": "phone",
}

# SKU -> pieces
type Basket = Mapping[str, int]
# An order as Picqer's API returns it.
type PicqerOrder = Mapping[str, Any]


@dataclass(frozen=True)
class PlacedOrder:
    """A Saleor order as the customer's confirmation page shows it."""

    id: str
    number: str
    status: str
    paid: bool
    total: Decimal
    email: str
    basket: Basket


def format_basket(basket: Basket) -> str:
    """Return e.g. `2 x KB-DOM-250, 1 x KB-MUG-BLUE`, sorted by SKU."""
    return ", ".join(f"{pieces} x {sku}" for sku, pieces in sorted(basket.items()))


def place_order(
    demo: Demo, customer: Person, basket: Basket, delivery: ShippingMethod
) -> PlacedOrder:
    """Buy the basket as a customer, and check the order's status in Saleor."""
    title = f"{customer.name} buys {format_basket(basket)}, shipping method {delivery.name}"
    with demo.console.step(title) as step:
        order = buy(demo.servers.shop_url, customer, basket, delivery)
        step.note(f"Saleor order {order.number}: {order.total:.2f} euro")
    found = f"{order.status}, {'paid' if order.paid else 'not paid'}"
    demo.checks.equal(f"Order by {delivery.name}", "UNFULFILLED, paid", found)
    return order


def check_order_in_picqer(demo: Demo, placed: PlacedOrder) -> PicqerOrder:
    """Check that Picqer processes the order. Raises DemoStoppedError if the order is missing."""
    with demo.console.step(f"Wait until order {placed.number} is in Picqer") as step:
        order = demo.wait(
            step, lambda: _find(demo, placed), lambda found: _status(found) == "processing"
        )
        if order is None:
            raise DemoStoppedError(f"Order {placed.number} is not in Picqer. {_problems(demo)}")
        step.note(f"Picqer order {order['orderid']}, {order['status']}")
    demo.checks.equal("Parcel order in Picqer", "processing", _status(order))
    ordered = {line["productcode"]: line["amount"] for line in order["products"]}
    demo.checks.equal(
        "Goods ordered in Picqer", format_basket(placed.basket), format_basket(ordered)
    )
    return order


def check_order_not_in_picqer(demo: Demo, placed: PlacedOrder) -> None:
    """Check that Picqer has not got the order, once a later order has reached Picqer."""
    found = _status(_find(demo, placed))
    demo.checks.equal("Courier order in Picqer", "none", found)


def cancel_courier_orders(demo: Demo) -> None:
    """Cancel the courier's orders, to free the allocated stock."""
    with demo.console.step("Cancel courier orders in Saleor") as step:
        numbers = demo.staff.cancel_open_orders(COURIER)
        step.note(f"cancelled: {', '.join(numbers) or 'none'}")


def buy(url: str, person: Person, basket: Basket, delivery: ShippingMethod) -> PlacedOrder:
    """Sign in and complete a checkout. Raises ShopError when Saleor refuses a step."""
    shop = Shop.signed_in(url, person)
    checkout = _create_checkout(shop, person, basket)
    method = _method_id(checkout, delivery)
    shop.mutate(documents.CHECKOUT_SHIPPING, checkout=checkout["id"], method=method)
    payment = {"gateway": DUMMY_GATEWAY, "token": "dummy"}
    shop.mutate(documents.CHECKOUT_PAY, checkout=checkout["id"], payment=payment)
    order = shop.mutate(documents.CHECKOUT_COMPLETE, checkout=checkout["id"])["order"]
    return PlacedOrder(
        id=order["id"],
        number=order["number"],
        status=order["status"],
        paid=order["isPaid"],
        total=Decimal(str(order["total"]["gross"]["amount"])),
        email=person.email,
        basket=basket,
    )


def _create_checkout(shop: Shop, person: Person, basket: Basket) -> dict[str, Any]:
    """Create a checkout for the basket, even if the customer has an unfinished checkout."""
    address, ids = _address(person), shop.variant_ids()
    values = {
        "email": person.email,
        "lines": [{"variantId": ids[sku], "quantity": n} for sku, n in basket.items()],
        "shippingAddress": address,
        "billingAddress": address,
    }
    result = shop.mutate(documents.CHECKOUT_CREATE, input=values)
    # Saleor 2 returns the customer's unfinished checkout, if there is one: detach it and try again.
    if not result["created"]:
        shop.mutate(documents.CHECKOUT_ABANDON, checkout=result["checkout"]["id"])
        result = shop.mutate(documents.CHECKOUT_CREATE, input=values)
    checkout: dict[str, Any] = result["checkout"]
    return checkout


def _address(person: Person) -> dict[str, str]:
    renamed = {name: person.address[field] for field, name in _ADDRESS_FIELDS.items()}
    return {"firstName": person.first_name, "lastName": person.last_name, **renamed}


def _method_id(checkout: Mapping[str, Any], delivery: ShippingMethod) -> str:
    offered = {method["name"]: method["id"] for method in checkout["availableShippingMethods"]}
    pk: str = offered[delivery.name]
    return pk


def _find(demo: Demo, placed: PlacedOrder) -> PicqerOrder | None:
    return demo.servers.account.order(placed.number, placed.email)


def _status(order: PicqerOrder | None) -> str:
    return "none" if order is None else str(order["status"])


def _problems(demo: Demo) -> str:
    """Return the plugin's own explanation of orders that need attention."""
    reasons = [order["lastError"] for order in demo.staff.picqer_status()["attention"]]
    return "; ".join(reasons) or "The plugin reports no problem."
