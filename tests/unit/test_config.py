"""The settings of a channel."""

from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.config import (
    SETTINGS,
    check_settings,
    config_structure,
    default_configuration,
    parse_settings,
    validate_settings,
)
from saleor_picqer.domain.warehouses import OtherWarehouses
from saleor_picqer.errors import SettingsError

VALID: dict[str, Any] = {
    "endpoint": "https://shop.picqer.com",
    "api_key": "k3y",
    "storefront": "Coffee shop",
    "contact_email": "ops@shop.example",
}


def test_defaults_are_used_when_only_what_is_required_is_set() -> None:
    settings = parse_settings("default", VALID)

    assert settings.shipping_methods.kind == "marked"
    assert settings.other_warehouses is OtherWarehouses.DETACH
    assert settings.create_missing_products is True
    assert settings.default_vat_rate is None


@pytest.mark.parametrize("name", sorted(VALID))
def test_setting_is_named_when_it_is_missing(name: str) -> None:
    assert [problem.setting for problem in validate_settings(VALID | {name: " "})] == [name]
    with pytest.raises(SettingsError) as error:
        parse_settings("default", VALID | {name: None})
    assert error.value.setting == name


@pytest.mark.parametrize(
    ("text", "rate"), [("21", 21), ("21 %", 21), ("5,5", "5.5"), ("0", 0), ("", None)]
)
def test_vat_rate_is_read_as_people_write_it(text: str, rate: Any) -> None:
    found = parse_settings("default", VALID | {"default_vat_rate": text}).default_vat_rate

    assert found == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("default_vat_rate", "high"),
        ("default_vat_rate", "121"),
        ("default_vat_rate", "NaN"),
        ("other_warehouses", "burn"),
        ("contact_email", "ops"),
        ("contact_email", "ops@example"),
        ("contact_email", "ops@example."),
        ("contact_email", "Ops <ops@example.com>"),
        ("contact_email", "ops@example.com, shop@example.com"),
        ("contact_email", "https://shop.example"),
    ],
)
def test_setting_is_named_when_its_value_makes_no_sense(name: str, value: str) -> None:
    """Failure mode F98."""
    (problem,) = validate_settings(VALID | {name: value})

    assert problem.setting == name
    assert f'"{value}"' in problem.message


@pytest.mark.parametrize("address", ["ops@example.com", "a.b+c@mail.example.co.uk", "o'n@x.nl"])
def test_contact_may_be_any_address(address: str) -> None:
    assert validate_settings(VALID | {"contact_email": address}) == []


def test_every_setting_that_is_wrong_has_its_problem() -> None:
    """Failure mode F98: staff see all problems in one answer."""
    wrong = {"contact_email": "ops", "default_vat_rate": "high", "push_when": "never"}

    valid, problems = check_settings(VALID | wrong)

    assert {problem.setting for problem in problems} == set(wrong)
    assert valid["endpoint"] == VALID["endpoint"]
    assert not set(wrong) & set(valid)


@pytest.mark.parametrize(("value", "expected"), [("false", False), (False, False), ("True", True)])
def test_booleans_are_read_as_every_line_stores_them(value: Any, expected: bool) -> None:
    assert parse_settings("d", VALID | {"notify_customer": value}).notify_customer is expected


def test_api_key_is_not_shown() -> None:
    assert "k3y" not in repr(parse_settings("default", VALID))


def test_structure_and_defaults_name_the_same_settings() -> None:
    names = [setting.name for setting in SETTINGS]

    assert list(config_structure()) == names
    assert [item["name"] for item in default_configuration()] == names


def test_defaults_are_a_fresh_list_each_time() -> None:
    default_configuration()[0]["value"] = "changed"

    assert default_configuration()[0]["value"] == ""
