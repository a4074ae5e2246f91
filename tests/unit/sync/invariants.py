"""What must hold at every moment of a random run, and once no work is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from saleor_picqer.domain.order_state_machine import missing_step
from saleor_picqer.domain.orders import Order, OrderPolicy, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, SKIPPED_BY_STAFF, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.outbox import Row
from tests.unit.sync.fakes.shop import OPEN
from tests.unit.sync.scenario import Scenario

# Status in Picqer -> the stages that agree with it.
STAGES: Final = {
    RemoteStatus.CONCEPT: {Stage.CREATED, Stage.ALLOCATED},
    RemoteStatus.PROCESSING: {Stage.PROCESSED},
    RemoteStatus.PAUSED: {Stage.PROCESSED},
    RemoteStatus.COMPLETED: {Stage.COMPLETED},
    RemoteStatus.CANCELLED: {Stage.CANCELLED, Stage.SKIPPED},
}


@dataclass
class Invariants:
    """Agreement between the shop and Picqer."""

    scenario: Scenario
    policy: OrderPolicy
    # Ids of orders that were entered in Picqer by hand.
    manual: set[int] = field(default_factory=set)
    # Pks of orders whose lines were changed when the order was, or was about to be, in Picqer.
    edited: set[str] = field(default_factory=set)

    def check_always(self) -> None:
        for remote in self.scenario.account.orders.values():
            assert remote.lines, "an order is empty"
        for order in self.scenario.shop.placed.values():
            assert len(self.live(order)) <= 1, "an order is in Picqer twice"

    def check_when_idle(self) -> None:
        for pk in self.scenario.shop.placed:
            self._check(self.scenario.order(pk), self.scenario.row(pk))

    def _check(self, order: Order, row: Row) -> None:
        assert not row.lease
        assert not row.dirty
        assert row.stage not in OPEN_STAGES or row.waiting_for, "an order waits for no reason"
        assert self.scenario.shop.metadata[order.pk].get("attention", "") == row.attention
        self._check_presence(order, row)
        if row.remote_id is not None:
            remote = self.scenario.account.orders[row.remote_id]
            assert row.stage in {*STAGES[remote.status], Stage.FAILED}, "the stages differ"
            assert row.remote_status == remote.status
            assert self.scenario.shop.metadata[order.pk]["status"] == remote.status
            self._check_end(order, row, remote)
            self._check_goods(order, row, remote)

    def _check_presence(self, order: Order, row: Row) -> None:
        live = [each.id for each in self.live(order)]
        skipped = row.waiting_for == SKIPPED_BY_STAFF
        if skipped or order.state is OrderState.CANCELLED:
            ours = [each for each in live if each not in self.manual or each == row.remote_id]
            assert not ours or row.attention, "a cancelled order is still in Picqer"
        elif row.stage in (Stage.CANCELLED, Stage.FAILED):
            assert row.attention, "staff are not told"
        elif self._is_due(order, row):
            assert live == [row.remote_id], "the order is lost"

    def _check_end(self, order: Order, row: Row, remote: StoredOrder) -> None:
        if remote.status is RemoteStatus.COMPLETED:
            assert order.state is OrderState.CLOSED or row.attention
        if remote.status is RemoteStatus.CANCELLED:
            dealt_with = order.state is OrderState.CANCELLED or row.stage is Stage.SKIPPED
            assert dealt_with or row.attention
        if remote.status is RemoteStatus.CONCEPT and not row.attention:
            assert remote.allocated
            assert missing_step(order, self.policy.process, self.policy)

    def _check_goods(self, order: Order, row: Row, remote: StoredOrder) -> None:
        ended = order.state is OrderState.CLOSED or remote.status is RemoteStatus.COMPLETED
        too_late = order.pk in self.edited and ended
        left_alone = row.stage is Stage.SKIPPED or order.state is OrderState.CANCELLED
        if row.attention or too_late or left_alone:
            return
        shipped = self._shipped(order)
        assert Counter({ln.sku: ln.fulfilled for ln in order.lines}) == shipped
        if remote.status is not RemoteStatus.CANCELLED and remote.id not in self.manual:
            still = Counter({ln.productcode: ln.amount - ln.shipped for ln in remote.lines})
            assert Counter({ln.sku: ln.quantity for ln in order.lines}) == shipped + still
        if remote.id not in self.manual:
            assert order.shipping
            assert remote.header["deliverycity"] == order.shipping.city or order.state not in OPEN

    def _is_due(self, order: Order, row: Row) -> bool:
        return row.requested or missing_step(order, self.policy.push, self.policy) is None

    def _shipped(self, order: Order) -> Counter[str]:
        """Add up the shipped amounts of all orders in Picqer with the reference."""
        shipped: Counter[str] = Counter()
        for remote in self.remote(order):
            shipped += Counter({ln.productcode: ln.shipped for ln in remote.lines})
        return shipped

    def remote(self, order: Order) -> list[StoredOrder]:
        found = self.scenario.account.orders.values()
        return [remote for remote in found if remote.reference == order.number]

    def live(self, order: Order) -> list[StoredOrder]:
        return self.scenario.live(order.number)
