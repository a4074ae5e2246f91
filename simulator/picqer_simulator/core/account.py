"""Owns the running account: its state, its options, its lock, and the order of its events.

Every operation of the topic modules takes the `Simulator` first and is run by
`Simulator.run`, which holds the lock; what an operation emits becomes visible, and goes to the
hooks, only when the operation has succeeded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Concatenate

from picqer_simulator.core.clock import Clock
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.events import Delivery, Event
from picqer_simulator.core.models import Wire
from picqer_simulator.core.options import Options, with_changes
from picqer_simulator.core.state import State
from picqer_simulator.rules import background, hooks, reference
from picqer_simulator.rules.stock_events import StockWatch

EVENTS_KEPT = 10_000


class Account:
    """One Picqer account in memory, without HTTP.

    `events` are the latest events in order. `post` receives each webhook delivery as soon as it
    is due and must not block; without it nothing is delivered.
    """

    def __init__(self, options: Options | None = None, state: State | None = None) -> None:
        self.options = options or Options()
        self.clock = Clock(self.options.time_zone)
        self.lock = threading.RLock()
        self.events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self.on_delivery: Callable[[Delivery], None] | None = None
        self.watch = StockWatch()
        self.state = State()
        self.productcodes: dict[str, int] = {}
        self._emitted: list[Event] = []
        self.restore(state)

    def restore(self, state: State | None = None) -> None:
        """Go on with `state`, or with the account as Picqer hands it out: empty."""
        with self.lock:
            self.state = state or reference.initial_state(self.clock.stamp())
            self.events.clear()
            self.discard_events()
            self._index_products()

    def run[**P, T](
        self, operation: Callable[Concatenate[Account, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do one operation under the lock, after whatever else has become due."""
        with self.lock:
            self.run_due()
            return self._commit(lambda: operation(self, *args, **kwargs))

    def run_due(self) -> None:
        """Do what has become due by time alone: late picklists, snoozes that end."""
        with self.lock:
            self._commit(lambda: background.run_due(self))

    def set_options(self, **changes: Any) -> None:
        """Turn options while running; UnknownOptionError when one cannot be turned so."""
        with self.lock:
            self.options = with_changes(self.options, changes)
            self.clock.time_zone = self.options.time_zone
            self._index_products()

    def emit(self, name: str, data: Wire) -> None:
        """Note that something happened; `data` is a snapshot nobody changes any more."""
        self._emitted.append(Event(name, self.clock.stamp(), data))

    def discard_events(self) -> None:
        """Let what the running operation did so far go unnoticed."""
        self._emitted.clear()
        self.watch.forget()

    def find[R](self, records: dict[int, R], record_id: int) -> R:
        """The record, or ApiError 20."""
        try:
            return records[record_id]
        except KeyError:
            raise ApiError(NOT_FOUND) from None

    def productcode_key(self, productcode: str) -> str:
        """What makes two product codes the same."""
        return productcode if self.options.productcode_case_sensitive else productcode.casefold()

    def _commit[T](self, operation: Callable[[], T]) -> T:
        """Publish what the operation emits, unless it is refused."""
        try:
            result = operation()
            self.watch.report(self)
            self._publish()
        finally:
            self.discard_events()
        return result

    def _index_products(self) -> None:
        self.productcodes = {
            self.productcode_key(product.productcode): product.idproduct
            for product in self.state.products.values()
        }

    def _publish(self) -> None:
        self.events.extend(self._emitted)
        if self.on_delivery is None:
            return
        for event in self._emitted:
            for delivery in hooks.deliveries(self, event):
                self.on_delivery(delivery)
