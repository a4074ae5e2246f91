"""Payments of a shop, and the captures that the plugin asks for, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from saleor_picqer.domain.payments import (
    ANSWER_TIME,
    LONGEST_PENDING,
    Asked,
    Capture,
    CaptureState,
)
from tests.unit.sync.fakes.clock import Clock


class FakePayments:
    """`sync.ports.shop.ShopPayments`: `answer` is what a capture gives, `later` its outcome."""

    def __init__(self) -> None:
        self.captured: list[str] = []
        self.answer = Capture(CaptureState.CAPTURED, "8.26 EUR")
        self.later = Capture(CaptureState.PENDING)

    def capture(self, order_pk: str) -> Capture:
        self.captured.append(order_pk)
        return self.answer

    def outcome(self, order_pk: str, since: datetime) -> Capture:
        return self.later


@dataclass
class Row:
    state: CaptureState = CaptureState.DUE
    asked_at: datetime | None = None
    look_at: datetime | None = None
    notice: str = ""


class MemoryCaptures:
    """`sync.ports.state.Captures`."""

    def __init__(self, clock: Clock) -> None:
        self.rows: dict[str, Row] = {}
        self._clock = clock

    def due(self) -> list[str]:
        now = self._clock.now
        return [pk for pk, row in self.rows.items() if row.look_at and row.look_at <= now]

    def require(self, order_pk: str) -> None:
        self.rows.setdefault(order_pk, Row(look_at=self._clock.now))

    def withdraw(self, order_pk: str) -> None:
        if self.rows[order_pk].state is CaptureState.DUE:
            del self.rows[order_pk]

    def claim(self, order_pk: str) -> bool:
        row = self.rows[order_pk]
        if row.state is not CaptureState.DUE:
            return False
        row.state, row.asked_at = CaptureState.ASKED, self._clock.now
        row.look_at = self._clock.now + ANSWER_TIME
        return True

    def unanswered(self, order_pk: str) -> Asked | None:
        row = self.rows.get(order_pk)
        if row is None or row.asked_at is None or order_pk not in self.due():
            return None
        if row.state not in (CaptureState.ASKED, CaptureState.PENDING):
            return None
        waits = self._clock.now - row.asked_at
        return Asked(row.asked_at, row.state is CaptureState.ASKED or waits > LONGEST_PENDING)

    def settle(self, order_pk: str, state: CaptureState, notice: str) -> None:
        row = self.rows[order_pk]
        row.state, row.notice = state, notice
        tells = notice or state is CaptureState.PENDING
        row.look_at = self._clock.now if tells else None

    def wait(self, order_pk: str) -> None:
        self.rows[order_pk].look_at = self._clock.now + timedelta(minutes=5)

    def untold(self, order_pk: str) -> tuple[CaptureState, str] | None:
        row = self.rows.get(order_pk)
        return (row.state, row.notice) if row and row.notice else None

    def mark_told(self, order_pk: str) -> None:
        row = self.rows[order_pk]
        row.notice, row.look_at = "", None
        if row.state is CaptureState.PENDING:
            self.wait(order_pk)
