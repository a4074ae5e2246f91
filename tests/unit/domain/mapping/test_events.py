"""Which webhook events the plugin acts on, and what they tell."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.events import OrderEvent, ShipmentHint, StockEvent, merge
from saleor_picqer.domain.mapping.events import EVENTS, read_event
from saleor_picqer.errors import DataError


def test_every_event_asked_for_can_be_read() -> None:
    data = {"idorder": 7, "reference": "10042", "idproduct": 12, "productcode": " MUG "}

    assert {read_event(name, data) for name in EVENTS} == {
        OrderEvent(7, "10042"),
        StockEvent(12, "MUG"),
    }


def test_shipment_is_read_with_its_picklist() -> None:
    shipment = {"idorder": 7, "idpicklist": 5, "idshipment": 3}

    created = read_event("picklists.shipments.created", shipment)
    cancelled = read_event("picklists.shipments.cancelled", shipment)
    closed = read_event("picklists.closed", {"idorder": 7, "idpicklist": 5, "reference": "10042"})

    assert created == hint("", ShipmentHint(5, 3))
    assert cancelled == hint("", ShipmentHint(5, 3, is_cancelled=True))
    assert closed == hint("10042", ShipmentHint(5))


def test_events_about_an_order_tell_together_what_each_tells() -> None:
    closed, shipped = hint("10042", ShipmentHint(5)), hint("", ShipmentHint(5, 3))
    changed = OrderEvent(7, "10042")

    assert merge([closed, changed, shipped, closed]) == OrderEvent(
        7, "10042", hints=(ShipmentHint(5), ShipmentHint(5, 3))
    )
    assert merge([shipped]) == shipped
    assert merge([StockEvent(1, "A"), StockEvent(1, "B")]) == StockEvent(1, "B")
    assert merge([]) is None


def hint(reference: str, *hints: ShipmentHint) -> OrderEvent:
    return OrderEvent(7, reference, is_changed=False, hints=hints)


def test_event_is_none_when_the_plugin_does_not_act_on_it() -> None:
    assert read_event("comments.created", {}) is None


@pytest.mark.parametrize("data", [{}, {"idorder": None}, {"idorder": "many"}])
def test_field_is_named_when_the_id_is_missing(data: dict[str, object]) -> None:
    with pytest.raises(DataError, match="no usable idorder"):
        read_event("orders.status_changed", data)


def test_text_is_blank_when_picqer_leaves_it_out() -> None:
    assert read_event("picklists.closed", {"idorder": "7"}) == OrderEvent(7, "")
    assert read_event("picklists.shipments.created", {"idorder": "7"}) == OrderEvent(7, "")
    assert read_event("products.free_stock_changed", {"idproduct": 1}) == StockEvent(1, "")
