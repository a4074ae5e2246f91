"""Orders with products that Picqer lacks."""

from __future__ import annotations

from dataclasses import replace

from saleor_picqer.domain.outbox import Stage
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.faults import lost_after, meanwhile
from tests.unit.sync.scenario import Scenario


def shop_with(*skus: str, known: tuple[str, ...] = (), **settings: object) -> Scenario:
    """List products in the shop; Picqer has, and is known to have, only those in `known`."""
    scenario = Scenario(**settings)
    scenario.shop.list_products(*skus)
    for sku in {*skus} - {*known}:
        scenario.account.products.pop(sku, None)
    scenario.links.products.link({sku: scenario.account.products[sku] for sku in known})
    return scenario


def test_missing_products_cost_a_request_each_and_one_more_create_request() -> None:
    """Failure mode F35."""
    scenario = shop_with("MUG", "CUP", "POT", known=("MUG",))
    scenario.place(order(line("MUG"), line("CUP"), line("POT", 2)))

    scenario.push()

    assert scenario.requests == [
        "orders.create",
        *["products.create"] * 2,
        "orders.create",
        "orders.process",
    ]
    assert scenario.remote().goods == {"MUG": 1, "CUP": 1, "POT": 2}


def test_known_products_cost_no_request_when_the_next_order_comes() -> None:
    scenario = shop_with("MUG")
    scenario.place_and_push()
    scenario.forget_requests()
    scenario.place(pk="2", number="10043")

    scenario.push("2")

    assert scenario.requests == ["orders.create", "orders.process"]


def test_order_is_created_once_when_products_were_missing() -> None:
    scenario = shop_with("MUG", "CUP")

    scenario.place_and_push(order(line("MUG"), line("CUP")))

    assert len(scenario.live()) == 1


def test_product_is_linked_when_picqer_has_it_already() -> None:
    scenario = shop_with("MUG", "CUP")
    scenario.account.add_product("MUG")
    scenario.place(order(line("MUG"), line("CUP")))

    scenario.push()

    assert scenario.remote().goods == {"MUG": 1, "CUP": 1}
    assert {*scenario.links.products.known} == {"MUG", "CUP"}


def test_product_is_created_again_when_it_was_deleted_in_picqer() -> None:
    scenario = shop_with("MUG", "CUP", known=("MUG", "CUP"))
    del scenario.account.products["MUG"]
    scenario.place(order(line("MUG"), line("CUP")))

    scenario.push()

    assert scenario.row().stage is Stage.PROCESSED
    assert scenario.links.products.known["MUG"] == scenario.account.products["MUG"]


def test_order_names_the_sku_and_the_setting_when_no_tax_rate_is_known() -> None:
    scenario = shop_with("MUG", "CUP", known=("MUG",))
    cup = scenario.shop.listed["CUP"]
    scenario.shop.listed["CUP"] = replace(cup, tax_rate=None)
    scenario.place(order(line("MUG"), line("CUP")))

    scenario.push()

    assert scenario.row().last_error.startswith('SKU "CUP": Saleor knows no tax rate')
    assert "Default VAT rate" in scenario.row().last_error


def test_order_fails_with_the_sku_when_creating_products_is_off() -> None:
    """Failure mode F35."""
    scenario = shop_with("MUG", "CUP", known=("MUG",), create_missing_products=False)
    scenario.place(order(line("MUG"), line("CUP")))

    scenario.push()

    assert scenario.row().stage is Stage.FAILED
    assert 'SKU "CUP" is not in Picqer' in scenario.row().attention
    assert "CUP" not in scenario.account.products


def test_order_fails_with_the_sku_when_the_channel_does_not_list_the_product() -> None:
    """Failure mode F34."""
    scenario = shop_with()
    scenario.place(order(line("GONE")))

    scenario.push()

    assert 'SKU "GONE" is neither in Picqer nor in this channel' in scenario.row().attention


def test_order_is_created_when_the_variant_is_deleted_but_picqer_has_the_product() -> None:
    """Failure mode F34."""
    scenario = Scenario()
    scenario.account.add_product("GONE")

    remote = scenario.place_and_push(order(line("GONE", 2)))

    assert remote.goods == {"GONE": 2}


def test_order_fails_with_the_sku_when_the_product_is_inactive() -> None:
    """Failure mode F35."""
    scenario = shop_with(create_missing_products=False)
    code = scenario.account.products.pop("MUG")
    put_back = meanwhile(lambda: scenario.account.products.update(MUG=code))
    scenario.account.inactive.add("MUG")
    scenario.faults.plan("picqer.products.find", put_back)
    scenario.place()

    scenario.push()

    assert 'SKU "MUG" is inactive in Picqer' in scenario.row().attention


def test_order_is_created_when_staff_create_the_product_meanwhile() -> None:
    scenario = shop_with("MUG")
    quick = meanwhile(lambda: scenario.account.add_product("MUG"))
    scenario.faults.plan("picqer.products.create", quick)
    scenario.place()

    scenario.push()

    assert scenario.row().stage is Stage.PROCESSED


def test_product_is_created_once_when_the_answer_is_lost() -> None:
    scenario = shop_with("MUG")
    scenario.faults.plan("picqer.products.create", lost_after)
    scenario.place()
    scenario.push()

    scenario.advance()

    assert scenario.row().stage is Stage.PROCESSED
    assert len(scenario.live()) == 1
