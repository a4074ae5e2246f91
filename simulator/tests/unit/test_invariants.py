"""Random operations on an account: stock adds up, and events report every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from picqer_simulator import Account
from picqer_simulator.core import state
from picqer_simulator.core.errors import ApiError
from picqer_simulator.core.models import Backorder, Order, Picklist, Product, Wire
from picqer_simulator.rules import (
    allocations,
    backorders,
    compositions,
    lifecycle,
    order_lines,
    orders,
    picklists,
    products,
    shipments,
    staff,
    stock,
)
from simulator_support import builders

GOODS = ("MUG", "CUP", "POT")
CODES = (*GOODS, "SET", "HAMPER", "CAKE", "GIFT")
WAREHOUSES = ("Utrecht", "Antwerpen")
STATUSES = {"expected", "concept", "processing", "paused", "completed", "cancelled"}

# The position of a record, counted from the latest.
number = st.integers(0, 3)
amount = st.integers(1, 6)
code = st.sampled_from(CODES)
idwarehouse = st.integers(1, len(WAREHOUSES))
order = st.builds(
    lambda lines, **header: builders.order_body(
        products=[{"productcode": each, "amount": pieces} for each, pieces in lines], **header
    ),
    lines=st.lists(st.tuples(code, amount), min_size=1, max_size=3),
    partialdelivery=st.booleans(),
    auto_split=st.booleans(),
)
options = st.fixed_dictionaries(
    {
        "backorder_reserves": st.sampled_from(["available", "wanted"]),
        "stock_lowered_at": st.sampled_from(["close", "pick"]),
        "close_unpicked": st.sampled_from(["refuse", "backorder"]),
        "allocate_beyond_stock": st.booleans(),
        "allocate_on_create": st.booleans(),
        "processing_seconds": st.sampled_from([0, 60]),
        "merge_duplicate_lines": st.booleans(),
    }
)


class AccountMachine(RuleBasedStateMachine):
    """Random operations on an account; many operations are refused."""

    account: Account

    @initialize(options=options)
    def open_account(self, options: dict[str, Any]) -> None:
        self.account = builders.build_account(WAREHOUSES, **options)
        for productcode in GOODS:
            builders.add_product(self.account, productcode, {"Utrecht": 12, "Antwerpen": 6})
        builders.add_product(self.account, "GIFT", type="unlimited_stock")
        self._add_composition("SET", {"MUG": 1, "CUP": 2}, "virtual_composition")
        self._add_composition("HAMPER", {"SET": 1, "POT": 1}, "virtual_composition")
        self._add_composition("CAKE", {"POT": 2}, "composition_with_stock")
        self.free = {key: self._free(key) for key in self._keys()}
        self.account.events.clear()

    @rule(body=order)
    def create_order(self, body: Wire) -> None:
        self._try(orders.create, body)

    @rule(body=order)
    def announce_order(self, body: Wire) -> None:
        self._try(orders.create, body, "expected")

    @rule(body=order)
    def place_order(self, body: Wire) -> None:
        self._try(orders.create, body)
        self._try_on("orders", 0, lifecycle.process)

    @rule(nth=number)
    def process_order(self, nth: int) -> None:
        self._try_on("orders", nth, lifecycle.process)

    @rule(nth=number)
    def allocate_order(self, nth: int) -> None:
        self._try_on("orders", nth, allocations.allocate)

    @rule(nth=number, force=st.booleans())
    def cancel_order(self, nth: int, *, force: bool) -> None:
        self._try_on("orders", nth, lifecycle.cancel, {"force": "true"} if force else {})

    @rule(
        nth=number,
        operation=st.sampled_from(
            [
                lifecycle.resume,
                lifecycle.change_to_concept,
                lifecycle.reopen,
                lifecycle.undo_cancellation,
                lifecycle.prioritise,
                allocations.deallocate,
            ]
        ),
    )
    def act_on_order(self, nth: int, operation: Callable[..., Any]) -> None:
        self._try_on("orders", nth, operation)

    @rule(nth=number, operation=st.sampled_from([lifecycle.pause, lifecycle.process_backorders]))
    def act_on_order_with_body(self, nth: int, operation: Callable[..., Any]) -> None:
        self._try_on("orders", nth, operation, {})

    @rule(nth=number, pieces=amount)
    def change_line(self, nth: int, pieces: int) -> None:
        for order in self._orders()[::-1][nth : nth + 1]:
            line = order.products[0].idorder_product
            self._try(order_lines.update, order.idorder, line, {"amount": pieces})

    @rule(nth=number, productcode=code, pieces=amount)
    def ship_some(self, nth: int, productcode: str, pieces: int) -> None:
        self._try_on("orders", nth, staff.ship, {"lines": {productcode: pieces}})

    @rule(nth=number)
    def ship_all(self, nth: int) -> None:
        self._try_on("orders", nth, staff.ship, {})

    @rule(nth=number, line=number, pieces=amount)
    def pick(self, nth: int, line: int, pieces: int) -> None:
        for picklist in [*self.account.state.picklists.values()][::-1][nth : nth + 1]:
            for entry in picklist.lines_to_pick[line : line + 1]:
                body = {"idpicklist_product": entry.idpicklist_product, "amount": pieces}
                self._try(picklists.pick, picklist.idpicklist, body)

    @rule(nth=number)
    def pick_all(self, nth: int) -> None:
        self._try_on("picklists", nth, picklists.pick_all)

    @rule(nth=number)
    def close_picklist(self, nth: int) -> None:
        self._try_on("picklists", nth, picklists.close)

    @rule(nth=number)
    def cancel_picklist(self, nth: int) -> None:
        self._try_on("picklists", nth, picklists.cancel)

    @rule(nth=number)
    def add_shipment(self, nth: int) -> None:
        self._try_on("picklists", nth, shipments.create, {}, {})

    @rule(nth=number)
    def delete_backorder(self, nth: int) -> None:
        self._try_on("backorders", nth, backorders.delete)

    @rule()
    def process_backorders(self) -> None:
        self._try(backorders.process_all)

    @rule(productcode=code, warehouse=idwarehouse, change=st.integers(-6, 6))
    def change_stock(self, productcode: str, warehouse: int, change: int) -> None:
        idproduct = self.account.productcodes[productcode.casefold()]
        self._try(stock.change, idproduct, warehouse, {"change": change})

    @rule(warehouse=idwarehouse, pieces=amount)
    def produce(self, warehouse: int, pieces: int) -> None:
        idproduct = self.account.productcodes["cake"]
        body = {"idwarehouse": warehouse, "amount": pieces}
        self._try(compositions.produce, idproduct, body)

    @rule()
    def let_time_pass(self) -> None:
        self.account.clock.advance(61)
        self.account.run_due()

    @invariant()
    def stock_holds_what_is_reserved(self) -> None:
        for product, warehouse in self._rows():
            row = product.stock[warehouse]
            assert row.stock >= row.reservedpicklists >= 0
            assert row.reservedbackorders >= 0
            assert row.reservedallocations >= 0
            assert row.freestock == row.stock - row.reserved

    @invariant()
    def reservations_are_those_of_the_documents(self) -> None:
        on_picklists, promised, wanted, allocated = self._documents()
        waits = self.account.options.backorder_reserves == "wanted"
        for product, warehouse in self._rows():
            key, row = (product.idproduct, warehouse), product.stock[warehouse]
            assert row.reservedpicklists == on_picklists[key]
            assert row.reservedallocations == allocated[key]
            assert row.reservedbackorders == (wanted if waits else promised)[key]
            assert on_picklists[key] + promised[key] <= row.stock
            if promised[key] < wanted[key]:
                assert on_picklists[key] + promised[key] == row.stock

    @invariant()
    def no_goods_of_an_order_get_lost(self) -> None:
        for order in self._orders():
            assert order.status in STATUSES
            if order.status in ("processing", "completed") and not order.picklists_due:
                self._check_lines(order)

    @invariant()
    def completed_orders_have_nothing_left_to_do(self) -> None:
        for order in self._orders():
            if order.status in ("completed", "cancelled", "concept", "expected"):
                assert not any(entry.is_open for entry in self._picklists_of(order))
                assert not self._backorders_of(order)

    @invariant()
    def events_tell_the_free_stock(self) -> None:
        """Compare the free stock in the events with the free stock in the API."""
        self.account.run_due()
        for event in self.account.events:
            if event.name.endswith(("free_stock_changed", "assembled_stock_changed")):
                for row in event.data["stock"]:
                    self.free[event.data["idproduct"], row["idwarehouse"]] = row["freestock"]
        self.account.events.clear()
        assert self.free == {key: self._free(key) for key in self.free}

    def teardown(self) -> None:
        """Compare the account with a saved and loaded copy."""
        if hasattr(self, "account"):
            saved = state.dump(self.account.state)
            assert state.parse(saved) == self.account.state

    def _try(self, operation: Callable[..., Any], *arguments: Any) -> None:
        """Run an operation; a refused operation must leave the account unchanged."""
        before = state.dump(self.account.state)
        try:
            self.account.run(operation, *arguments)
        except ApiError:
            assert _without_ids(before) == _without_ids(state.dump(self.account.state))

    def _try_on(self, kind: str, nth: int, operation: Callable[..., Any], *rest: Any) -> None:
        """Run an operation on the record that is `nth` from the latest."""
        for record_id in sorted(getattr(self.account.state, kind), reverse=True)[nth : nth + 1]:
            self._try(operation, record_id, *rest)

    def _add_composition(self, productcode: str, parts: dict[str, int], kind: str) -> None:
        idproduct = builders.add_product(self.account, productcode, type=kind)
        for part, pieces in parts.items():
            body = {"idproduct": self.account.productcodes[part.casefold()], "amount": pieces}
            self.account.run(compositions.add_part, idproduct, body)

    def _keys(self) -> list[tuple[int, int]]:
        state = self.account.state
        return [
            (product, warehouse) for product in state.products for warehouse in state.warehouses
        ]

    def _free(self, key: tuple[int, int]) -> int:
        rows = self.account.run(products.get, key[0])["stock"]
        return next(int(row["freestock"]) for row in rows if row["idwarehouse"] == key[1])

    def _rows(self) -> list[tuple[Product, int]]:
        return [
            (product, warehouse)
            for product in self.account.state.products.values()
            for warehouse in product.stock
        ]

    def _orders(self) -> list[Order]:
        return list(self.account.state.orders.values())

    def _picklists_of(self, order: Order) -> list[Picklist]:
        entries = self.account.state.picklists.values()
        return [entry for entry in entries if entry.idorder == order.idorder]

    def _backorders_of(self, order: Order) -> list[Backorder]:
        entries = self.account.state.backorders.values()
        return [entry for entry in entries if entry.idorder == order.idorder]

    def _documents(self) -> tuple[Counter[Any], Counter[Any], Counter[Any], Counter[Any]]:
        """Count the pieces per row on picklists, backorders (promised, wanted) and allocations."""
        on_picklists: Counter[Any] = Counter()
        promised: Counter[Any] = Counter()
        wanted: Counter[Any] = Counter()
        allocated: Counter[Any] = Counter()
        at_pick = self.account.options.stock_lowered_at == "pick"
        for picklist in self.account.state.picklists.values():
            for line in picklist.lines_to_pick if picklist.is_open else []:
                left = line.amount - (line.amount_picked if at_pick else 0)
                on_picklists[line.idproduct, picklist.idwarehouse] += left
        for backorder in self.account.state.backorders.values():
            if not backorder.has_parts:
                key = (backorder.idproduct, backorder.idwarehouse)
                promised[key] += backorder.amount_available
                wanted[key] += backorder.amount
        for order in self._orders():
            for entry in order.products:
                for warehouse, pieces in entry.allocated.items():
                    allocated[entry.idproduct, warehouse] += pieces
        return on_picklists, promised, wanted, allocated

    def _check_lines(self, order: Order) -> None:
        """Check that every piece is shipped, on a picklist, on backorder or cancelled."""
        found: Counter[int] = Counter()
        for picklist in self._picklists_of(order):
            for entry in picklist.lines_to_pick:
                if picklist.is_open:
                    found[entry.idorder_product] += entry.amount
                elif picklist.status == "closed":
                    found[entry.idorder_product] += entry.amount_picked
        for backorder in self._backorders_of(order):
            found[backorder.idorder_product] += backorder.amount
        for line in order.products:
            if not line.has_parts:
                assert found[line.idorder_product] + line.amount_cancelled == line.amount


def _without_ids(dumped: bytes) -> bytes:
    """Drop the last ids from a saved state, because refused operations may use ids up."""
    return dumped.split(b'"users"', 1)[1]


AccountMachine.TestCase.settings = settings(stateful_step_count=40, print_blob=True)
TestAccount = AccountMachine.TestCase
