"""Which warehouses sell, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from saleor_picqer.domain.stock import RemoteWarehouse
from saleor_picqer.domain.warehouses import (
    LinkedWarehouse,
    OtherWarehouses,
    ShopWarehouse,
    WarehouseAction,
    WarehousePlan,
    WarehouseRules,
    Warehouses,
)
from saleor_picqer.errors import AccountSetupError, SettingsError

MAIN = RemoteWarehouse(1, "Main")
NORTH = RemoteWarehouse(12, "North")
FLOOR = ShopWarehouse("floor", "Shop floor", slug="shop-floor", in_channel=True)
MIRROR = ShopWarehouse("m1", "Main", in_channel=True)
NEW_PKS = {1: "new1", 12: "new12"}


def plan(
    *remote: RemoteWarehouse,
    shop: tuple[ShopWarehouse, ...] = (),
    links: Mapping[int, LinkedWarehouse] | None = None,
    foreign: frozenset[str] = frozenset(),
    rules: WarehouseRules | None = None,
) -> WarehousePlan:
    warehouses = Warehouses(remote, shop, links or {}, foreign)
    return warehouses.plan(rules or WarehouseRules(), NEW_PKS)


def actions(planned: WarehousePlan) -> dict[str, WarehouseAction]:
    return {step.pk: step.action for step in planned.steps}


def test_unknown_warehouses_are_created_in_order_of_priority() -> None:
    planned = plan(NORTH, MAIN)

    assert list(planned.selling.items()) == [(12, "new12"), (1, "new1")]
    assert set(actions(planned).values()) == {WarehouseAction.CREATE}


@pytest.mark.parametrize(
    "closed", [replace(NORTH, active=False), replace(NORTH, accepts_orders=False)]
)
def test_warehouse_does_not_sell_when_it_is_closed_in_picqer(closed: RemoteWarehouse) -> None:
    """Failure modes F29 and F30."""
    north = ShopWarehouse("m12", "North", in_channel=True)

    planned = plan(MAIN, closed, shop=(north,), links={12: LinkedWarehouse("m12", ("North",))})

    assert planned.selling == {1: "new1"}
    assert actions(planned)["m12"] is WarehouseAction.DETACH
    assert "Picqer" in planned.steps[-1].reason


@pytest.mark.parametrize("entry", ["12", "north", " North "])
def test_only_named_warehouses_sell(entry: str) -> None:
    planned = plan(MAIN, NORTH, rules=WarehouseRules(selling=(entry.strip(),)))

    assert planned.selling == {12: "new12"}


def test_warehouse_is_still_meant_when_it_was_renamed_in_picqer() -> None:
    links = {12: LinkedWarehouse("m12", ("North", "Nord"))}

    planned = plan(
        MAIN, replace(NORTH, name="Nord"), links=links, rules=WarehouseRules(selling=("North",))
    )

    assert planned.selling == {12: "m12"}


def test_present_name_counts_when_another_warehouse_had_it_before() -> None:
    links = {12: LinkedWarehouse("m12", ("Main", "North"))}

    planned = plan(MAIN, NORTH, links=links, rules=WarehouseRules(selling=("Main",)))

    assert planned.selling == {1: "new1"}


def test_setting_is_named_when_picqer_has_no_such_warehouse() -> None:
    with pytest.raises(SettingsError, match=r'Warehouses that sell.*"South"'):
        plan(MAIN, rules=WarehouseRules(selling=("South",)))


def test_setting_is_named_when_a_name_is_ambiguous() -> None:
    with pytest.raises(SettingsError, match="several warehouses"):
        plan(MAIN, replace(NORTH, name="main"), rules=WarehouseRules(selling=("Main",)))


def test_nothing_is_planned_when_no_warehouse_sells() -> None:
    with pytest.raises(AccountSetupError, match="add one in Picqer"):
        plan(replace(MAIN, active=False), shop=(FLOOR,))


@pytest.mark.parametrize("wanted", ["floor", "shop-floor", "shop FLOOR"])
def test_warehouse_of_the_shop_is_adopted(wanted: str) -> None:
    planned = plan(MAIN, shop=(FLOOR,), rules=WarehouseRules(adopted={"main": wanted}))

    assert actions(planned) == {"floor": WarehouseAction.ADOPT}


def test_adopted_warehouse_takes_the_place_of_the_mirror() -> None:
    planned = plan(
        MAIN,
        shop=(FLOOR, MIRROR),
        links={1: LinkedWarehouse("m1", ("Main",))},
        rules=WarehouseRules(adopted={"1": "shop-floor"}, others=OtherWarehouses.DELETE),
    )

    assert actions(planned) == {"floor": WarehouseAction.ADOPT, "m1": WarehouseAction.DETACH}


def test_adopted_warehouse_is_followed_when_it_is_linked_already() -> None:
    links = {1: LinkedWarehouse("floor", ("Main",), adopted=True)}

    planned = plan(
        MAIN, shop=(FLOOR,), links=links, rules=WarehouseRules(adopted={"1": "shop-floor"})
    )

    assert actions(planned) == {"floor": WarehouseAction.FOLLOW}


def test_mirror_of_another_warehouse_is_not_adopted() -> None:
    with pytest.raises(SettingsError, match="mirror of another warehouse"):
        plan(
            MAIN,
            NORTH,
            shop=(MIRROR,),
            links={1: LinkedWarehouse("m1", ("Main",))},
            rules=WarehouseRules(adopted={"north": "m1"}),
        )


def test_mirror_is_made_again_when_staff_have_deleted_it() -> None:
    planned = plan(MAIN, links={1: LinkedWarehouse("m1", ("Main",))})

    assert actions(planned) == {"m1": WarehouseAction.CREATE}


@pytest.mark.parametrize(
    ("rule", "warehouse", "action"),
    [
        (OtherWarehouses.DETACH, FLOOR, WarehouseAction.DETACH),
        (OtherWarehouses.KEEP, FLOOR, WarehouseAction.KEEP),
        (OtherWarehouses.DELETE, FLOOR, WarehouseAction.DELETE),
        (OtherWarehouses.DELETE, replace(FLOOR, has_allocations=True), WarehouseAction.DETACH),
        (OtherWarehouses.DELETE, replace(FLOOR, in_other_channels=True), WarehouseAction.DETACH),
        (OtherWarehouses.DELETE, replace(FLOOR, is_collection_point=True), WarehouseAction.KEEP),
        (OtherWarehouses.DETACH, replace(FLOOR, is_collection_point=True), WarehouseAction.KEEP),
        (OtherWarehouses.DETACH, replace(FLOOR, holds_digital=True), WarehouseAction.KEEP),
    ],
)
def test_other_warehouse_is_treated_as_the_setting_says(
    rule: OtherWarehouses, warehouse: ShopWarehouse, action: WarehouseAction
) -> None:
    """Failure mode F78: a sync breaks neither collection nor the sale of digital goods."""
    planned = plan(MAIN, shop=(warehouse,), rules=WarehouseRules(others=rule))

    assert actions(planned)["floor"] is action


def test_warehouse_of_another_channel_is_left_alone() -> None:
    elsewhere = replace(FLOOR, in_channel=False)

    planned = plan(MAIN, shop=(elsewhere,), rules=WarehouseRules(others=OtherWarehouses.DELETE))

    assert "floor" not in actions(planned)


def test_mirror_of_another_account_is_never_deleted() -> None:
    planned = plan(
        MAIN,
        shop=(FLOOR,),
        foreign=frozenset({"floor"}),
        rules=WarehouseRules(others=OtherWarehouses.DELETE),
    )

    assert actions(planned)["floor"] is WarehouseAction.DETACH
