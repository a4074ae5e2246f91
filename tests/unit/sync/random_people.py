"""Random steps of customers, and of the staff of shop and warehouse."""

from __future__ import annotations

from random import Random
from typing import Any

from saleor_picqer.domain.orders import Order, OrderLine, OrderState
from saleor_picqer.domain.outbox import FRESH
from saleor_picqer.domain.remote_orders import STARTED
from tests.unit.domain.builders import address, line
from tests.unit.domain.builders import order as build_order
from tests.unit.sync.fakes.shop import OPEN
from tests.unit.sync.fakes.worker import Assignment
from tests.unit.sync.invariants import Invariants
from tests.unit.sync.scenario import Scenario

MAX_ORDERS = 3


class People:
    """The part of a random run without workers. `log` describes the steps so far."""

    def __init__(self, random: Random, scenario: Scenario) -> None:
        self.random = random
        self.scenario = scenario
        self.invariants = Invariants(scenario, scenario.context().settings.orders)
        self.assignments: list[Assignment] = []
        self.log: list[str] = []

    # --- customers and staff of the shop

    def place(self) -> None:
        if len(self.scenario.shop.placed) < MAX_ORDERS:
            pk = str(len(self.scenario.shop.placed) + 1)
            state = self.random.choice([OrderState.OPEN, OrderState.UNCONFIRMED])
            paid = self.random.choice([True, False])
            order = build_order(*self._lines(), pk=pk, number=pk, state=state, paid=paid)
            self.scenario.place(order)

    def pay(self) -> None:
        self._change(paid=True)

    def confirm(self) -> None:
        self._change(state=OrderState.OPEN)

    def change_address(self) -> None:
        self._change(shipping=address(city=self.random.choice(["Utrecht", "Gent"])))

    def change_lines(self) -> None:
        """Change the lines of an order which is not confirmed: Saleor allows no other."""
        for order in self._some_order():
            remote = self.invariants.remote(order)
            started = any(each.picked or each.status in STARTED for each in remote)
            if order.state is OrderState.UNCONFIRMED and not started:
                if self.invariants.live(order) or self._is_busy(order.pk):
                    self.invariants.edited.add(order.pk)
                self.scenario.shop.change(order.pk, lines=self._lines())

    def cancel_in_shop(self) -> None:
        for order in self._some_order():
            self.scenario.shop.cancel(order.pk)

    def push_again(self) -> None:
        """Have an order sent, whether the order is in Picqer or not."""
        for order in self._some_order():
            self.scenario.outbox.push([order.pk], "default")

    def skip(self) -> None:
        for order in self._some_order():
            self.scenario.outbox.skip([order.pk])

    def _change(self, **changes: Any) -> None:
        for order in self._some_order():
            self.scenario.shop.change(order.pk, **changes)

    def _some_order(self) -> list[Order]:
        """Choose an open order, if any."""
        found = [order for order in self.scenario.shop.placed.values() if order.state in OPEN]
        return self._choose(found)

    def _lines(self) -> tuple[OrderLine, ...]:
        skus = self.random.sample(["MUG", "CUP", "POT"], self.random.randint(1, 3))
        return tuple(line(sku, self.random.randint(1, 3)) for sku in skus)

    # --- staff of the warehouse

    def work_in_warehouse(self) -> None:
        account = self.scenario.account
        actions = (account.process, account.pause, account.resume, account.cancel, account.pick)
        for order in self._choose([*account.orders.values()]):
            action = self.random.choice(actions)
            if action != account.cancel or order.id not in self.invariants.manual:
                self._log(f"  {action.__name__} {order.number}")
                action(order)

    def ship(self) -> None:
        cancelling = any(each.worker.at == "picqer.orders.cancel" for each in self.assignments)
        for order in self._choose([] if cancelling else [*self.scenario.account.orders.values()]):
            self.scenario.account.ship(order, self.random.choice([1, None]))

    def enter_by_hand(self) -> None:
        """Enter an order in Picqer after it has been missing for a while."""
        for order in self._some_order():
            is_old = self.scenario.row(order.pk).created_at <= self.scenario.clock.now - FRESH
            if is_old and not self._is_busy(order.pk) and not self.invariants.live(order):
                amounts = {line.sku: line.quantity for line in order.lines}
                remote = self.scenario.account.enter_by_hand(order.number, **amounts)
                self.invariants.manual.add(remote.id)

    # --- helpers

    def _is_busy(self, order_pk: str) -> bool:
        """Tell whether a worker has the order, or a request for it may be under way."""
        until = self.scenario.row(order_pk).leased_until
        is_assigned = any(each.order_pk == order_pk for each in self.assignments)
        return is_assigned or (until is not None and until > self.scenario.clock.now)

    def _choose[T](self, things: list[T]) -> list[T]:
        """Choose a thing at random; the list is empty when there is none."""
        return [self.random.choice(things)] if things else []

    def _log(self, text: str) -> None:
        at = ", ".join(
            f"{each.order_pk or each.event}: {each.worker.at}" for each in self.assignments
        )
        self.log.append(f"{text}  [{at}]" if at else text)
