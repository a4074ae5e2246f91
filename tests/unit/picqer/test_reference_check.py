"""The check of what settings name in Picqer, before an order needs it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import responses

from saleor_picqer.picqer.gateway import reference_check
from saleor_picqer.picqer.gateway.reference import PROFILES, TAGS, TEMPLATES, VAT_GROUPS
from saleor_picqer.picqer.gateway.reference_check import WantedEntries, missing_entries
from tests.unit.picqer.builders import BASE, client

PROVIDERS = [
    {
        "idshippingprovider": 1,
        "name": "PostNL",
        "profiles": [
            {"idshippingprovider_profile": 12, "name": "Standaard"},
            {"idshippingprovider_profile": 13, "name": "Express"},
            {"idshippingprovider_profile": 14, "name": "express"},
        ],
    }
]
LISTS = {
    "shippingproviders": PROVIDERS,
    "templates": [{"idtemplate": 5, "name": "Nederlands"}],
    "tags": [{"idtag": 7, "title": "Webshop"}, {"idtag": 8, "title": "2026"}],
    "vatgroups": [{"idvatgroup": 3, "name": "Hoog", "percentage": 21}],
}


@pytest.fixture
def account(picqer: responses.RequestsMock) -> responses.RequestsMock:
    for path, rows in LISTS.items():
        picqer.get(f"{BASE}/{path}", json=rows)
    return picqer


def missing(setting: str, small: Any, *entries: Any) -> list[str]:
    wanted = [WantedEntries(setting, small, entries)]
    return [message for _, message in missing_entries(client(max_wait=0), wanted)]


@pytest.mark.parametrize(
    ("small", "entry"),
    [
        (PROFILES, "standaard"),
        (PROFILES, " STANDAARD "),
        (PROFILES, "14"),
        (TEMPLATES, "Nederlands"),
        (TEMPLATES, "5"),
        (TAGS, "webshop"),
        (TAGS, "2026"),
        (VAT_GROUPS, Decimal("21.00")),
    ],
)
def test_nothing_is_missing_when_picqer_has_it(
    account: responses.RequestsMock, small: Any, entry: Any
) -> None:
    assert missing("setting", small, entry) == []


@pytest.mark.parametrize(
    ("small", "entry", "words"),
    [
        (PROFILES, "Koerier", 'no shipping profile "Koerier"'),
        (PROFILES, "99", "no shipping profile with the id 99"),
        (PROFILES, "Express", 'several shipping profiles "Express". Enter the id of one: 13, 14'),
        (TEMPLATES, "Deutsch", 'no template "Deutsch"'),
        (TEMPLATES, "12", "no template with the id 12"),
        (TAGS, "7", 'no tag "7"'),
        (VAT_GROUPS, Decimal("5.5"), "no VAT group of 5.5 %"),
    ],
)
def test_message_names_what_picqer_does_not_have(
    account: responses.RequestsMock, small: Any, entry: Any, words: str
) -> None:
    """Failure mode F98."""
    (message,) = missing("setting", small, entry)

    assert words in message


def test_every_missing_entry_is_named_and_each_list_read_once(
    account: responses.RequestsMock,
) -> None:
    """Failure mode F98."""
    wanted = [
        WantedEntries("shipping_profiles", PROFILES, ["a", "b"]),
        WantedEntries("templates", TEMPLATES, []),
        WantedEntries("order_tags", TAGS, ["c", "webshop", "d"]),
    ]

    found = list(missing_entries(client(), wanted))

    assert [setting for setting, _ in found] == [*2 * ["shipping_profiles"], *2 * ["order_tags"]]
    assert len(account.calls) == 2


@pytest.mark.parametrize("status", [401, 403, 404])
def test_list_is_skipped_when_the_key_may_not_read_it(
    picqer: responses.RequestsMock, status: int
) -> None:
    picqer.get(f"{BASE}/tags", status=status)
    picqer.get(f"{BASE}/vatgroups", json=LISTS["vatgroups"])
    wanted = [
        WantedEntries("order_tags", TAGS, ["unknown"]),
        WantedEntries("default_vat_rate", VAT_GROUPS, [Decimal(6)]),
    ]

    assert [setting for setting, _ in missing_entries(client(), wanted)] == ["default_vat_rate"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_more_is_asked_when_picqer_is_in_trouble(
    picqer: responses.RequestsMock, status: int
) -> None:
    picqer.get(f"{BASE}/tags", status=status)
    wanted = [
        WantedEntries("order_tags", TAGS, ["unknown"]),
        WantedEntries("default_vat_rate", VAT_GROUPS, [Decimal(6)]),
    ]

    assert list(missing_entries(client(max_wait=0), wanted)) == []
    assert len(picqer.calls) == 1


def test_nothing_more_is_asked_when_the_lists_take_too_long(
    account: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference_check, "_TIME", -1)

    assert missing("order_tags", TAGS, "unknown") == []
