"""Products: creating, listing, changing, images and replenishment levels."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from picqer_simulator import Account
from picqer_simulator.rules import images, products, reference, replenishment, stock, tags
from simulator_support.builders import add_product, build_account, events_of, refusal_of

BODY = {"productcode": "MUG", "name": "Mug", "price": 8.26, "idvatgroup": 1}
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


def _codes(account: Account, **query: str) -> list[str]:
    return [entry["productcode"] for entry in account.run(products.list_, query)]


class TestCreate:
    def test_returns_the_complete_product_when_created(self) -> None:
        account = build_account()

        product = account.run(products.create, BODY)

        assert (product["price"], product["type"], product["active"]) == (8.26, "normal", True)
        assert (product["tags"], product["stock"][0]["freestock"]) == ({}, 0)

    @pytest.mark.parametrize("name", BODY)
    def test_is_refused_when_a_required_field_is_missing(self, name: str) -> None:
        body = {key: value for key, value in BODY.items() if key != name}

        assert refusal_of(build_account(), products.create, body) == 5

    @pytest.mark.parametrize(
        ("field", "code"),
        [
            ({"idvatgroup": 404}, 14),
            ({"country_of_origin": "Holland"}, 9),
            ({"type": "bundle"}, 5),
            ({"price": "cheap"}, 5),
            ({"weight": 1.5}, 5),
            ({"active": "maybe"}, 5),
            ({"productfields": [{"idproductfield": 404, "value": "x"}]}, 20),
        ],
    )
    def test_is_refused_when_a_field_is_invalid(self, field: dict[str, Any], code: int) -> None:
        assert refusal_of(build_account(), products.create, {**BODY, **field}) == code

    def test_takes_the_standard_vat_group_when_the_option_allows_it(self) -> None:
        account = build_account(product_without_vatgroup="default")
        body = {key: value for key, value in BODY.items() if key != "idvatgroup"}

        assert account.run(products.create, body)["idvatgroup"] == 1

    @pytest.mark.parametrize(("sensitive", "codes"), [(False, [5, 5]), (True, [5])])
    def test_is_refused_when_the_product_code_is_taken(
        self, *, sensitive: bool, codes: list[int]
    ) -> None:
        account = build_account(productcode_case_sensitive=sensitive)
        account.run(products.create, BODY)
        tries = [BODY, {**BODY, "productcode": "mug"}][: len(codes)]

        assert [refusal_of(account, products.create, body) for body in tries] == codes

    def test_has_unlimited_stock_when_the_old_flag_is_sent(self) -> None:
        product = build_account().run(products.create, {**BODY, "unlimitedstock": True})

        assert (product["type"], product["unlimitedstock"]) == ("unlimited_stock", True)

    def test_is_refused_when_the_option_forbids_unknown_fields(self) -> None:
        account = build_account(unknown_fields="refuse")

        assert refusal_of(account, products.create, {**BODY, "colour": "red"}) == 5

    def test_keeps_custom_fields_when_they_are_sent(self) -> None:
        account = build_account()
        reference.add_customfield(account.state, "productfield", "Season")
        fields = [{"idproductfield": 1, "value": "Winter"}]

        product = account.run(products.create, {**BODY, "productfields": fields})

        assert product["productfields"] == [
            {"idproductfield": 1, "title": "Season", "value": "Winter"}
        ]


class TestList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ["MUG-RED", "MUG-BLUE"]),
            ({"productcode": "mug-red"}, ["MUG-RED"]),
            ({"productcode": "MUG"}, []),
            ({"search": "mug"}, ["MUG-RED", "MUG-BLUE"]),
            ({"idproducts": "2,3"}, ["MUG-BLUE"]),
            ({"inactive": ""}, ["OLD"]),
            ({"inactive": "true"}, ["OLD"]),
            ({"inactive": "true", "productcode": "OLD"}, ["OLD"]),
            ({"productcode": "OLD"}, []),
            ({"type": "unlimited_stock"}, []),
            ({"offset": "1"}, ["MUG-BLUE"]),
            ({"tag": "Sale"}, ["MUG-RED"]),
        ],
    )
    def test_contains_active_products_when_they_match(
        self, query: dict[str, str], expected: list[str]
    ) -> None:
        account = build_account()
        red = add_product(account, "MUG-RED")
        add_product(account, "MUG-BLUE")
        old = add_product(account, "OLD")
        account.run(products.inactivate, old)
        tag = {"title": "Sale", "color": "#FF0000", "inherit": True}
        idtag = account.run(tags.create, tag)["idtag"]
        account.run(products.add_tag, red, {"idtag": idtag})

        assert _codes(account, **query) == expected

    def test_splits_ids_at_another_character_when_the_option_changes_it(self) -> None:
        account = build_account(idproducts_separator="|")
        for code in ("MUG", "CUP", "POT"):
            add_product(account, code)

        assert _codes(account, idproducts="1|3") == ["MUG", "POT"]


class TestUpdate:
    def test_changes_the_sent_fields_and_emits_an_event_when_updated(self) -> None:
        account = build_account()
        idproduct = add_product(account)

        assert events_of(account, products.update, idproduct, {"price": 0}) == ["products.changed"]
        product = account.run(products.get, idproduct)
        assert (product["price"], product["name"]) == (0, "Mug")

    def test_finds_the_product_by_its_new_code_when_the_code_changes(self) -> None:
        account = build_account()
        idproduct = add_product(account, "MUG")
        account.run(products.update, idproduct, {"productcode": "CUP"})

        assert (_codes(account, productcode="CUP"), _codes(account, productcode="MUG")) == (
            ["CUP"],
            [],
        )
        assert account.run(products.create, BODY)["productcode"] == "MUG"

    @pytest.mark.parametrize(
        ("body", "code"),
        [({"productcode": "CUP"}, 5), ({"name": ""}, 5), ({"idvatgroup": 404}, 14)],
    )
    def test_is_refused_when_the_body_is_invalid(self, body: dict[str, Any], code: int) -> None:
        account = build_account()
        idproduct = add_product(account, "MUG")
        add_product(account, "CUP")

        assert refusal_of(account, products.update, idproduct, body) == code

    def test_is_refused_when_the_type_changes_and_there_is_stock(self) -> None:
        account = build_account()
        idproduct = add_product(account, stock=1)
        body = {"type": "virtual_composition"}
        assert refusal_of(account, products.update, idproduct, body) == 21

        account.run(stock.change, idproduct, 1, {"amount": 0})

        assert account.run(products.update, idproduct, body)["type"] == "virtual_composition"


class TestImages:
    def test_are_added_again_when_uploaded_twice(self) -> None:
        account = build_account()
        idproduct = add_product(account)
        body = {"image": base64.b64encode(PNG).decode()}

        first = account.run(images.create, idproduct, body)
        account.run(images.create, idproduct, body)

        assert (first["contenttype"], first["size"]) == ("image/png", len(PNG))
        assert len(account.run(products.get, idproduct)["images"]) == 2

    @pytest.mark.parametrize(
        "image", ["", "not base64!", base64.b64encode(b"RIFF....WEBP").decode()]
    )
    def test_are_refused_when_they_are_neither_jpeg_nor_png(self, image: str) -> None:
        account = build_account()
        idproduct = add_product(account)

        assert refusal_of(account, images.create, idproduct, {"image": image}) == 5

    def test_are_not_found_when_deleted_a_second_time(self) -> None:
        account = build_account()
        idproduct = add_product(account)
        account.run(images.create, idproduct, {"image": base64.b64encode(PNG).decode()})

        account.run(images.delete, idproduct, 1)

        assert refusal_of(account, images.delete, idproduct, 1) == 20


def test_empty_tags_are_an_array_when_the_option_says_so() -> None:
    account = build_account(empty_tags="array")

    assert account.run(products.get, add_product(account))["tags"] == []


def test_stock_stays_when_replenishment_levels_change() -> None:
    account = build_account()
    idproduct = add_product(account, stock=3)

    account.run(replenishment.update, idproduct, 1, {"stock_level_desired": 40, "stock": 99})

    assert account.run(replenishment.list_, idproduct)[0]["stock_level_desired"] == 40
    assert account.run(products.get, idproduct)["stock"][0]["stock"] == 3
