"""What a variant looks like in Picqer."""

from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.domain.mapping.product_fields import PRODUCT, ProductPolicy
from saleor_picqer.domain.mapping.products import (
    ProductRequest,
    changes_since,
    product_changes,
    product_request,
)
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.errors import DataError, SettingsError
from saleor_picqer.picqer.objects.products import ProductCreate, ProductUpdate
from tests.unit.domain.builders import variant


def vat_group(percentage: Decimal) -> int:
    return int(percentage) + 300


@pytest.mark.parametrize(
    ("price", "includes", "rate", "net"),
    [
        ("12.10", True, 21, "10.00"),
        ("9.99", True, 21, "8.26"),
        ("9.99", True, 9, "9.17"),
        ("9.99", True, 0, "9.99"),
        ("9.995", False, 21, "10.00"),
        ("0", True, 21, "0.00"),
    ],
)
def test_price_is_net_and_rounded_half_up(price: str, includes: bool, rate: int, net: str) -> None:
    item = variant(price=Decimal(price), price_includes_tax=includes, tax_rate=Decimal(rate))

    assert _request(item).body["price"] == Decimal(net)


def test_default_rate_is_used_when_the_shop_knows_none() -> None:
    request = _request(variant(tax_rate=None), default_tax_rate=Decimal(9))

    assert request.body["idvatgroup"] == 309


def test_own_rate_wins_when_it_is_zero() -> None:
    request = _request(variant(tax_rate=Decimal(0)), default_tax_rate=Decimal(21))

    assert request.body["idvatgroup"] == 300


def test_setting_is_named_when_no_rate_is_known() -> None:
    with pytest.raises(SettingsError, match=r"default_vat_rate.*Default VAT rate"):
        _request(variant(tax_rate=None))


def test_sku_is_named_when_there_is_no_price() -> None:
    with pytest.raises(DataError, match='"MUG"'):
        _request(variant(price=None))


def test_weight_is_left_out_when_unknown() -> None:
    assert "weight" not in _request(variant()).body
    assert _request(variant(weight=0)).body["weight"] == 0


def test_description_is_plain_text() -> None:
    item = variant(description={"blocks": [{"data": {"text": "<b>Red</b> &amp; round"}}]})

    assert _request(item).body["description"] == "Red & round"


def test_metadata_sets_fields_and_wins_over_the_variant() -> None:
    texts = {
        "barcode": "8712345000017",
        "country_of_origin": "nl",
        "hs_code": "6912.00",
        "weight": "310",
        "fixedstockprice": "1,50",
        "productfield.12": "Fragile",
        "unknown": "x",
    }

    body = _request(variant(weight=5, metadata=texts)).body

    assert {name: body[name] for name in [*texts][:-2]} == {
        "barcode": "8712345000017",
        "country_of_origin": "NL",
        "hs_code": "6912.00",
        "weight": 310,
        "fixedstockprice": Decimal("1.50"),
    }
    assert body["productfields"] == [{"idproductfield": 12, "value": "Fragile"}]
    assert "unknown" not in body


@pytest.mark.parametrize(
    ("key", "text"),
    [("weight", "heavy"), ("country_of_origin", "Holland"), ("productfield.x", "1")],
)
def test_sku_and_key_are_named_when_metadata_makes_no_sense(key: str, text: str) -> None:
    with pytest.raises(DataError, match=f'Metadata "{key}" of SKU "MUG"') as failure:
        _request(variant(metadata={key: text}))

    assert text == "1" or text not in str(failure.value)


def test_callable_sets_fields_but_neither_code_nor_activity() -> None:
    assert _request(variant(extra={"price": Decimal(5)})).body["price"] == Decimal(5)
    for name in ("productcode", "active", "colour"):
        with pytest.raises(SettingsError, match=f'"{name}" of SKU "MUG"'):
            _request(variant(extra={name: "x"}))


def test_problem_of_the_callable_is_raised_for_its_variant() -> None:
    with pytest.raises(SettingsError, match="ValueError"):
        _request(variant(problem=SettingsError("SALEOR_PICQER", "raised ValueError")))


@pytest.mark.parametrize(("hides", "active"), [(True, False), (False, True)])
def test_unpublished_product_is_inactive_when_the_settings_say_so(
    hides: bool, active: bool
) -> None:
    request = _request(variant(published=False), hides_unpublished=hides)

    assert request.body["active"] is active


def test_changes_are_only_what_differs() -> None:
    request = _request(variant(name="Red mug"))
    remote = in_picqer(name="Mug", weight=5)

    assert product_changes(request, remote).body == {"name": "Red mug"}
    assert not product_changes(request, in_picqer(name="Red mug"))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [({"price": Decimal("8.26")}, {"price": Decimal("0.00")}), ({"weight": 5}, {"weight": 0})],
)
def test_zero_is_a_difference(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Failure mode F42."""
    request = _request(variant(price=wanted.get("price", Decimal("9.99")), weight=0))

    assert product_changes(request, in_picqer(**{"weight": 0} | found)).body == wanted


def test_false_is_a_difference() -> None:
    """Failure mode F42."""
    request = _request(variant(published=False), hides_unpublished=True)

    assert product_changes(request, in_picqer(active=True)).body == {"active": False}


def test_blank_field_is_cleared_only_when_it_was_sent_before() -> None:
    """Failure mode F42: null is a difference too, but not what the warehouse entered itself."""
    texts = {"barcode": "1", "country_of_origin": "NL", "length": "3"}
    sent = _request(variant(metadata=texts)).digests
    remote = in_picqer(barcode="1", country_of_origin="NL", length=3, hs_code="6912")
    request = _request(variant())

    assert product_changes(request, remote, sent).body == {
        "barcode": "",
        "country_of_origin": None,
    }
    assert not product_changes(request, remote)
    assert not product_changes(request, in_picqer(), sent)
    assert changes_since(request, sent).body == {"barcode": "", "country_of_origin": None}


def test_changes_since_the_last_push_need_no_answer_of_picqer() -> None:
    sent = _request(variant()).digests

    assert not changes_since(_request(variant(price=Decimal("9.990"))), sent)
    assert changes_since(_request(variant(name="Pot")), sent).body == {"name": "Pot"}
    assert changes_since(_request(variant()), {}).body == _request(variant()).body


@pytest.mark.parametrize("code", ["MUG", "mug"])
def test_code_stays_when_only_its_case_differs(code: str) -> None:
    assert not product_changes(_request(variant()), in_picqer(productcode=code))


def test_code_is_corrected_when_picqer_pads_it() -> None:
    remote = in_picqer(productcode=" MUG")

    assert product_changes(_request(variant()), remote).body == {"productcode": "MUG"}
    assert RemoteProduct(1, " MUG").sku == "MUG"


def test_equal_texts_and_amounts_are_no_difference_when_written_in_another_way() -> None:
    item = variant(description="Red.<br>Round.", metadata={"productfield.12": "Fragile"})
    remote = in_picqer(
        price="9.990",
        description=" Red. \r\nRound.\r\n",
        productfields=[
            {"idproductfield": 4, "value": "Other"},
            {"idproductfield": 12, "value": "Fragile"},
        ],
    )

    assert not product_changes(_request(item), remote)


def test_every_field_can_be_written() -> None:
    documented = {row.name for row in PRODUCT}

    assert documented <= ProductCreate.model_fields.keys()
    assert documented <= ProductUpdate.model_fields.keys()


def _request(item: Variant, **policy: Any) -> ProductRequest:
    return product_request(item, ProductPolicy(**policy), vat_group)


def in_picqer(**fields: Any) -> RemoteProduct:
    """Return the product of `variant()` in Picqer, with other values of some fields."""
    return RemoteProduct(1, "MUG", fields=dict(_request(variant()).body) | fields)
