"""An outbox under test, with a clock and direct access to its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final, Protocol

from saleor_picqer.domain.outbox import (
    Entry,
    Stage,
)
from saleor_picqer.sync.ports import Outbox
from tests.unit.sync.fakes.clock import Clock

MOMENT: Final = timedelta(seconds=1)
ACCOUNT: Final = "example.picqer.test"
CHANNEL: Final = "default"


class FullOutbox(Outbox, Protocol):
    """The port of the use cases, and what hooks and staff call."""

    def record(
        self,
        order_pks: Iterable[str],
        channel: str,
        *,
        stage: Stage = Stage.PENDING,
        enqueued: bool = False,
    ) -> None: ...

    def touch(self, order_pks: Collection[str], *, enqueued: bool = False) -> int: ...

    def to_enqueue(self, channels: Collection[str], limit: int) -> list[str]: ...

    def changed_meanwhile(self, order_pk: str) -> bool: ...

    def push(self, order_pks: Collection[str], channel: str) -> None: ...

    def due(self, channels: Collection[str], limit: int) -> list[str]: ...


class OutboxUnderTest(ABC):
    """An outbox with a clock moved by tests only."""

    def __init__(self, outbox: FullOutbox, clock: Clock) -> None:
        self.outbox = outbox
        self.clock = clock

    @abstractmethod
    def row(self, pk: str = "1") -> Any:
        """Return the row with all its columns."""

    @abstractmethod
    def edit(self, pk: str, **columns: Any) -> None:
        """Change columns of a row, whatever its state."""

    @abstractmethod
    def retry(self, *pks: str) -> int:
        """Have failed orders tried again."""

    @abstractmethod
    def skip(self, *pks: str) -> int:
        """Have orders skipped."""

    def add(self, pk: str = "1", channel: str = CHANNEL, **columns: Any) -> None:
        """Record an order, and set columns of its row."""
        self.outbox.record([pk], channel)
        if columns:
            self.edit(pk, **columns)

    def add_remote(self, pk: str = "1", stage: Stage = Stage.PROCESSED, **columns: Any) -> None:
        """Record an order in Picqer without changes."""
        sent: dict[str, Any] = {"account": ACCOUNT, "reference": pk, "remote_id": 1000 + int(pk)}
        self.add(pk, **sent | {"stage": stage, "dirty": False} | columns)

    def claim(self, pk: str = "1") -> Entry:
        """Claim an order that is due."""
        entry = self.outbox.claim(pk)
        assert entry is not None
        return entry

    def due(self, limit: int = 100) -> list[str]:
        """Return the orders of the default channel that are due."""
        return self.outbox.due([CHANNEL], limit)
