"""A customer buys something, step by step as a storefront does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from example_project.catalogue import ShippingMethod
from example_project.demo import documents
from example_project.demo.shop import DUMMY_GATEWAY, Shop
from example_project.people import Person

_ADDRESS_FIELDS = {
    "company_name": "companyName",
    "street_address_1": "streetAddress1",
    "postal_code": "postalCode",
    "city": "city",
    "country": "country",
    "phone": "phone",
}


Basket = Mapping[str, int]
"""Pieces by SKU."""


@dataclass(frozen=True)
class Placed:
    """An order as the customer's confirmation page shows it."""

    id: str
    number: str
    status: str
    paid: bool
    total: Decimal
    email: str
    basket: Basket


def listed(basket: Basket) -> str:
    return ", ".join(f"{pieces} x {sku}" for sku, pieces in sorted(basket.items()))


def buy(url: str, person: Person, basket: Basket, delivery: ShippingMethod) -> Placed:
    """Sign in and go through the checkout; raises ShopError on any refusal."""
    shop = Shop.signed_in(url, person)
    checkout = _checkout(shop, person, basket)
    method = _method(checkout, delivery)
    shop.mutate(documents.CHECKOUT_SHIPPING, checkout=checkout["id"], method=method)
    payment = {"gateway": DUMMY_GATEWAY, "token": "dummy"}
    shop.mutate(documents.CHECKOUT_PAY, checkout=checkout["id"], payment=payment)
    order = shop.mutate(documents.CHECKOUT_COMPLETE, checkout=checkout["id"])["order"]
    return Placed(
        id=order["id"],
        number=order["number"],
        status=order["status"],
        paid=order["isPaid"],
        total=Decimal(str(order["total"]["gross"]["amount"])),
        email=person.email,
        basket=basket,
    )


def _checkout(shop: Shop, person: Person, basket: Basket) -> dict[str, Any]:
    """Saleor 2 hands a customer's unfinished checkout out again: then that one is left behind."""
    address, ids = _address(person), shop.variant_ids()
    given = {
        "email": person.email,
        "lines": [{"variantId": ids[sku], "quantity": n} for sku, n in basket.items()],
        "shippingAddress": address,
        "billingAddress": address,
    }
    answer = shop.mutate(documents.CHECKOUT_CREATE, input=given)
    if not answer["created"]:
        shop.mutate(documents.CHECKOUT_ABANDON, checkout=answer["checkout"]["id"])
        answer = shop.mutate(documents.CHECKOUT_CREATE, input=given)
    checkout: dict[str, Any] = answer["checkout"]
    return checkout


def _address(person: Person) -> dict[str, str]:
    renamed = {name: person.address[field] for field, name in _ADDRESS_FIELDS.items()}
    return {"firstName": person.first_name, "lastName": person.last_name, **renamed}


def _method(checkout: Mapping[str, Any], delivery: ShippingMethod) -> str:
    offered = {method["name"]: method["id"] for method in checkout["availableShippingMethods"]}
    pk: str = offered[delivery.name]
    return pk
