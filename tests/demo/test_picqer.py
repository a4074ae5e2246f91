"""The demo's reader of a Picqer account, tested with recorded response shapes."""

from __future__ import annotations

from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from example_project.demo.picqer import PicqerAccount

API = "https://demo.picqer.example/api/v1"


@pytest.fixture
def account() -> PicqerAccount:
    return PicqerAccount("https://demo.picqer.example", "key")


def page(path: str, rows: list[dict[str, Any]], offset: int = 0, **filters: str) -> None:
    parameters = {"offset": str(offset), **filters}
    responses.get(f"{API}/{path}", json=rows, match=[query_param_matcher(parameters)])


def warehouse(number: int, name: str, **flags: bool) -> dict[str, Any]:
    return {"idwarehouse": number, "name": name, "active": True, "accept_orders": True} | flags


def stock(sku: str, free: int) -> dict[str, Any]:
    return {"productcode": sku, "stock": {"freestock": free}}


@responses.activate
def test_reads_every_page_when_a_list_is_long(account: PicqerAccount) -> None:
    page("products", [{"productcode": f"SKU-{n}"} for n in range(100)])
    page("products", [{"productcode": "SKU-100"}], offset=100)
    assert len(account.products()) == 101


@responses.activate
def test_stops_reading_when_the_last_page_is_full(account: PicqerAccount) -> None:
    page("products", [{"productcode": f"SKU-{n}"} for n in range(100)])
    page("products", [], offset=100)
    assert len(account.products()) == 100


@responses.activate
def test_counts_only_free_pieces_in_active_warehouses(account: PicqerAccount) -> None:
    page(
        "warehouses",
        [warehouse(1, "Utrecht"), warehouse(2, "Old", active=False)],
    )
    page("warehouses/1/stock", [stock("MUG", 4), stock("TEA", 0), stock("OWED", -3)])
    assert account.free_stock() == {("Utrecht", "MUG"): 4}


@responses.activate
def test_finds_the_newest_order_of_the_customer_when_references_repeat(
    account: PicqerAccount,
) -> None:
    page(
        "orders",
        [
            {"idorder": 7, "reference": "12", "emailaddress": "anna@example.org"},
            {"idorder": 9, "reference": "12", "emailaddress": "anna@example.org"},
            {"idorder": 11, "reference": "12", "emailaddress": "joost@example.org"},
        ],
        reference="12",
    )
    order = account.order("12", "anna@example.org")
    assert order is not None
    assert order["idorder"] == 9


@responses.activate
def test_finds_no_order_when_the_reference_only_contains_the_number(account: PicqerAccount) -> None:
    page(
        "orders",
        [{"idorder": 7, "reference": "112", "emailaddress": "anna@example.org"}],
        reference="12",
    )
    assert account.order("12", "anna@example.org") is None
