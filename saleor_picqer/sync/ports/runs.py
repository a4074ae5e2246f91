"""A run in the hands of a worker, and the products read from Picqer so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import Kind, Position, SoldOut


class ReadProducts(Protocol):
    """Products read from Picqer's lists, kept with the next save of the run."""

    def keep(self, products: Sequence[RemoteProduct]) -> None:
        """Keep products, each SKU once."""

    def get(self, skus: Collection[str]) -> dict[str, RemoteProduct]:
        """Return the kept products by SKU, as the SKU is given."""

    def withhold(self, sold_out: Sequence[SoldOut]) -> None:
        """Keep SKUs due to fall to zero, at most once each."""

    def withheld(self, skus: Collection[str]) -> Set[str]:
        """Return which of the SKUs are withheld, as the SKUs are given."""

    def sold_out(self, after: str, limit: int) -> Mapping[str, SoldOut]:
        """Return the next withheld SKUs by an ascending key, beginning after the given key."""

    def count_sold_out(self) -> int:
        """Return the number of withheld SKUs."""


class Run(Protocol):
    """A run in the hands of one worker."""

    @property
    def kind(self) -> Kind: ...

    @property
    def dry_run(self) -> bool:
        """Whether the run only tells what would change."""

    @property
    def zero_is_confirmed(self) -> bool:
        """Whether staff have confirmed any number of SKUs at zero."""

    @property
    def account(self) -> str:
        """The Picqer account of the run; empty before the start."""

    @property
    def position(self) -> Position:
        """Where the run goes on."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """The counted numbers so far."""

    @property
    def products(self) -> ReadProducts: ...

    def moment(self, clock: Callable[[], datetime]) -> datetime:
        """Return the time of the clock, at most some seconds old."""

    def time_is_up(self) -> bool:
        """Tell whether the rest of the run is left to another task."""

    def start(self, account: str, total: int) -> None:
        """Begin from the start, with the number of products to compare."""

    def save(self, position: Position) -> None:
        """Save the position, the counts and what was kept, all at once, and renew the hold."""

    def count(self, name: str, amount: int = 1) -> None:
        """Add to a number, such as `created`, `failed` or `stock_changed`."""

    def problem(self, cause: str, sku: str = "") -> None:
        """Add a problem for staff. Problems with the same cause are one."""

    def report(self, topic: str, entry: Mapping[str, object]) -> None:
        """Add to a list of a dry run, which has a limit: `create`, `update` or `stock`."""

    def undone(self) -> AbstractContextManager[None]:
        """Open a transaction with a rollback at the end: for dry runs."""
