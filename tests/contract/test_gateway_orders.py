"""Orders from the mapping through the gateway to Picqer."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from picqer_simulator import SimulatorServer, seeds

from saleor_picqer.domain.mapping.inputs import OrderMapping
from saleor_picqer.domain.mapping.request import order_request
from saleor_picqer.domain.orders import Address
from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.errors import UnknownVatGroupError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway import Gateway
from saleor_picqer.picqer.objects.customers import CustomerCreate
from tests.contract.gateways import Memory
from tests.unit.domain.builders import address, line, order

PRODUCTS = [
    {"productcode": code, "name": code.title(), "price": 99, "weight": 300}
    for code in ("MUG", "CUP")
]


@pytest.fixture
def gateway(simulated: PicqerClient, server: SimulatorServer) -> Any:
    """Return a gateway to an account that has the products and refuses unknown fields."""
    server.account.run(seeds.seed, {"products": PRODUCTS})
    server.account.set_options(unknown_fields="refuse", rate_limit=100_000)
    return Gateway(simulated, Memory())


@pytest.fixture
def sent(gateway: Gateway, simulated: PicqerClient) -> Any:
    """Return a function to send an order, with Picqer's order as result."""

    def send(shop_order: Any, customer: Any = None, **mapping: Any) -> Any:
        request = order_request(shop_order, OrderMapping(**mapping), gateway.reference)
        return simulated.orders.get(gateway.orders.create(request.for_customer(customer)).id)

    return send


BLANK_NAMES = {"first_name": " ", "last_name": "", "company": " "}
BLANKS = [
    None,
    address(),
    address(company="Jansen B.V."),
    address(company="Jansen B.V.", first_name="", last_name=""),
    address(**BLANK_NAMES),
    Address(country="nl"),
]


@pytest.mark.parametrize("guest", [True, False])
def test_no_combination_of_blanks_is_refused(
    sent: Any, simulated: PicqerClient, guest: Any
) -> None:
    """Failure mode F39."""
    customer = None if guest else simulated.customers.create(CustomerCreate(name="Anna")).idcustomer
    pairs = list(product(BLANKS, BLANKS))[1:]  # an order without any address cannot be shipped

    for (shipping, billing), email, note in product(pairs, ["", "a@b.nl"], ["", "x"]):
        stored = sent(order(shipping=shipping, billing=billing, email=email, note=note), customer)
        assert stored.deliveryname
        assert stored.invoicename
        assert (stored.deliverycountry, stored.invoicecountry) == ("NL", "NL")


def test_guest_is_stored_with_mail_address_and_phone(sent: Any) -> None:
    """Failure mode F38."""
    stored = sent(order(email="a@b.nl", shipping=address(phone="+31201234567")))

    assert stored.idcustomer is None
    assert (stored.emailaddress, stored.telephone) == ("a@b.nl", "+31201234567")


def test_prices_are_stored_to_the_cent(sent: Any) -> None:
    """Failure mode F42: zero is not the product's own price."""
    stored = sent(order(line("MUG", 3, total="10"), line("CUP", 2, total=0, gift=True)))

    lines = [(p.productcode, p.amount, p.price, p.remarks) for p in stored.products]
    assert lines == [
        ("MUG", 1, Decimal("3.34"), ""),
        ("MUG", 2, Decimal("3.33"), ""),
        ("CUP", 2, Decimal(0), "Gift"),
    ]


def test_line_has_its_own_vat_group_when_its_rate_is_foreign(
    sent: Any, server: SimulatorServer, simulated: PicqerClient
) -> None:
    """Failure mode F37."""
    german = {"name": "Duitsland", "percentage": 19}
    group = server.account.run(seeds.seed, {"vatgroups": [german]})["vatgroups"]["Duitsland"]
    mug = simulated.products.find("MUG")
    assert mug

    stored = sent(order(line(tax_rate=Decimal("19.000"))))

    assert stored.products[0].idvatgroup == group
    unchanged = simulated.products.find("MUG")
    assert unchanged
    assert unchanged.idvatgroup == mug.idvatgroup != group


def test_order_is_refused_for_what_it_lacks_when_a_remembered_vat_group_is_gone(
    sent: Any, server: SimulatorServer, gateway: Gateway
) -> None:
    """Failure mode F36."""
    gone = gateway.reference.vat_group(Decimal(9))
    del server.account.state.vatgroups[gone]

    with pytest.raises(UnknownVatGroupError):
        sent(order(line(tax_rate=Decimal(9))))


def test_every_field_that_metadata_can_set_arrives(sent: Any, server: SimulatorServer) -> None:
    ids = server.account.run(
        seeds.seed, {"warehouses": [{"name": "Utrecht"}], "orderfields": [{"title": "Card"}]}
    )
    warehouse, field = ids["warehouses"]["Utrecht"], ids["orderfields"]["Card"]
    point = {"carrier": "dhl", "id": "7", "options": {"parcel_machine": True}}
    texts = {
        "partialdelivery": "false",
        "auto_split": "no",
        "discount": "12.5",
        "invoiced": "true",
        "calculatevat": "false",
        "warehouses": str(warehouse),
        "idfulfilment_customer": "5",
        "preferred_delivery_date": "2030-01-02",
        "pickup_point_data": json.dumps(point),
        f"orderfield.{field}": "Happy birthday",
    }

    stored = sent(order(private_metadata=texts))

    assert (stored.partialdelivery, stored.auto_split, stored.calculatevat) == (False,) * 3
    assert (stored.discount, stored.invoiced) == (Decimal("12.5"), True)
    assert (stored.warehouses, stored.idfulfilment_customer) == ([warehouse], 5)
    assert stored.preferred_delivery_date == "2030-01-02"
    assert stored.pickup_point_data == point
    assert [(f.idorderfield, f.value) for f in stored.orderfields] == [(field, "Happy birthday")]


def test_profile_and_template_are_stored_by_the_methods_name(
    sent: Any, simulated: PicqerClient
) -> None:
    template = next(simulated.templates.list())
    profile = next(simulated.shippingproviders.list()).profiles[1]

    stored = sent(
        order(delivery=Delivery("Parcel")),
        shipping_profiles={"parcel": profile.name},
        templates={"*": template.name},
    )

    assert stored.idshippingprovider_profile == profile.idshippingprovider_profile
    assert stored.idtemplate == template.idtemplate


def test_change_is_written_and_what_became_blank_cleared(
    sent: Any, gateway: Gateway, simulated: PicqerClient
) -> None:
    before = order(
        note="Ring twice",
        shipping=address(street2="3 hoog"),
        metadata={"preferred_delivery_date": "2030-01-02"},
    )
    after = replace(before, note="", shipping=address(city="Utrecht"), metadata={})
    stored = sent(before)

    old, new = (order_request(o, OrderMapping(), gateway.reference) for o in (before, after))
    gateway.orders.update(stored.idorder, new.changes(old.digests()))

    stored = simulated.orders.get(stored.idorder)
    assert (stored.deliverycity, stored.deliveryaddress2) == ("Utrecht", "")
    assert (stored.customer_remarks, stored.preferred_delivery_date) == ("", "")


def test_second_line_is_cleared_when_picqer_fills_it_from_the_customer(
    sent: Any, gateway: Gateway, simulated: PicqerClient
) -> None:
    """Picqer may fill blank address fields from the customer; the next change clears them."""
    home = {"name": "Anna Visser", "address2": "3 hoog", "country": "NL", "defaultdelivery": True}
    record = CustomerCreate.model_validate({"name": "Anna Visser", "addresses": [home]})
    anna = simulated.customers.create(record)
    present = order(shipping=address(first_name="Bo"))
    stored = sent(present, anna.idcustomer)

    request = order_request(present, OrderMapping(), gateway.reference)
    changes = request.changes(request.digests(stored.model_dump()))
    gateway.orders.update(stored.idorder, changes)

    assert simulated.orders.get(stored.idorder).deliveryaddress2 == ""
    assert changes.body == {"deliveryaddress2": ""}


def test_order_is_tagged_by_title(
    sent: Any, gateway: Gateway, server: SimulatorServer, simulated: PicqerClient
) -> None:
    tag = {"title": "Presents", "color": "#000000", "inherit": False}
    server.account.run(seeds.seed, {"tags": [tag]})
    idorder = sent(order()).idorder

    gateway.orders.tag(idorder, "presents")

    assert [found.title for found in simulated.orders.get(idorder).tags] == ["Presents"]
