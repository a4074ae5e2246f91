from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from saleor_picqer.errors import DataError
from saleor_picqer.picqer.objects.hooks import WebhookEvent
from saleor_picqer.picqer.objects.orders import Backorder, Order, OrderLine
from saleor_picqer.picqer.objects.picklists import PicklistLine, Shipment, Tracking
from saleor_picqer.picqer.objects.products import Product, ProductStock
from tests.unit.picqer.builders import order, order_line, parcel, product, shipment

RED = {"idtag": 7, "title": "Red", "color": "#f00", "inherit": False, "textColor": "#fff"}


@pytest.mark.parametrize("blank", [None, ""])
def test_blank_fields_read_as_their_defaults(blank: Any) -> None:
    read = Order.model_validate(
        order(reference=blank, idcustomer=blank, partialdelivery=blank, products=blank)
    )

    assert (read.reference, read.idcustomer, read.partialdelivery) == ("", None, None)
    assert read.products == []


@pytest.mark.parametrize("tags", [[RED], {"Red": RED}])
def test_tags_are_read_as_object_or_list(tags: Any) -> None:
    """Failure mode F64: a list before October 2025, an object since, or the other way round."""
    assert [tag.title for tag in Order.model_validate(order(tags=tags)).tags] == ["Red"]


@pytest.mark.parametrize("empty", [[], {}, None])
def test_tags_are_empty_when_there_are_none(empty: Any) -> None:
    assert Order.model_validate(order(tags=empty)).tags == []


def test_unknown_fields_are_kept() -> None:
    read = Order.model_validate(order(brand_new={"a": 1}))

    assert (read.model_extra or {})["brand_new"] == {"a": 1}


def test_numbers_are_read_as_text_where_a_text_belongs() -> None:
    assert Order.model_validate(order(orderid=20190077)).orderid == "20190077"


def test_money_is_exact() -> None:
    assert OrderLine.model_validate(order_line(price=Decimal("8.10"))).price == Decimal("8.10")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"amount_picked": 2, "amountpicked": 1}, 2),
        ({"amountpicked": 1}, 1),
        ({"amount_picked": None, "amountpicked": 1}, 1),
        ({"amount_picked": 0, "amountpicked": 1}, 0),
        ({}, 0),
    ],
)
def test_newer_of_twin_names_is_read_first(names: Any, expected: Any) -> None:
    line = {"idpicklist_product": 9044, "amount": 2, **names}

    assert PicklistLine.model_validate(line).amount_picked == expected


def test_backorder_reads_the_legacy_twin() -> None:
    legacy = {"idbackorder": 1, "idorder": 2, "idproduct": 3, "amount": 4, "amountavailable": 1}

    assert Backorder.model_validate(legacy).amount_available == 1


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"stock": 35, "reserved": 4, "freestock": 31}, 31),
        ({"stock": 35, "reserved": 4}, 31),
        ({"stock": 35, "reserved": 4, "freestock": None}, 31),
        ({"freestock": 0, "stock": 9, "reserved": 1}, 0),
        ({"freestock": "12"}, 12),
        ({"freestock": -3}, -3),
        ({}, None),
        ({"stock": 35}, None),
    ],
)
def test_freestock_is_unknown_only_when_nothing_tells_it(row: Any, expected: Any) -> None:
    """Failure mode F26: zero is an amount."""
    assert ProductStock.model_validate({"idwarehouse": 18, **row}).freestock == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"type": "virtual_composition"}, True),
        ({"type": "unlimited_stock"}, False),
        ({"unlimitedstock": True}, False),
    ],
)
def test_product_keeps_stock_unless_it_is_unlimited(fields: Any, expected: Any) -> None:
    assert Product.model_validate(product(**fields)).keeps_stock is expected


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"parcels": [parcel("3S1"), parcel("3S2")]}, ["3S1", "3S2"]),
        ({"parcels": [parcel("3S1"), parcel("3S1")]}, ["3S1"]),
        ({"parcels": [parcel(None)]}, ["3SFLAT"]),
        ({"parcels": None}, ["3SFLAT"]),
        ({"parcels": [], "trackingcode": ""}, [""]),
        ({"parcels": [parcel("3S1"), parcel(None)]}, ["3S1", ""]),
    ],
)
def test_tracking_comes_from_parcels_first(fields: Any, codes: Any) -> None:
    read = Shipment.model_validate(shipment(**fields))

    assert [tracking.code for tracking in read.tracking] == codes


@pytest.mark.parametrize("name", ["trackingurl", "tracktraceurl"])
def test_tracking_url_has_two_names(name: Any) -> None:
    flat = shipment() | {"tracktraceurl": None, name: "https://t.example/1"}

    assert Shipment.model_validate(flat).tracking == (Tracking("3SFLAT", "https://t.example/1"),)


def test_object_does_not_show_personal_data() -> None:
    read = Order.model_validate(order(deliveryname="Anna Visser", emailaddress="a@example.org"))

    assert repr(read) == "Order(idorder=24035)"
    assert str(read) == "idorder=24035"


def test_event_is_parsed() -> None:
    event = WebhookEvent.parse(
        b'{"idhook": 41007, "event": "orders.status_changed",'
        b' "event_triggered_at": "2026-02-03 11:20:05", "data": {"idorder": 24035}}'
    )

    assert event.event == "orders.status_changed"
    assert event.read(Order).idorder == 24035


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"null", b"[]", b"1", b"{}", b'{"event": ["x"]}', b'{"event": null}']
)
def test_event_is_refused_when_it_is_none(raw: Any) -> None:
    with pytest.raises(DataError, match="not an event of Picqer"):
        WebhookEvent.parse(raw)


def test_event_is_refused_when_its_data_is_another_object() -> None:
    event = WebhookEvent.parse(b'{"event": "orders.created", "data": {"name": "Anna"}}')

    with pytest.raises(DataError, match=r"orders\.created: no Order: idorder") as caught:
        event.read(Order)

    assert "Anna" not in str(caught.value)


def test_object_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Order.model_validate(order()).status = "completed"
