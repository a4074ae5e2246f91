import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.errors import DataError
from saleor_picqer.picqer.objects.hooks import HookCreate
from saleor_picqer.picqer.objects.orders import OrderCreate, OrderLineCreate, OrderUpdate
from saleor_picqer.picqer.objects.products import ProductCreate, ProductUpdate, StockChange

GUEST = {
    "deliveryname": "Anna Visser",
    "deliverycountry": "NL",
    "invoicename": "Anna Visser",
    "invoicecountry": "NL",
}


HOOK = {"name": "x", "address": "https://x", "secret": "s"}


def line(**changes: Any) -> Any:
    fields: dict[str, Any] = {"productcode": "MUG-RED", "amount": 2}
    return OrderLineCreate(**(fields | changes))


def guest_order(**changes: Any) -> Any:
    return OrderCreate(**(GUEST | {"products": [line()]} | changes))


def test_only_fields_that_were_set_are_sent() -> None:
    assert json.loads(ProductUpdate(name="Mug").encode()) == {"name": "Mug"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"weight": 0}, b'{"weight":0}'),
        ({"active": False}, b'{"active":false}'),
        ({"barcode": None}, b'{"barcode":null}'),
        ({"price": Decimal(0)}, b'{"price":0.0}'),
    ],
)
def test_zero_false_and_null_are_sent_when_they_were_set(fields: Any, expected: Any) -> None:
    assert ProductUpdate(**fields).encode() == expected


@pytest.mark.parametrize(
    ("price", "expected"),
    [("8.26", "8.26"), ("8.2599999", "8.2599999"), ("0.1", "0.1"), ("1234567.89", "1234567.89")],
)
def test_money_is_a_number_without_noise(price: Any, expected: Any) -> None:
    assert ProductUpdate(price=Decimal(price)).encode() == f'{{"price":{expected}}}'.encode()


def test_order_is_sent_as_documented() -> None:
    body = guest_order(
        reference="SALEOR-10042",
        preferred_delivery_date=date(2026, 1, 20),
        products=[line(price=Decimal("8.26"), idvatgroup=310)],
    )

    assert json.loads(body.encode()) == {
        **GUEST,
        "reference": "SALEOR-10042",
        "preferred_delivery_date": "2026-01-20",
        "products": [{"productcode": "MUG-RED", "amount": 2, "price": 8.26, "idvatgroup": 310}],
    }


def test_customers_order_needs_no_names() -> None:
    body = OrderCreate(idcustomer=7310, products=[line()])

    assert json.loads(body.encode())["idcustomer"] == 7310


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: guest_order(deliverycountry="Netherlands"), "deliverycountry"),
        (lambda: guest_order(deliverycountry="nl"), "deliverycountry"),
        (lambda: guest_order(invoicename=""), "invoicename"),
        (lambda: guest_order(invoicename="  "), "invoicename"),
        (lambda: guest_order(language="de"), "language"),
        (lambda: guest_order(products=[]), "products"),
        (lambda: guest_order(discount=10.5), "discount"),
        (lambda: guest_order(surname="Visser"), "surname"),
        (lambda: OrderCreate(products=[line()]), "deliveryname, deliverycountry"),
        (lambda: line(amount=0), "amount"),
        (lambda: line(amount="2"), "amount"),
        (lambda: line(price=8.26), "price"),
        (lambda: line(price=Decimal("NaN")), "price"),
        (lambda: OrderLineCreate(amount=1), "productcode"),
        (lambda: ProductCreate(productcode=" ", name="x", price=Decimal(1), idvatgroup=1), "code"),
        (lambda: ProductUpdate.model_validate({"type": "bundle"}), "type"),
        (lambda: StockChange(reason=""), "reason"),
        (lambda: StockChange(change=1, amount=2, reason="x"), "change or amount"),
        (lambda: HookCreate.model_validate(HOOK | {"event": "orders.x"}), "event"),
        (lambda: OrderUpdate(customer_remarks="\ud800").encode(), "JSON cannot hold"),
    ],
)
def test_body_is_refused_by_field_when_picqer_would_refuse_it(make: Any, field: Any) -> None:
    with pytest.raises(DataError, match=field):
        make()


def test_refusal_does_not_carry_the_value() -> None:
    with pytest.raises(DataError) as caught:
        guest_order(emailaddress=["anna@example.org"])

    assert "anna" not in str(caught.value)
    assert caught.value.__context__ is None


def test_body_does_not_show_its_values() -> None:
    hook = HookCreate(
        name="x", event="orders.created", address="https://x", secret="long-random-string"
    )

    assert "long-random-string" not in repr(hook) + str(hook)
