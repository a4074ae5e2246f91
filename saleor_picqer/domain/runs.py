"""Runs compare a whole shop with Picqer: kinds, phases, progress and limits."""

from __future__ import annotations

import enum
import math
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.stock import StockLevel

# Products of a page of Picqer's lists.
PAGE_SIZE: Final = 100
# As many SKUs may fall to zero in one pull without a confirmation, or a tenth of the SKUs on offer.
ALWAYS_ALLOWED: Final = 3
_ALLOWED_SHARE: Final = 10


class Kind(enum.StrEnum):
    """What a run brings in step."""

    FULL = "full"  # products and stock
    PRODUCTS = "products"  # Saleor's products, in Picqer
    STOCK = "stock"  # Picqer's warehouses and stock, in Saleor

    @property
    def pushes_products(self) -> bool:
        return self is not Kind.STOCK

    @property
    def pulls_stock(self) -> bool:
        return self is not Kind.PRODUCTS

    def covers(self, kind: Kind) -> bool:
        """Return whether a run of this kind does all that a run of the other does."""
        return self in (Kind.FULL, kind)


@dataclass(frozen=True, slots=True)
class Task:
    """What a run was asked to do."""

    kind: Kind
    # Only tell what would change.
    dry_run: bool = False
    # Let any number of SKUs be sold out.
    confirm_zero: bool = False

    def covers(self, other: Task) -> bool:
        """Return whether a run with this task does all that the other task asks for."""
        return (
            self.dry_run == other.dry_run
            and self.kind.covers(other.kind)
            and (self.confirm_zero or not other.confirm_zero)
        )


class Phase(enum.StrEnum):
    """Part of a run; the parts follow each other in this order."""

    START = "start"
    WAREHOUSES = "warehouses"
    # Picqer's products are read, the active ones first, and their stock is written page by page.
    ACTIVE_PRODUCTS = "active products"
    INACTIVE_PRODUCTS = "inactive products"
    # SKUs on offer that no page had are looked up one by one.
    ABSENT = "absent"
    # Stock that is withheld so far is set to zero, unless it is too much.
    SOLD_OUT = "sold out"
    # The channel's warehouses that are not Picqer's sell no more.
    OTHER_WAREHOUSES = "other warehouses"
    # Saleor's products are compared with Picqer's, and differences sent.
    PUSH = "push"
    DONE = "done"


_ORDER: Final = tuple(Phase)
_PULL_ONLY: Final = frozenset(
    {Phase.WAREHOUSES, Phase.ABSENT, Phase.SOLD_OUT, Phase.OTHER_WAREHOUSES}
)


def next_phase(kind: Kind, phase: Phase, *, dry_run: bool = False) -> Phase:
    """Return the phase that follows in a run of the kind.

    A dry run always compares products, to count the known ones.
    """
    for following in _ORDER[_ORDER.index(phase) + 1 :]:
        if following in _PULL_ONLY and not kind.pulls_stock:
            continue
        if following is Phase.PUSH and not (kind.pushes_products or dry_run):
            continue
        return following
    return Phase.DONE


@dataclass(frozen=True, slots=True)
class Position:
    """Where a run goes on."""

    phase: Phase = Phase.START
    # Rows of the present list that have been read.
    offset: int = 0
    # Primary key of the last variant that was handled.
    after: str = ""
    # Ids of the first and the last product of the page before.
    page: tuple[int, int] | None = None
    # When the run began to read stock, by the database's clock.
    since: datetime | None = None
    # Picqer's id of each mirrored warehouse that sells, and pk of the mirror.
    mirrors: tuple[tuple[int, str], ...] = ()

    def enter(self, phase: Phase) -> Position:
        """Return the beginning of a phase."""
        return Position(phase, since=self.since, mirrors=self.mirrors)


@dataclass(frozen=True, slots=True)
class SoldOut:
    """A SKU on offer in the shop without stock in Picqer, as read at a moment.

    The levels are those of the product, which may have another code than the SKU by now. Without
    levels, Picqer does not have the product.
    """

    sku: str
    read_at: datetime
    levels: tuple[StockLevel, ...] = ()


def needs_confirmation(sold_out: int, on_offer: int, read: int) -> bool:
    """Return whether staff must confirm the fall of many SKUs to zero.

    `on_offer` is the number of SKUs on offer at the beginning of the run, `read` the number of
    products in Picqer's lists.
    """
    return sold_out > 0 if not read else are_many(sold_out, on_offer)


def are_many(skus: int, on_offer: int) -> bool:
    """Return whether so many of the SKUs on offer do not fall to zero unnoticed."""
    return skus > max(ALWAYS_ALLOWED, on_offer // _ALLOWED_SHARE)


def sells_out(sold_out: int, on_offer: int, read: int) -> bool:
    """Return whether staff must confirm that stock from elsewhere than Picqer is sold no more.

    `sold_out` is the number of SKUs that are then sold out, of `on_offer`. Unlike in
    `needs_confirmation`, the stock has no history in Picqer: even a few SKUs, if they are all that
    the shop sells, are more likely not booked in yet.
    """
    return sold_out > 0 and (sold_out >= on_offer or needs_confirmation(sold_out, on_offer, read))


def is_sold_out(product: RemoteProduct, warehouses: Container[int]) -> bool:
    """Return whether Picqer has no stock of the product in any of the warehouses."""
    free = [level.free for level in product.levels if level.warehouse_id in warehouses]
    return not product.unlimited and bool(free) and max(free) <= 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, in numbers; `limit` is Picqer's limit of requests a minute."""

    kind: Kind
    phase: Phase
    total: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    requests: int = 0
    limit: int = 500

    @property
    def compared(self) -> int:
        """Number of the shop's products compared with Picqer's."""
        return self.created + self.updated + self.unchanged + self.failed

    @property
    def done(self) -> int:
        """Number of products done, out of `total`: compared, or read in a run of stock only."""
        if self.kind.pushes_products:
            return self.compared
        is_read = _ORDER.index(self.phase) > _ORDER.index(Phase.INACTIVE_PRODUCTS)
        return self.total if is_read else min(self.read, self.total)

    @property
    def seconds_left(self) -> int:
        """Estimate of the time for the remaining requests, at Picqer's limit."""
        return math.ceil(60 * self._requests_left / max(1, self.limit))

    @property
    def _requests_left(self) -> int:
        if self.phase is Phase.DONE:
            return 0
        left = self._writes_left if self.kind.pushes_products else 0
        if _ORDER.index(self.phase) <= _ORDER.index(Phase.INACTIVE_PRODUCTS):
            left += math.ceil(max(0, self.total - self.read) / PAGE_SIZE) + 2
        return left

    @property
    def _writes_left(self) -> int:
        remaining = self.total - self.compared
        if self.compared:
            return round(remaining * (self.created + self.updated) / self.compared)
        # Until products are compared, Picqer seems to lack those that its lists did not have.
        return max(0, self.total - self.read) if self.read else 0


def stock_warning(total: int, with_stock: int, channel: str) -> str:
    """Return a warning before a first pull; blank when most products have stock."""
    if 2 * with_stock >= total:
        return ""
    lacking = f"{total - with_stock} products" if with_stock else "the shop"
    return (
        f"Picqer has stock for {with_stock} of {total} products: {lacking} will be sold out in"
        f" {channel}."
    )


def latest_occurrence(at: time, now: datetime) -> datetime:
    """Return the latest occurrence of a time of day, in UTC, up to now."""
    today = datetime.combine(now.astimezone(UTC), at, UTC)
    return today if today <= now else today - timedelta(days=1)
