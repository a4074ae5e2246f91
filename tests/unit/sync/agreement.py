"""What has to be true at any moment of a story, and at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from saleor_picqer.domain.order_state_machine import is_paid
from saleor_picqer.domain.orders import Order, OrderPolicy, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, SKIPPED_BY_STAFF, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.outbox import Row
from tests.unit.sync.fakes.shop import OPEN
from tests.unit.sync.world import World

STAGES: Final = {
    RemoteStatus.CONCEPT: {Stage.CREATED, Stage.ALLOCATED},
    RemoteStatus.PROCESSING: {Stage.PROCESSED},
    RemoteStatus.PAUSED: {Stage.PROCESSED},
    RemoteStatus.COMPLETED: {Stage.COMPLETED},
    RemoteStatus.CANCELLED: {Stage.CANCELLED, Stage.SKIPPED},
}
"""Status in Picqer -> stages that say the same."""


@dataclass
class Agreement:
    """Between the shop and Picqer.

    `typed` are ids of the orders that somebody typed in there, `edited` pks of those whose lines
    staff changed when they were in Picqer, or about to be.
    """

    world: World
    policy: OrderPolicy
    typed: set[int] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)

    def check_always(self) -> None:
        for remote in self.world.account.orders.values():
            assert remote.lines, "an order is empty"
        for order in self.world.shop.placed.values():
            assert len(self.live(order)) <= 1, "an order is there twice"

    def check(self) -> None:
        for pk in self.world.shop.placed:
            self._check(self.world.order(pk), self.world.row(pk))

    def _check(self, order: Order, row: Row) -> None:
        assert not row.lease
        assert not row.dirty
        assert row.stage not in OPEN_STAGES or row.waiting_for, "it waits for nothing"
        assert self.world.shop.remembered[order.pk].get("attention", "") == row.attention
        self._check_presence(order, row)
        if row.remote_id is not None:
            remote = self.world.account.orders[row.remote_id]
            assert row.stage in {*STAGES[remote.status], Stage.FAILED}, "the stages differ"
            assert row.remote_status == remote.status
            assert self.world.shop.remembered[order.pk]["status"] == remote.status
            self._check_end(order, row, remote)
            self._check_goods(order, row, remote)

    def _check_presence(self, order: Order, row: Row) -> None:
        live = [one.id for one in self.live(order)]
        skipped = row.waiting_for == SKIPPED_BY_STAFF
        if skipped or order.state is OrderState.CANCELLED:
            ours = [one for one in live if one not in self.typed or one == row.remote_id]
            assert not ours or row.attention, "still there"
        elif row.stage in (Stage.CANCELLED, Stage.FAILED):
            assert row.attention, "nobody is told"
        elif self._is_due(order, row):
            assert live == [row.remote_id], "lost"

    def _check_end(self, order: Order, row: Row, remote: StoredOrder) -> None:
        if remote.status is RemoteStatus.COMPLETED:
            assert order.state is OrderState.CLOSED or row.attention
        if remote.status is RemoteStatus.CANCELLED:
            dealt_with = order.state is OrderState.CANCELLED or row.stage is Stage.SKIPPED
            assert dealt_with or row.attention
        if remote.status is RemoteStatus.CONCEPT and not row.attention:
            assert remote.allocated
            assert not is_paid(order, self.policy)

    def _check_goods(self, order: Order, row: Row, remote: StoredOrder) -> None:
        ended = order.state is OrderState.CLOSED or remote.status is RemoteStatus.COMPLETED
        too_late = order.pk in self.edited and ended
        left_alone = row.stage is Stage.SKIPPED or order.state is OrderState.CANCELLED
        if row.attention or too_late or left_alone:
            return
        shipped = self._shipped(order)
        assert Counter({ln.sku: ln.fulfilled for ln in order.lines}) == shipped
        if remote.status is not RemoteStatus.CANCELLED and remote.id not in self.typed:
            still = Counter({ln.productcode: ln.amount - ln.shipped for ln in remote.lines})
            assert Counter({ln.sku: ln.quantity for ln in order.lines}) == shipped + still
        if remote.id not in self.typed:
            assert order.shipping
            assert remote.header["deliverycity"] == order.shipping.city or order.state not in OPEN

    def _is_due(self, order: Order, row: Row) -> bool:
        return (
            row.requested
            or {
                "placed": True,
                "confirmed": order.state is not OrderState.UNCONFIRMED,
                "paid": is_paid(order, self.policy),
            }[self.policy.push]
        )

    def _shipped(self, order: Order) -> Counter[str]:
        """Cancelled orders count: they may have been sent in part before."""
        shipped: Counter[str] = Counter()
        for remote in self.remote(order):
            shipped += Counter({ln.productcode: ln.shipped for ln in remote.lines})
        return shipped

    def remote(self, order: Order) -> list[StoredOrder]:
        found = self.world.account.orders.values()
        return [remote for remote in found if remote.reference == order.number]

    def live(self, order: Order) -> list[StoredOrder]:
        return self.world.live(order.number)
