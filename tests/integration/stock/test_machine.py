"""Whatever happens, the shop never offers more than Picqer has left."""

from __future__ import annotations

import os
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from picqer_simulator.core import state

from saleor_picqer.models import OutboxOrder
from tests.integration.stock import allocating
from tests.integration.stock.machine import StockMachine, set_up_account
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.order_copies import copy_order

RUNS: Final = int(os.environ.get("PICQER_STOCK_RUNS", "8"))
STEPS: Final = int(os.environ.get("PICQER_STOCK_STEPS", "25"))
# Whether a failing run is made short, which takes minutes.
SHRINK: Final = "PICQER_STOCK_SHRINK" in os.environ


@pytest.mark.parametrize("allocates_all", [True, False])
def test_shop_never_offers_more_than_picqer_has_left(
    stocked_shop: ConnectedShop, allocates_all: bool
) -> None:
    """Failure modes F22, F23, F31, F67, F68, F72, F119 and F121: any sequence of steps.

    Whether Picqer allocates more than its stock to an order is not documented.
    """
    set_up_account(stocked_shop, allocates_all=allocates_all)
    stocked_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    stocked_shop.full_sync()
    stocked_shop.stock("BEANS", 5, "North")
    stocked_shop.stock("TEA", 3, "North")
    paid = stocked_shop.place(BEANS=1, TEA=1)
    (unpaid,) = copy_order(paid, 1)
    allocating.cancel(paid, told=False)
    allocating.cancel(unpaid, told=False)
    stocked_shop.run_until_idle()
    OutboxOrder.objects.all().delete()
    base = state.dump(stocked_shop.server.account.state)

    machine: Any = partial(StockMachine, stocked_shop, base, (paid, unpaid))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if SHRINK else [Phase.generate],
        ),
    )
