"""How a form shows the settings."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.config import (
    SETTINGS,
    check_settings,
    complete,
    config_structure,
    default_configuration,
    with_outputs,
)
from saleor_picqer.config.form import (
    GROUPS,
    SettingKind,
    fixed_choices,
    group_of,
    kind_of,
    source_of,
    source_of_keys,
)
from saleor_picqer.config.table import LABELS, OUTPUTS
from saleor_picqer.domain.shipping import change_names

BY_NAME = {setting.name: setting for setting in SETTINGS}


def test_every_setting_is_in_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]

    assert sorted(grouped) == sorted(BY_NAME)
    assert group_of(BY_NAME["endpoint"]) == "Picqer account"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("storefront", SettingKind.TEXT),
        ("api_key", SettingKind.SECRET),
        ("notify_customer", SettingKind.BOOLEAN),
        ("push_when", SettingKind.CHOICE),
        ("default_vat_rate", SettingKind.CHOICE),
        ("order_tags", SettingKind.LIST),
        ("templates", SettingKind.PAIRS),
    ],
)
def test_kind_follows_from_the_table(name: str, kind: SettingKind) -> None:
    assert kind_of(BY_NAME[name]) is kind


def test_every_fixed_choice_is_a_valid_value() -> None:
    chosen = [(one, value) for one in SETTINGS for value in fixed_choices(one)]

    assert len(chosen) > 15
    for setting, value in chosen:
        assert setting.parse(value) is not None


def test_pairs_have_keys_and_entries() -> None:
    for setting in SETTINGS:
        is_pairs = kind_of(setting) is SettingKind.PAIRS
        assert (source_of_keys(setting) is not None) == is_pairs
        assert not is_pairs or source_of(setting) is not None


def test_every_message_names_its_setting() -> None:
    broken: dict[str, Any] = {
        one.name: "\x7f;, =" for one in SETTINGS if isinstance(one.default, str)
    }
    for values in (broken, {}):
        _, problems = check_settings(values)
        assert len(problems) > 3
        for problem in problems:
            assert problem.message.startswith(LABELS[problem.setting])


def test_help_of_the_address_tells_of_the_key() -> None:
    # Saleor's form shows no help for secrets, and shows them below all other fields.
    text = BY_NAME["endpoint"].help

    assert "Settings > API keys" in text
    assert LABELS["api_key"] in text


def test_read_only_fields_are_in_the_form_where_saleor_has_them() -> None:
    names = {one.name for one in OUTPUTS}

    assert names <= set(config_structure(outputs=True))
    assert names <= {one["name"] for one in default_configuration(outputs=True)}
    assert not names & set(config_structure())
    assert not names & set(BY_NAME)


def test_read_only_fields_get_their_values() -> None:
    shown = with_outputs([{"name": "a", "value": "1"}, {"name": "b"}], {"b": "2"})

    assert [(one["name"], one["value"]) for one in shown] == [("a", "1"), ("b", "2")]


def test_new_settings_are_added_to_a_stored_configuration() -> None:
    stored = complete([{"name": "storefront", "value": "Shop"}, {"name": "gone", "value": "x"}])

    values = {one["name"]: one["value"] for one in stored}
    assert values["storefront"] == "Shop"
    assert set(BY_NAME) | {"gone"} == set(values)
    assert complete(None) == default_configuration()


@pytest.mark.parametrize(
    ("text", "names", "handled", "changed"),
    [
        ("marked", ["Parcel"], True, "Parcel"),
        ("Parcel", ["Courier"], True, "Parcel, Courier"),
        ("Parcel, Courier", ["parcel"], False, "Courier"),
        ("Parcel", ["Parcel", "Parcel"], True, "Parcel"),
        ("Parcel", ["Parcel"], False, ""),
        ("", ["Parcel"], False, ""),
    ],
)
def test_names_of_methods_are_added_and_taken_out(
    text: str, names: list[str], handled: bool, changed: str
) -> None:
    assert change_names(text, names, handled=handled) == changed


def test_help_of_the_address_says_where_the_key_is_made_and_entered() -> None:
    """Saleor's own form shows no help of a secret."""
    words = BY_NAME["endpoint"].help

    assert "Settings > API keys" in words
    assert "enter it below, under Picqer API key" in words
