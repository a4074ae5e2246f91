"""Pick-up points from metadata, which shop's visitors can write."""

import json
from typing import Any

import pytest

from saleor_picqer.domain.mapping.pickup_points import pickup_point

BY_ID = {"carrier": "dhl", "id": "550017342"}
BY_ADDRESS = {
    "carrier": "postnl",
    "street": "Kerkplein",
    "house_number": "7",
    "zipcode": "3512 KL",
    "city": "Utrecht",
    "country": "NL",
}


@pytest.mark.parametrize(
    "point",
    [
        BY_ID,
        BY_ADDRESS,
        BY_ADDRESS | {"options": {"pakjegemak": True, "mobile_phone_number": "+31612345678"}},
        BY_ID | {"location_code": "B1", "retail_network_id": "PNPNL-01", "name": "Bakker Zuid"},
    ],
)
def test_point_is_taken_when_a_carrier_could_find_it(point: dict[str, Any]) -> None:
    assert pickup_point(json.dumps(point)) == point


def test_numbers_are_written_as_texts_and_countries_in_upper_case() -> None:
    given = BY_ADDRESS | {"house_number": 7, "country": "nl"}

    assert pickup_point(json.dumps(given)) == BY_ADDRESS


def test_parts_are_left_out_when_they_are_blank_or_unknown() -> None:
    """Failure mode F40: null house number."""
    given: dict[str, Any] = BY_ADDRESS | {
        "house_number": None,
        "name": " ",
        "distance": 400,
        "options": {},
    }

    assert "house_number" not in pickup_point(json.dumps(given))
    assert pickup_point(json.dumps(given)).keys() == BY_ADDRESS.keys() - {"house_number"}


@pytest.mark.parametrize(
    "text",
    [
        "dhl",
        "[]",
        "null",
        json.dumps({"id": "1"}),
        json.dumps({"carrier": " ", "id": "1"}),
        json.dumps({"carrier": "dhl"}),
        json.dumps(BY_ADDRESS | {"city": ""}),
        json.dumps(BY_ADDRESS | {"country": "Netherlands"}),
        json.dumps(BY_ID | {"id": True}),
        json.dumps(BY_ID | {"name": ["a"]}),
        json.dumps(BY_ID | {"options": ["a"]}),
        json.dumps(BY_ID | {"options": {"deep": {"deeper": 1}}}),
        json.dumps(BY_ID | {"options": {"huge": 10**30}}),
        json.dumps(BY_ID | {"options": {"odd": float("nan")}}),
        json.dumps(BY_ID | {"name": "\ud800"}),
        json.dumps(BY_ID | {"name": "x" * 5000}),
    ],
)
def test_point_is_refused_when_picqer_or_json_would_stumble(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        pickup_point(text)
