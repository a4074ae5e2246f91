"""The running account: state, options, clock, lock and events.

Every operation in `rules` is a function that takes the `Account` first and is called through
`Account.run`. The events of an operation are published, and sent to the hooks, only after the
operation has succeeded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate

from picqer_simulator.core.clock import Clock
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.events import Delivery, Event
from picqer_simulator.core.models import Wire
from picqer_simulator.core.options import Options, with_changes
from picqer_simulator.core.state import State

EVENTS_KEPT = 10_000


@dataclass(frozen=True)
class Rules:
    """The functions of `rules` that the account itself calls.

    The account receives the functions as arguments because `core` imports nothing of `rules`.
    """

    # Return the state of an account that was opened at the given time.
    initial_state: Callable[[str], State]
    # Do the work that is due by the clock.
    run_due: Callable[[Account], None]
    # Emit the events of all stock that the running operation has changed.
    emit_stock_events: Callable[[Account], None]
    # Return the webhooks to send for an event.
    deliveries: Callable[[Account, Event], list[Delivery]]


class Account:
    """A Picqer account in memory, without HTTP. Build one with `new_account`."""

    def __init__(
        self, rules: Rules, options: Options | None = None, state: State | None = None
    ) -> None:
        self.options = options or Options()
        self.clock = Clock(self.options.time_zone)
        self.lock = threading.RLock()
        # The latest published events, oldest first.
        self.events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        # Receives each webhook when its event is published, and must not block. Without a
        # receiver, no webhook is sent.
        self.on_delivery: Callable[[Delivery], None] | None = None
        self.state = State()
        # Normalised product code -> idproduct.
        self.productcodes: dict[str, int] = {}
        # (idproduct, idwarehouse) -> stock and free stock before the running operation.
        self.stock_before: dict[tuple[int, int], tuple[int, int]] = {}
        self._rules = rules
        self._emitted: list[Event] = []
        self.restore(state)

    def restore(self, state: State | None = None) -> None:
        """Replace the account's state by `state`, or by that of an empty account."""
        with self.lock:
            self.state = state or self._rules.initial_state(self.clock.stamp())
            self.events.clear()
            self.discard_events()
            self._index_products()

    def run[**P, T](
        self, operation: Callable[Concatenate[Account, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an operation under the lock, after the work that is due by the clock."""
        with self.lock:
            self.run_due()
            return self._commit(lambda: operation(self, *args, **kwargs))

    def run_due(self) -> None:
        """Do the work that is due by the clock: late picklists, ends of snoozes."""
        with self.lock:
            self._commit(lambda: self._rules.run_due(self))

    def set_options(self, **changes: Any) -> None:
        """Change options of the running account; raise UnknownOptionError for a wrong one."""
        with self.lock:
            self.options = with_changes(self.options, changes)
            self.clock.time_zone = self.options.time_zone
            self._index_products()

    def emit(self, name: str, data: Wire) -> None:
        """Record an event. `data` is a snapshot that must not be changed afterwards."""
        self._emitted.append(Event(name, self.clock.stamp(), data))

    def discard_events(self) -> None:
        """Drop all events of the running operation."""
        self._emitted.clear()
        self.stock_before.clear()

    def find[R](self, records: dict[int, R], record_id: int) -> R:
        """Return the record with the given id; raise ApiError 20 for an unknown id."""
        try:
            return records[record_id]
        except KeyError:
            raise ApiError(NOT_FOUND) from None

    def productcode_key(self, productcode: str) -> str:
        """Normalise a product code for comparison with other product codes."""
        return productcode if self.options.productcode_case_sensitive else productcode.casefold()

    def _commit[T](self, operation: Callable[[], T]) -> T:
        """Run the operation and publish its events; publish nothing if it raises."""
        try:
            result = operation()
            self._rules.emit_stock_events(self)
            self._publish()
        finally:
            self.discard_events()
        return result

    def _index_products(self) -> None:
        """Rebuild the index of product codes."""
        self.productcodes = {
            self.productcode_key(product.productcode): product.idproduct
            for product in self.state.products.values()
        }

    def _publish(self) -> None:
        """Move the emitted events to `events` and hand the webhooks to `on_delivery`."""
        self.events.extend(self._emitted)
        if self.on_delivery is None:
            return
        for event in self._emitted:
            for delivery in self._rules.deliveries(self, event):
                self.on_delivery(delivery)
