"""What a variant looks like in Picqer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from saleor_picqer.domain.mapping.products import (
    ProductChanges,
    product_changes,
    product_request,
)
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.errors import DataError, SettingsError
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

    assert product_request(item, vat_group, None).price == Decimal(net)


def test_default_rate_is_used_when_the_shop_knows_none() -> None:
    request = product_request(variant(tax_rate=None), vat_group, Decimal(9))

    assert request.vat_group == 309


def test_own_rate_wins_when_it_is_zero() -> None:
    request = product_request(variant(tax_rate=Decimal(0)), vat_group, Decimal(21))

    assert request.vat_group == 300


def test_setting_is_named_when_no_rate_is_known() -> None:
    with pytest.raises(SettingsError, match=r'default_vat_rate.*"MUG"'):
        product_request(variant(tax_rate=None), vat_group, None)


def test_sku_is_named_when_there_is_no_price() -> None:
    with pytest.raises(DataError, match='"MUG"'):
        product_request(variant(price=None), vat_group, None)


def test_weight_is_left_out_when_unknown() -> None:
    assert "weight" not in product_request(variant(), vat_group, None).body
    assert product_request(variant(weight=0), vat_group, None).body["weight"] == 0


def test_changes_are_only_what_differs() -> None:
    request = product_request(variant(name="Red mug"), vat_group, None)
    remote = RemoteProduct(1, "MUG", name="Mug", price=request.price, vat_group=321, weight=5)

    assert product_changes(request, remote) == ProductChanges(name="Red mug")
    assert product_changes(request, remote).body == {"name": "Red mug"}
    assert not product_changes(request, replace(remote, name="Red mug"))


def test_code_is_corrected_when_picqer_pads_it() -> None:
    request = product_request(variant(), vat_group, None)
    remote = RemoteProduct(1, " MUG", name="Mug", price=request.price, vat_group=321)

    assert remote.sku == "MUG"
    assert product_changes(request, remote) == ProductChanges(code="MUG")
