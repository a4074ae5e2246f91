"""A shop, a Picqer account, and a real worker between the two."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from picqer_simulator.core.models import Order as RemoteOrder
from picqer_simulator.http.faults import Faults
from saleor.order.models import Order

from saleor_picqer import wiring
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from tests.integration.delivery.real_worker import NAME_IN_DATABASE, RealWorker
from tests.integration.support.connected_shop import ConnectedShop, plugin_of
from tests.integration.support.order_copies import copy_order

NOTE = "Ring twice"
# Seconds; the worker's own sweeper takes longer.
SWEEP_EVERY = 0.1


@dataclass
class RunningShop:
    """Joins shop, account and worker; all orders are copies of the order `original`."""

    connected_shop: ConnectedShop
    worker: RealWorker
    original: str

    # In the shop

    def new_order(self, sku: str | None = None) -> str:
        """Add an order of which no hook has run, and return the pk."""
        (pk,) = copy_order(self.original, 1, sku=sku)
        return pk

    def record(self, *pks: str) -> None:
        """Add the orders to the outbox without queueing tasks."""
        wiring.outbox.record(pks, self.connected_shop.shop.channel_pk)

    def place(self, *pks: str) -> None:
        """Call the plugin's hook for placed orders."""
        plugin = self._plugin()
        for order in Order.objects.filter(pk__in=pks):
            plugin.order_created(order, None)

    def annotate(self, pk: str) -> None:
        """Change the customer's note and call the plugin's hook."""
        Order.objects.filter(pk=pk).update(customer_note=NOTE)
        self._plugin().order_updated(Order.objects.get(pk=pk), None)

    def cancel(self, pk: str) -> None:
        Order.objects.filter(pk=pk).update(status="canceled")
        self._plugin().order_cancelled(Order.objects.get(pk=pk), None)

    def row(self, pk: str) -> OutboxOrder:
        return OutboxOrder.objects.get(order_pk=pk)

    def _plugin(self) -> Any:
        return plugin_of(self.connected_shop.shop.channel_slug)

    # In Picqer

    def in_picqer(self, pks: Collection[str]) -> dict[str, list[RemoteOrder]]:
        """Return Picqer's orders with the same references, by pk."""
        account = self.connected_shop.server.account
        by_reference = defaultdict(list)
        with account.lock:
            for remote in account.state.orders.values():
                by_reference[remote.reference].append(remote)
        return {pk: by_reference[number] for pk, number in host().orders.numbers(pks).items()}

    def one_in_picqer(self, pk: str) -> RemoteOrder:
        (found,) = self.in_picqer([pk])[pk]
        return found

    def break_call(self, call: str, fault: str, **details: Any) -> None:
        """Schedule a fault for a call such as "POST /orders"."""
        method, _, route = call.partition(" ")
        self._faults.add({"method": method, "route": route, "fault": fault, **details})

    def faults_to_come(self) -> list[tuple[str, str]]:
        """Return the scheduled faults as (call, fault) pairs."""
        pending = self._faults.pending()
        return [(f"{one['method']} {one['route']}", one["fault"]) for one in pending]

    def repair_calls(self) -> None:
        """Cancel all faults and release hanging requests."""
        self._faults.clear()
        self.worker.wait_until(lambda: not self._faults.under_way())

    def wait_for_fault(self, count: int = 1) -> None:
        """Wait until `count` requests hang or await a response."""
        self.wait_until(lambda: len(self._faults.under_way()) >= count)

    def wait_for_faults(self) -> None:
        """Wait until no scheduled fault is left."""
        self.wait_until(lambda: not self._faults.pending())

    @property
    def _faults(self) -> Faults:
        return self.connected_shop.server.runtime.faults

    # Between them

    def wait_until(self, check: Callable[[], Any], *, seconds: float = 15) -> None:
        """Sweep again and again until the condition holds."""
        swept = 0.0

        def swept_enough() -> bool:
            nonlocal swept
            if time.monotonic() - swept > SWEEP_EVERY:
                self.worker.sweep()
                swept = time.monotonic()
            return bool(check())

        self.worker.wait_until(swept_enough, seconds=seconds)

    def wait_for_stage(self, pk: str, stage: str) -> None:
        """Wait until the order is at the stage and no worker holds the lease."""
        self.wait_until(lambda: self._has_come_to(pk, stage))

    def _has_come_to(self, pk: str, stage: str) -> bool:
        row = self.row(pk)
        return row.stage == stage and not row.lease and not row.dirty

    def wait_until_released(self, pk: str) -> None:
        self.worker.wait_until(lambda: pk not in self.worker.processes().values())

    def end(self) -> None:
        """Switch the plugin off and wait until the worker is idle."""
        self.connected_shop.shop.configure_plugin(active=False)
        self.worker.wait_until(lambda: not any(self.worker.processes().values()))

    def end_leases(self) -> None:
        """Let all leases expire."""
        OutboxOrder.objects.exclude(leased_until=None).update(leased_until=timezone.now())

    def cut_database(self) -> None:
        """End the worker's connections to PostgreSQL."""
        with connection.cursor() as cursor:
            cursor.execute(_CUT, [NAME_IN_DATABASE])


_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
