"""`manage.py picqer explain`."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop


def test_explain_answers_for_each_order(stocked_shop: ConnectedShop) -> None:
    """Failure mode F101."""
    sent = stocked_shop.order(BEANS=1)
    by_courier = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    numbers = [stocked_shop.number(order) for order in (sent, by_courier)]

    told = manage_picqer("explain", *numbers)

    assert told.startswith(f"{numbers[0]}: Picqer's warehouse has the order.\n  Number in Picqer: ")
    assert f'{numbers[1]}: Picqer does not handle the shipping method "Courier".\n  ' in told


def test_explain_says_until_when_the_order_waits(stocked_shop: ConnectedShop) -> None:
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.order(BEANS=1)

    told = manage_picqer("explain", stocked_shop.number(order))

    assert stocked_shop.row(order).last_error in told
    assert "\n  Until: " in told


def test_explain_fails_when_an_order_is_unknown(
    stocked_shop: ConnectedShop, capsys: pytest.CaptureFixture[str]
) -> None:
    order = stocked_shop.number(stocked_shop.order(BEANS=1))

    with pytest.raises(CommandError, match="Not found: 999999, nonsense"):
        call_command("picqer", "explain", "999999", order, "nonsense")

    told = capsys.readouterr()
    assert "999999: There is no such order." in told.err
    assert f"{order}: Picqer's warehouse has the order." in told.out
