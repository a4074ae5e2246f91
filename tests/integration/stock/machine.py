"""A shop and a warehouse in which anything happens at any time, as a hypothesis state machine.

The steps of customers, of Saleor's and Picqer's staff, of webhooks and of workers come in any
sequence. Between the request and the writing of a reading, and within a push, other steps happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest
import requests
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from picqer_simulator.core import state
from picqer_simulator.core.options import with_changes
from saleor.order.models import Order, OrderLine

from saleor_picqer import product_runs, tasks, wiring
from saleor_picqer.domain.events import OrderEvent
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import Kind
from saleor_picqer.models import FulfilmentLink, OutboxOrder, SyncRun
from saleor_picqer.picqer.client import Priority
from saleor_picqer.picqer.gateway.orders import Orders
from saleor_picqer.store import runs
from saleor_picqer.store.held_run import HeldRun
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders import follow
from tests.integration.stock import allocating
from tests.integration.stock.books import balances
from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import ConnectedShop, manager_of, wait
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_copies import copy_order
from tests.integration.support.webhooks import post
from tests.integration.support.worker import Message

SKUS: Final = ("BEANS", "TEA")
WAREHOUSES: Final = ("Main", "North")
# The reference of orders that are not the shop's.
BY_PHONE: Final = "By phone"
# Any position in a list of unknown length.
positions = st.integers(0, 30)
amounts = st.integers(1, 4)


class WorkerKilled(BaseException):
    """Ends a task as a killed process does: no code of the plugin catches this."""


@dataclass
class HeldReading:
    """A reading whose answer has come and which is not written yet."""

    read_at: datetime
    products: Sequence[RemoteProduct]


class StockMachine(RuleBasedStateMachine):
    """Steps, and the rule that the shop never offers more than Picqer has left."""

    def __init__(self, shop: ConnectedShop, base: bytes, templates: tuple[str, str]) -> None:
        super().__init__()
        self.shop = shop
        self.account = shop.server.account
        self.worker = shop.worker
        self._templates = templates
        self._readings: list[HeldReading] = []
        # Whether a webhook was lost: the shop may then offer less than possible.
        self._lost = False
        self._inside: Callable[[], None] | None = None
        # Whether a worker dies before or after the next part of a run is saved.
        self._dies = ""
        # What has been changed is put back if the rest of the preparation fails.
        with ExitStack() as stack:
            self._prepare(stack, base)
            self._stack = stack.pop_all()

    def _prepare(self, stack: ExitStack, base: bytes) -> None:
        stack.enter_context(transaction.atomic())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name in ("process", "allocate"):
            patch.setattr(Orders, name, self._interrupted(getattr(Orders, name)))
        # A run is cut after each of its parts.
        patch.setattr(HeldRun, "time_is_up", lambda _: True)
        patch.setattr(HeldRun, "save", self._killed(HeldRun.save))
        # No step changes products or looks at alarms, which take half of a sweep's time.
        patch.setattr(product_runs, "find_all", tuple)
        patch.setattr(tasks, "evaluate_alarms", lambda: None)
        cache.clear()
        self.account.restore(state.parse(base))
        self.worker.queue.clear()
        self.worker.later.clear()
        self.shop.webhooks.pending.clear()

    def teardown(self) -> None:
        try:
            self.quiet()
        finally:
            transaction.set_rollback(True)
            self._stack.close()

    # --- customers and Saleor's staff

    @rule(beans=st.integers(0, 4), tea=st.integers(0, 2), paid=st.booleans(), told=st.booleans())
    def place(self, beans: int, tea: int, paid: bool, told: bool) -> None:
        """Place an order; Saleor calls no hook unless `told`."""
        wanted = {sku: n for sku, n in (("BEANS", beans), ("TEA", tea)) if n}
        if wanted and (pk := self._place(wanted, paid=paid)) and told:
            with commit_hooks():
                manager_of().order_created(Order.objects.get(pk=pk))

    @rule(at=positions, told=st.booleans())
    def pay(self, at: int, told: bool) -> None:
        if pk := self._pick(at):
            allocating.pay(pk, self._templates[0])
            self._changed(pk, told)

    @rule(at=positions, told=st.booleans())
    def cancel_in_saleor(self, at: int, told: bool) -> None:
        """Cancel an order with Saleor's own function, which calls the hooks if `told`."""
        if pk := self._pick(at):
            allocating.cancel(pk, told=told)

    @rule(at=positions, sku=st.sampled_from(SKUS), quantity=st.integers(0, 5), told=st.booleans())
    def edit(self, at: int, sku: str, quantity: int, told: bool) -> None:
        if (pk := self._pick(at)) and allocating.edit(pk, sku, quantity):
            self._changed(pk, told)

    @rule(at=positions, told=st.booleans())
    def cancel_fulfilment(self, at: int, told: bool) -> None:
        links = list(FulfilmentLink.objects.order_by("pk").values_list("order_pk", flat=True))
        if links and allocating.cancel_fulfilment(links[at % len(links)]):
            self._changed(links[at % len(links)], told)

    @precondition(lambda _: IS_SALEOR_3)
    @rule(at=positions, told=st.booleans())
    def return_in_saleor(self, at: int, told: bool) -> None:
        """Return shipped or open goods of an order."""
        if (pk := self._pick(at)) and allocating.take_back(pk, shipped=bool(at % 2)):
            self._changed(pk, told)

    # --- Picqer's staff

    @rule(
        sku=st.sampled_from(SKUS), warehouse=st.sampled_from(WAREHOUSES), amount=st.integers(0, 12)
    )
    def count(self, sku: str, warehouse: str, amount: int) -> None:
        """Set the stock of a product, never below what is on picklists.

        Less stock is told at once: the shop cannot know of a lower stock before.
        """
        before = self.shop.free_stock(sku)
        with suppress(AssertionError):
            self.shop.stock(sku, amount, warehouse)
        if self.shop.free_stock(sku) < before:
            with commit_hooks():
                self._read_all()

    @rule(at=positions, part=st.booleans())
    def ship(self, at: int, part: bool) -> None:
        if remote := self._pick_remote(at, "processing", by_phone=True):
            lines = {remote.products[0].productcode: 1} if part else None
            with suppress(AssertionError):
                self._control(remote.idorder, "ship", **({"lines": lines} if lines else {}))

    @rule(at=positions)
    def cancel_in_picqer(self, at: int) -> None:
        if remote := self._pick_remote(at, "processing", "concept", by_phone=True):
            with suppress(AssertionError):
                self._control(remote.idorder, "cancel")

    @rule(at=positions)
    def process_in_picqer(self, at: int) -> None:
        if remote := self._pick_remote(at, "concept"):
            self._process(remote.idorder)

    @rule(at=positions)
    def reopen_in_picqer(self, at: int) -> None:
        if remote := self._pick_remote(at, "processing"):
            with suppress(AssertionError):
                self.shop.picqer_api("POST", f"/orders/{remote.idorder}/reopen")

    @rule(at=positions, amount=amounts)
    def lower_in_picqer(self, at: int, amount: int) -> None:
        """Lower a line of a concept; no webhook tells of that."""
        remote = self._pick_remote(at, "concept")
        # Before the plugin knows that an order was reopened, its goods count as reserved.
        if remote and not self._rows(remote.idorder).filter(stage="processed").exists():
            line = remote.products[at % len(remote.products)]
            if amount < line.amount:
                path = f"/orders/{remote.idorder}/products/{line.idorder_product}"
                self.shop.picqer_api("PUT", path, amount=amount)

    @rule(sku=st.sampled_from(SKUS), amount=amounts)
    def sell_by_phone(self, sku: str, amount: int) -> None:
        """Enter and process an order that is not the shop's, and tell of the stock at once.

        The shop cannot know of a lower stock before.
        """
        self._process(self.shop.enter_in_picqer(BY_PHONE, **{sku: amount}))
        with commit_hooks():
            self._read_all()

    @rule(at=positions)
    def delete_backorder(self, at: int) -> None:
        """Cancel what an order waits for, and read the order.

        Before an event of the order comes, the shop cannot know of it.
        """
        found = [*self.account.state.backorders.values()]
        if found:
            backorder = found[at % len(found)]
            self.shop.picqer_api("DELETE", f"/backorders/{backorder.idbackorder}")
            with commit_hooks():
                for row in self._rows(backorder.idorder):
                    follow.pull(self._context(), OrderEvent(backorder.idorder, row.reference))

    # --- webhooks and workers

    @precondition(lambda self: self.shop.webhooks.pending)
    @rule(at=positions, fate=st.sampled_from(["once", "once", "once", "twice", "lost"]))
    def deliver(self, at: int, fate: str) -> None:
        """Deliver any of the waiting webhooks, once or twice, or never."""
        pending = self.shop.webhooks.pending
        delivery = pending[at % len(pending)]
        del pending[at % len(pending)]
        self._lost = self._lost or fate == "lost"
        for _ in range({"once": 1, "twice": 2, "lost": 0}[fate]):
            post(delivery)

    @precondition(lambda self: self.worker.queue or self.worker.later)
    @rule(at=positions, inside=st.sampled_from(["", "", "deliver", "read", "cancel", "write"]))
    def work(self, at: int, inside: str) -> None:
        """Run any of the waiting tasks; within a push, other things happen."""
        self.worker.queue.extend(self.worker.later)
        self.worker.later.clear()
        self.worker.queue.rotate(-(at % len(self.worker.queue)))
        self._inside = {
            "deliver": self._deliver_all,
            "read": self._read_all,
            "cancel": lambda: self.cancel_in_saleor(at, True),
            "write": lambda: self.write(at),
        }.get(inside)
        self.worker.run(only=1)
        self._inside = None

    @rule(at=positions, action=st.sampled_from(["process", "allocate"]))
    def lose_an_answer(self, at: int, action: str) -> None:
        """Let Picqer execute the next request of a kind, and lose the answer."""
        self.shop.fail_next("POST", f"/orders/{{idorder}}/{action}", "drop-after", times=4)

    @rule()
    def sweep(self) -> None:
        wait()
        with commit_hooks():
            tasks.sweep()

    @rule(skus=st.sets(st.sampled_from(SKUS), min_size=1))
    def read(self, skus: set[str]) -> None:
        """Read products, and keep the answer for a later step."""
        context = self._context()
        ids = [p.idproduct for p in self.account.state.products.values() if p.productcode in skus]
        read_at = context.readings.clock()
        self._readings.append(HeldReading(read_at, context.picqer.stock.of_products(ids)))

    @precondition(lambda self: self._readings)
    @rule(at=positions)
    def write(self, at: int) -> None:
        """Write any of the readings whose answers have come."""
        if self._readings:
            held = self._readings.pop(at % len(self._readings))
            with commit_hooks():
                stock.record_products(self._context(), held.products, held.read_at)

    @rule()
    def pull(self) -> None:
        """Start a pull of the stock; each part of it is a task for a later step."""
        with commit_hooks():
            run, is_new = runs.queue(self.shop.shop.channel_pk, Kind.STOCK)
            if is_new:
                tasks.carry_on_run.apply_async((run.pk,))

    @precondition(lambda self: any(map(_is_run, [*self.worker.queue, *self.worker.later])))
    @rule(dies=st.sampled_from(["before", "after"]))
    def kill(self, dies: str) -> None:
        """Kill the worker of a run, before or after a part is saved; others go on later."""
        waiting = sorted(
            [*self.worker.queue, *self.worker.later], key=lambda each: not _is_run(each)
        )
        self.worker.later.clear()
        self.worker.queue.clear()
        self.worker.queue.extend(waiting)
        self._dies = dies
        with suppress(WorkerKilled):
            self.worker.run(only=1)
        self._dies = ""
        # The next sweep comes when the killed worker's time is over.
        SyncRun.objects.exclude(held_until=None).update(held_until=timezone.now(), enqueued_at=None)

    # --- the rule

    @invariant()
    def never_more_than_picqer_has(self) -> None:
        for balance in balances(self.account.state):
            assert balance.offered <= balance.allowed, str(balance)

    def quiet(self) -> None:
        """Let all work end, and check that the shop offers the whole rest."""
        self.shop.control("DELETE", "/faults")
        cache.clear()
        while self._readings:
            self.write(0)
        for _ in range(3):
            self.shop.run_until_idle()
            self.worker.run_later()
            self.shop.pass_time()
            if self._lost:
                self._reconcile()
        for balance in balances(self.account.state):
            assert balance.offered == balance.allowed, str(balance)

    def _reconcile(self) -> None:
        """Read what webhooks did not tell of."""
        with commit_hooks():
            context = self._context()
            for row in OutboxOrder.objects.exclude(remote_id=None):
                with suppress(Exception):
                    follow.pull(context, OrderEvent(row.remote_id or 0, row.reference))
            self._read_all()

    # --- inner workings

    def _place(self, wanted: dict[str, int], *, paid: bool) -> str | None:
        with transaction.atomic():
            (pk,) = copy_order(self._templates[0 if paid else 1], 1, paid=paid)
            for line in OrderLine.objects.filter(order=pk):
                if line.product_sku in wanted:
                    OrderLine.objects.filter(pk=line.pk).update(quantity=wanted[line.product_sku])
                else:
                    line.delete()
            if allocating.allocate(pk):
                return pk
            transaction.set_rollback(True)
        return None

    def _pick(self, at: int) -> str | None:
        pks = list(Order.objects.exclude(pk__in=self._templates).order_by("pk"))
        return str(pks[at % len(pks)].pk) if pks else None

    def _pick_remote(self, at: int, *statuses: str, by_phone: bool = False) -> Any:
        found = [
            each
            for each in self.account.state.orders.values()
            if each.status in statuses and (by_phone or each.reference != BY_PHONE)
        ]
        return found[at % len(found)] if found else None

    def _rows(self, idorder: int) -> Any:
        return OutboxOrder.objects.filter(remote_id=idorder)

    def _process(self, idorder: int) -> None:
        # Picqer executes a request whose answer is lost.
        with suppress(requests.ConnectionError):
            self.shop.picqer_api("POST", f"/orders/{idorder}/process")

    def _control(self, idorder: int, action: str, **body: Any) -> None:
        self.shop.control("POST", f"/orders/{idorder}/{action}", **body)

    def _changed(self, pk: str, told: bool) -> None:
        if told:
            with commit_hooks():
                manager_of().order_updated(Order.objects.get(pk=pk))

    def _context(self) -> Any:
        return wiring.context_for_channel(self.shop.shop.channel_pk, Priority.STOCK)

    def _deliver_all(self) -> None:
        self.shop.webhooks.deliver()

    def _read_all(self) -> None:
        context = self._context()
        stock.read_products(context, [*self.account.state.products])

    def _interrupted(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the request to Picqer with another step between answer and saving."""

        def run(gateway: Orders, *args: Any) -> Any:
            answer = method(gateway, *args)
            inside, self._inside = self._inside, None
            if inside:
                inside()
            return answer

        return run

    def _killed(self, save: Callable[..., None]) -> Callable[..., None]:
        """Return the saving of a run with the death of the worker before or after it."""

        def run(held: HeldRun, *args: Any) -> None:
            dies, self._dies = self._dies, ""
            if dies == "before":
                raise WorkerKilled
            save(held, *args)
            if dies == "after":
                raise WorkerKilled

        return run


def _is_run(message: Message) -> bool:
    return message.task.endswith(".carry_on_run")


def set_up_account(shop: ConnectedShop, *, allocates_all: bool) -> None:
    """Let the account answer any number of requests, and allocate goods in part or not."""
    account = shop.server.account
    account.options = with_changes(
        account.options, {"rate_limit": 10**9, "allocate_beyond_stock": allocates_all}
    )
