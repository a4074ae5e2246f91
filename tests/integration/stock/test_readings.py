"""Stock is calculated from the last reading of Picqer, whatever overtakes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.checkout.models import CheckoutLine
from saleor.product.models import Product, ProductVariant
from saleor.warehouse import models as warehouse_models
from saleor.warehouse.models import Stock

from saleor_picqer import capture, wiring
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.models import StockReading, StockRequest, StockReservation
from saleor_picqer.picqer.gateway.orders import Orders
from saleor_picqer.store import reservations
from saleor_picqer.sync import stock
from tests.integration.stock import allocating
from tests.integration.stock.books import balances
from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_edits import cancel_fulfilment


class Reader:
    """A worker that reads stock, and writes the reading later."""

    def __init__(self, shop: ConnectedShop) -> None:
        self.context = wiring.context_for_channel(shop.shop.channel_pk)
        self._shop = shop
        self._read_at: datetime
        self._products: list[RemoteProduct]

    def read(self, *skus: str) -> Reader:
        ids = [self._shop.product(sku)["idproduct"] for sku in skus]
        self._read_at = self.context.readings.clock()
        self._products = self.context.picqer.stock.of_products(ids)
        return self

    def write(self) -> int:
        with commit_hooks():
            return stock.record_products(self.context, self._products, self._read_at)


def check(shop: ConnectedShop) -> None:
    """Check that the shop offers no more than Picqer has left."""
    for balance in balances(shop.server.account.state):
        assert balance.offered <= balance.allowed, str(balance)


def during_process(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], request: str = "process"
) -> None:
    """Act once, after Picqer's answer to a request and before the worker saves the outcome."""
    send = getattr(Orders, request)
    done: list[bool] = []

    def send_and_act(self: Orders, order_id: int) -> Any:
        answer = send(self, order_id)
        if not done:
            done.append(True)
            act()
        return answer

    monkeypatch.setattr(Orders, request, send_and_act)


# --- readings and pushes at the same time


def test_goods_are_not_offered_twice_when_an_order_is_processed_during_a_reading(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F67: a pull reads first, and writes after the order was processed."""
    stocked_shop.place(BEANS=2)
    pull = Reader(stocked_shop).read("BEANS", "TEA")
    stocked_shop.worker.run()

    pull.write()

    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8
    check(stocked_shop)


@pytest.mark.parametrize("request_", ["process", "allocate"])
def test_nothing_is_lost_when_stock_is_read_within_a_push(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, request_: str
) -> None:
    """Failure mode F121: the reading lacks the goods, and the row of the order lacks the push."""
    stocked_shop.shop.draft_order({"BEANS": 2}, paid=request_ == "process")

    def read() -> None:
        Reader(stocked_shop).read("BEANS").write()
        check(stocked_shop)

    during_process(monkeypatch, read, request_)
    stocked_shop.worker.run()
    check(stocked_shop)
    stocked_shop.webhooks.pending.clear()

    stocked_shop.run_until_idle()

    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8


def test_nothing_is_lost_when_a_reading_from_within_a_push_is_written_after_it(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F121: the reading may contain the order or not."""
    stocked_shop.place(BEANS=2)
    reader = Reader(stocked_shop)
    during_process(monkeypatch, lambda: reader.read("BEANS"))
    stocked_shop.worker.run()
    stocked_shop.webhooks.pending.clear()

    reader.write()
    check(stocked_shop)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8


def test_stock_is_read_again_when_the_push_got_no_answer(stocked_shop: ConnectedShop) -> None:
    """Failure mode F121: the first attempt may have lowered Picqer's stock at any moment."""
    stocked_shop.place(BEANS=2)
    stocked_shop.fail_next("POST", "/orders/{idorder}/process", "drop-after", times=9)
    stocked_shop.worker.run()
    Reader(stocked_shop).read("BEANS").write()
    stocked_shop.control("DELETE", "/faults")
    stocked_shop.webhooks.pending.clear()

    stocked_shop.pass_time()

    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8


def test_newer_reading_stays_when_two_readings_overtake_each_other(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F72: the older one is written last."""
    older = Reader(stocked_shop).read("BEANS")
    stocked_shop.stock("BEANS", 3)
    newer = Reader(stocked_shop).read("BEANS")

    newer.write()
    older.write()

    assert stocked_shop.shop.available("BEANS") == 3


# --- Saleor's allocations change


def test_stock_falls_at_once_when_an_order_is_cancelled_that_picqer_keeps(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F68: cancelled in Saleor, kept in Picqer."""
    stocked_shop.connect(cancel_in_picqer="never")
    order = stocked_shop.order(BEANS=2)
    stocked_shop.reset_requests()

    stocked_shop.shop.cancel(order)

    assert stocked_shop.requests() == {}
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8
    check(stocked_shop)


def test_stock_falls_with_the_sweep_when_the_hook_of_a_cancellation_failed(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F68: the hook is a shortcut."""
    stocked_shop.connect(cancel_in_picqer="never")
    order = stocked_shop.order(BEANS=2)
    with monkeypatch.context() as patch:
        patch.setattr(capture, "recount_stock", None)
        stocked_shop.shop.cancel(order)

    stocked_shop.pass_time()

    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8


@pytest.mark.parametrize("quantity", [1, 4])
def test_stock_is_right_when_a_line_of_a_processed_order_changes(
    stocked_shop: ConnectedShop, quantity: int
) -> None:
    """Failure mode F68: at most what was sent is added back."""
    order = stocked_shop.order(BEANS=2)

    allocating.edit(order, "BEANS", quantity)
    capture.recount_stock([order])

    expected = stocked_shop.free_stock("BEANS") - max(0, quantity - 2)
    assert stocked_shop.shop.available("BEANS") == expected
    check(stocked_shop)


def test_stock_is_right_when_a_fulfilment_is_cancelled(stocked_shop: ConnectedShop) -> None:
    """Failure mode F89: what Picqer has shipped is not reserved any more."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    cancel_fulfilment(stocked_shop.shop, order)

    # Two of the eight have to be sent once more.
    assert stocked_shop.free_stock("BEANS") == 8
    assert stocked_shop.shop.available("BEANS") == 6


@pytest.mark.parametrize("stock_first", [True, False])
def test_goods_are_not_offered_twice_when_picqer_cancels_an_order(
    stocked_shop: ConnectedShop, stock_first: bool
) -> None:
    """Failure mode F119: in both sequences of the events."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.control("POST", f"/orders/{stocked_shop.row(order).remote_id}/cancel")
    pending = list(stocked_shop.webhooks.pending)
    pending.sort(key=lambda each: (b"stock_changed" in each.body) is not stock_first)

    for delivery in pending:
        stocked_shop.webhooks.pending.clear()
        stocked_shop.webhooks.pending.append(delivery)
        stocked_shop.run_until_idle()
        check(stocked_shop)

    assert stocked_shop.shop.order(order).status == "CANCELED"
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 10


def test_stock_is_counted_in_the_transaction_that_cancels_the_order(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F119: both are seen, or neither."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.control("POST", f"/orders/{stocked_shop.row(order).remote_id}/cancel")
    Reader(stocked_shop).read("BEANS").write()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(stock, "recount", fail)
        stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "UNFULFILLED"
    assert stocked_shop.shop.stock("BEANS")["Main"] == (12, 2)


# --- what a reading says


def test_last_unit_is_fulfilled_when_nothing_is_free(stocked_shop: ConnectedShop) -> None:
    """Failure mode F24."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.stock("BEANS", 1)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 0

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert stocked_shop.shop.stock("BEANS")["Main"] == (0, 0)


def test_shop_shows_zero_when_free_stock_is_negative(stocked_shop: ConnectedShop) -> None:
    """Failure mode F25: the real value is kept."""
    context = wiring.context_for_channel(stocked_shop.shop.channel_pk)
    (warehouse,) = context.links.warehouses.all()
    product = stocked_shop.product("BEANS")["idproduct"]

    stock.record_levels(
        context, [StockLevel(warehouse, "BEANS", -3, product)], context.readings.clock()
    )

    assert stocked_shop.shop.stock("BEANS")["Main"] == (0, 0)
    assert StockReading.objects.get(sku="BEANS").free == -3


def test_product_is_untracked_as_long_as_its_stock_is_unlimited(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F27: both ways, where the setting says so."""
    stocked_shop.connect(unlimited_stock="untracked")
    path = f"/products/{stocked_shop.product('BEANS')['idproduct']}"
    # Picqer changes the type of a product without stock only.
    stocked_shop.stock("BEANS", 0)
    stocked_shop.run_until_idle()

    def is_tracked() -> dict[str, bool]:
        with commit_hooks():
            Reader(stocked_shop).read("BEANS", "TEA").write()
        rows = ProductVariant.objects.filter(sku__in=["BEANS", "TEA"])
        return dict(rows.values_list("sku", "track_inventory"))

    ProductVariant.objects.filter(sku="TEA").update(track_inventory=False)
    stocked_shop.picqer_api("PUT", path, type="unlimited_stock")
    assert is_tracked() == {"BEANS": False, "TEA": False}

    stocked_shop.picqer_api("PUT", path, type="normal")
    assert is_tracked() == {"BEANS": True, "TEA": False}, "staff had switched TEA off"


@pytest.mark.parametrize("unlimited_first", [True, False])
def test_tracking_follows_the_last_reading_whatever_the_spelling(
    stocked_shop: ConnectedShop, unlimited_first: bool
) -> None:
    """Failure mode F27: a late page with unlimited stock changes nothing."""
    stocked_shop.connect(unlimited_stock="untracked")
    ProductVariant.objects.filter(sku="BEANS").update(sku="beans ")
    path = f"/products/{stocked_shop.product('BEANS')['idproduct']}"
    stocked_shop.stock("BEANS", 0)
    stocked_shop.run_until_idle()
    stocked_shop.picqer_api("PUT", path, type="unlimited_stock")
    unlimited = Reader(stocked_shop).read("BEANS")
    if unlimited_first:
        unlimited.write()
        assert not ProductVariant.objects.get(sku="beans ").track_inventory
    stocked_shop.picqer_api("PUT", path, type="normal")
    stocked_shop.stock("BEANS", 7)
    stocked_shop.webhooks.pending.clear()
    Reader(stocked_shop).read("BEANS").write()

    unlimited.write()

    assert ProductVariant.objects.get(sku="beans ").track_inventory
    assert StockReading.objects.get(sku="BEANS").free == 7
    assert stocked_shop.shop.available("beans ") == 7


def test_stock_of_an_assembled_product_follows_its_parts(connected_shop: ConnectedShop) -> None:
    """Failure mode F28: Picqer sends another event for compositions."""
    connected_shop.offer(PART=8)
    group = connected_shop.picqer_api("GET", "/vatgroups")[0]["idvatgroup"]
    made = connected_shop.picqer_api(
        "POST",
        "/products",
        productcode="SET",
        name="Set",
        price=10,
        idvatgroup=group,
        type="virtual_composition",
    )
    connected_shop.picqer_api(
        "POST",
        f"/products/{made['idproduct']}/parts",
        idproduct=connected_shop.product("PART")["idproduct"],
        amount=2,
    )
    connected_shop.shop.product("SET")
    connected_shop.full_sync()

    connected_shop.stock("PART", 6)
    connected_shop.run_until_idle()

    assert connected_shop.shop.available("SET") == 3


def test_live_variant_gets_the_stock_when_a_deleted_one_had_the_sku(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F33."""
    Product.objects.filter(variants__sku="BEANS").delete()
    stocked_shop.shop.product("BEANS", name="New beans")

    stocked_shop.stock("BEANS", 4)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.available("BEANS") == 4


@pytest.mark.parametrize("sku", ["0012", "a/b+c", "café & crème", "ÄÖ ß"])
def test_stock_follows_whatever_the_sku_contains(connected_shop: ConnectedShop, sku: str) -> None:
    """Failure mode F32."""
    connected_shop.offer(**{sku: 4})

    assert connected_shop.shop.available(sku) == 4


def test_stock_moves_with_the_product_when_its_code_is_changed_in_picqer(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F32: the SKU is what the product says, and the former SKU sells nothing."""
    stocked_shop.shop.product("ROASTED")
    older = Reader(stocked_shop).read("BEANS")
    product = stocked_shop.product("BEANS")["idproduct"]
    stocked_shop.picqer_api("PUT", f"/products/{product}", productcode="ROASTED")

    Reader(stocked_shop).read("ROASTED").write()
    older.write()

    assert stocked_shop.shop.available("ROASTED") == 10
    assert stocked_shop.shop.available("BEANS") == 0


def test_stock_is_that_of_the_product_when_its_code_is_changed_after_the_event(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F32: the SKU in an event is out of date, and only names what is to be read."""
    stocked_shop.shop.product("ROASTED")
    product = stocked_shop.product("BEANS")["idproduct"]
    stocked_shop.stock("BEANS", 3)
    (event,) = stocked_shop.webhooks.pending
    stocked_shop.picqer_api("PUT", f"/products/{product}", productcode="ROASTED")
    stocked_shop.webhooks.pending.clear()
    stocked_shop.webhooks.pending.append(event)

    stocked_shop.run_until_idle()

    assert b"BEANS" in event.body
    assert stocked_shop.shop.available("ROASTED") == 3
    assert stocked_shop.shop.available("BEANS") == 0


# --- costs


@pytest.mark.parametrize("count", [1, 5, 20])
def test_whole_life_of_an_order_costs_six_requests_whatever_its_lines(
    connected_shop: ConnectedShop, count: int
) -> None:
    """Failure mode F122: what is read again is gathered."""
    skus = [f"SKU-{n}" for n in range(count)]
    connected_shop.offer(**dict.fromkeys(skus, 9))
    connected_shop.reset_requests()

    order = connected_shop.order(**dict.fromkeys(skus, 1))
    connected_shop.ship(order)
    connected_shop.run_until_idle()

    sent = connected_shop.requests()
    gathered = sent.pop("GET /products", 0) + sent.pop("GET /products/{idproduct}", 0)
    # The test itself looks for the order that it ships.
    sent.pop("GET /orders")
    assert sum(sent.values()) <= 6, sent
    assert gathered <= 2
    assert connected_shop.shop.order(order).status == "FULFILLED"
    check(connected_shop)


@pytest.mark.parametrize("changes", ["nothing", "everything"])
def test_a_page_of_products_costs_twelve_statements(
    connected_shop: ConnectedShop, changes: str
) -> None:
    warehouses = [{"name": "North"}, {"name": "South"}]
    connected_shop.control("POST", "/seed", warehouses=warehouses)
    connected_shop.full_sync()
    connected_shop.shop.products(60)
    context = wiring.context_for_channel(connected_shop.shop.channel_pk)
    levels = [
        StockLevel(warehouse, f"{'sku' if n > 30 else 'SKU'}-{n}", n, n)
        for warehouse in context.links.warehouses.all()
        for n in range(1, 101)
    ]
    if changes == "nothing":
        stock.record_levels(context, levels, context.readings.clock())
    read_at = context.readings.clock()

    with CaptureQueriesContext(connection) as statements:
        changed = stock.record_levels(context, levels, read_at)

    assert changed == (0 if changes == "nothing" else 180)
    sent = [q["sql"] for q in statements if "SAVEPOINT" not in q["sql"]]
    assert len(sent) <= 12, "\n".join(sent)


def test_a_stock_event_costs_the_same_for_few_and_many(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F107."""

    def cost() -> int:
        stocked_shop.stock("BEANS", stocked_shop.free_stock("BEANS") + 1)
        with CaptureQueriesContext(connection) as statements:
            stocked_shop.run_until_idle()
        return len(statements)

    cost()
    before = cost()
    stocked_shop.order(BEANS=2)
    stocked_shop.shop.products(10, stock=1)
    stocked_shop.control("POST", "/seed", warehouses=[{"name": f"W{n}"} for n in range(4)])
    stocked_shop.full_sync()
    cost()

    assert cost() <= before + 1


def test_products_are_gathered_as_long_as_the_setting_says(
    stocked_shop: ConnectedShop, settings: Any
) -> None:
    settings.SALEOR_PICQER = {"gather_stock_seconds": 7}

    stocked_shop.stock("BEANS", 3)
    stocked_shop.stock("TEA", 4)
    stocked_shop.webhooks.deliver()
    stocked_shop.worker.run()

    (message,) = stocked_shop.worker.later
    assert (message.task, message.countdown) == ("saleor_picqer.read_stock", 7)


# --- the tables


def test_reservations_are_deleted_when_all_readings_know_them(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()
    reservations.prune()
    assert StockReservation.objects.filter(order_pk=order).exists(), "a reading may be on its way"
    StockReservation.objects.update(reserved_at=timezone.now() - timedelta(days=2))

    reservations.prune()

    assert not StockReservation.objects.filter(order_pk=order).exists()


def test_request_stays_when_it_is_younger_than_the_reading(stocked_shop: ConnectedShop) -> None:
    readings = wiring.context_for_channel(stocked_shop.shop.channel_pk).readings
    read_at = readings.clock()
    readings.request([1, 2])

    readings.settle([1, 2], read_at)
    assert sorted(readings.requested(9)) == [1, 2]

    readings.settle([1, 2], readings.clock())
    assert not StockRequest.objects.exists()


def test_lost_reading_is_found_by_the_sweep(stocked_shop: ConnectedShop) -> None:
    stocked_shop.stock("BEANS", 3)
    stocked_shop.webhooks.deliver()
    stocked_shop.worker.run()
    stocked_shop.worker.later.clear()

    stocked_shop.pass_time()

    assert stocked_shop.shop.available("BEANS") == 3


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 reserves nothing for checkouts")
def test_goods_in_a_checkout_stay_reserved_when_stock_is_written(
    stocked_shop: ConnectedShop,
) -> None:
    """Saleor itself subtracts what checkouts have reserved from the quantity."""
    models: Any = warehouse_models
    stock_row = Stock.objects.get(product_variant__sku="BEANS", warehouse__name="Main")
    stocked_shop.shop.begin({"BEANS": 1}).deliver()
    models.Reservation.objects.create(
        checkout_line=CheckoutLine.objects.filter(variant__sku="BEANS").latest("pk"),
        stock=stock_row,
        quantity_reserved=1,
        reserved_until=timezone.now() + timedelta(hours=1),
    )
    stocked_shop.stock("BEANS", 5)

    stocked_shop.run_until_idle()

    assert stocked_shop.shop.stock("BEANS")["Main"] == (5, 0)
    assert models.Reservation.objects.filter(stock=stock_row).exists()
