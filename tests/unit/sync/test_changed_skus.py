"""Orders with lines whose variant or product has got another SKU since."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from saleor_picqer.domain.catalogue import CatalogueEntry
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.stock import StockLevel
from tests.unit.domain.builders import line, order, variant
from tests.unit.sync.fakes.faults import lost_after, meanwhile
from tests.unit.sync.scenario import Scenario

CUP: Final = line("CUP", 2, variant="7")


def renamed_shop(**settings: object) -> Scenario:
    """Set up a shop in which variant 7 has got the SKU MUG since, in Picqer too."""
    scenario = Scenario(**settings)
    product = scenario.account.add_product("MUG")
    scenario.catalogue.save(CatalogueEntry("7", "MUG", product))
    return scenario


@pytest.mark.parametrize("has_successor", [False, True])
def test_variants_product_is_ordered_when_its_sku_was_changed(has_successor: bool) -> None:
    scenario = renamed_shop()
    if has_successor:
        scenario.account.add_product("CUP")

    remote = scenario.place_and_push(order(CUP))

    assert remote.goods == {"MUG": 2}
    assert scenario.requests[:2] == ["orders.create", "orders.process"]


def test_line_is_fulfilled_when_its_sku_was_changed() -> None:
    scenario = renamed_shop()
    remote = scenario.place_and_push(order(CUP))

    scenario.account.ship(remote, 1)
    scenario.account.ship(remote)
    scenario.run_until_idle()

    assert [each.quantities for each in scenario.shop.shipped] == [{"line-CUP": 1}] * 2
    assert scenario.row().stage is Stage.COMPLETED
    assert scenario.row().attention == ""
    assert not scenario.reservations.holds(remote.id)


def test_line_is_fulfilled_when_picqers_staff_change_the_code() -> None:
    scenario = Scenario()
    scenario.account.add_product("CUP")
    remote = scenario.place_and_push(order(line("CUP", 2)))

    for each in remote.lines:
        each.productcode = "CUP-OLD"
    scenario.account.ship(remote)
    scenario.run_until_idle()

    assert [each.quantities for each in scenario.shop.shipped] == [{"line-CUP": 2}]
    assert scenario.row().attention == ""


def test_order_is_recognised_when_the_answer_is_lost() -> None:
    scenario = renamed_shop()
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place(order(CUP))
    scenario.push()

    scenario.advance()

    (remote,) = scenario.live()
    assert (scenario.row().stage, scenario.row().remote_id) == (Stage.PROCESSED, remote.id)


def test_reserved_goods_belong_to_the_product_when_its_sku_was_changed() -> None:
    scenario = renamed_shop()

    scenario.place_and_push(order(CUP))

    (reserved,) = scenario.reservations.of_goods([], [scenario.account.products["MUG"]])
    assert (reserved.sku, reserved.remaining) == ("CUP", 2)


def test_line_is_changed_in_place_when_its_sku_was_changed() -> None:
    scenario = renamed_shop(process_when="paid")
    remote = scenario.place_and_push(order(CUP))
    (before,) = remote.lines

    scenario.shop.change("1", lines=(line("CUP", 3, variant="7"),))
    scenario.run_until_idle()

    assert [(each.id, each.amount) for each in remote.lines] == [(before.id, 3)]


def test_nothing_is_sent_when_the_product_of_a_line_becomes_known() -> None:
    scenario = Scenario()
    product = scenario.account.add_product("CUP")
    remote = scenario.place_and_push(order(CUP))
    scenario.forget_requests()

    scenario.catalogue.save(CatalogueEntry("7", "CUP", product))
    scenario.shop.change("1", version="2")
    scenario.run_until_idle()

    assert scenario.requests == []
    assert scenario.remote() == remote
    assert scenario.row().attention == ""


def test_line_goes_by_sku_when_picqer_no_longer_has_the_product() -> None:
    """Picqer cannot delete products, but an account can be set up anew."""
    scenario = Scenario()
    scenario.account.add_product("CUP")
    scenario.catalogue.save(CatalogueEntry("7", "CUP", 999))

    remote = scenario.place_and_push(order(CUP))

    assert remote.goods == {"CUP": 2}
    assert scenario.requests[:3] == ["orders.create", "products.find_id", "orders.create"]
    assert scenario.catalogue.get(["7"]) == {}


def test_order_names_the_sku_when_the_linked_product_is_inactive() -> None:
    scenario = renamed_shop()
    scenario.account.inactive.add("MUG")
    product = scenario.account.products.pop("MUG")
    put_back = meanwhile(lambda: scenario.account.products.update(MUG=product))
    scenario.faults.plan("picqer.products.find_id", put_back)
    scenario.place(order(CUP))

    scenario.push()

    assert 'SKU "CUP" is inactive in Picqer' in scenario.row().attention


def test_order_follows_the_code_when_picqers_staff_gave_it_to_another_product() -> None:
    """The shop offers the stock of the product that has the code."""
    scenario = Scenario()
    old = scenario.account.add_product("CUP-OLD")
    scenario.catalogue.save(CatalogueEntry("7", "CUP", old))
    new = scenario.account.add_product("CUP")
    scenario.readings.keep([StockLevel(1, "CUP", 5, new)], scenario.readings.clock(), ["CUP"])

    remote = scenario.place_and_push(order(CUP))

    assert remote.goods == {"CUP": 2}


def test_order_waits_when_its_sku_still_is_another_variants_in_picqer() -> None:
    """Variant 7 has got another SKU, and variant 8 the former one: Picqer knows neither yet."""
    scenario = Scenario()
    product = scenario.account.add_product("CUP")
    scenario.links.products.link({"CUP": product})
    scenario.catalogue.save(CatalogueEntry("7", "CUP", product))
    scenario.shop.listed["MUG"] = replace(variant("MUG"), pk="7")

    scenario.place(order(line("CUP", 2, variant="8")))
    scenario.push()

    assert scenario.requests == []
    assert scenario.row().stage is Stage.PENDING
    assert 'SKU "CUP" still belongs to another product' in scenario.row().last_error
    assert scenario.catalogue.get(["7"])["7"].dirty


def test_product_of_a_deleted_variant_is_ordered_when_another_variant_has_its_sku() -> None:
    scenario = Scenario()
    product = scenario.account.add_product("CUP")
    scenario.links.products.link({"CUP": product})
    scenario.catalogue.save(CatalogueEntry("7", "CUP", product))

    remote = scenario.place_and_push(order(line("CUP", 2, variant="8")))

    assert remote.goods == {"CUP": 2}
