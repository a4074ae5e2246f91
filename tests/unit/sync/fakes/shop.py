"""A shop in memory, with Saleor's rules about orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from saleor_picqer.domain.fulfilments import ForeignFulfilment
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.taken_back import EndedFulfilment
from saleor_picqer.errors import DataError
from saleor_picqer.sync.ports.shop import Recount
from tests.unit.domain.builders import variant
from tests.unit.sync.fakes.payments import FakePayments

OPEN: Final = frozenset({OrderState.UNCONFIRMED, OrderState.OPEN})
UNSHIPPED: Final = frozenset({OrderState.DRAFT, OrderState.CANCELLED})
SHOP_TOPICS: Final = frozenset(
    {"orders", "fulfilments", "payments", "catalogue", "stock", "offers", "channels"}
)


class FakeOffers:
    """`sync.ports.shop.ShopOffers` of a shop without offers."""

    def count(self, warehouses: Collection[str], besides: Collection[str] = ()) -> int:
        return 0

    def after(self, warehouses: Collection[str], variant_pk: str) -> list[tuple[str, str]]:
        return []

    def among(self, warehouses: Collection[str], skus: Collection[str]) -> set[str]:
        return set()

    def among_others(self, warehouses: Collection[str], skus: Collection[str]) -> set[str]:
        return set()

    def available(
        self, warehouses: Collection[str], skus: Collection[str]
    ) -> dict[tuple[str, str], int]:
        return {}


@dataclass
class FakeFulfilment:
    """A fulfilment; `emails` and `updates` count what the customer got."""

    pk: str
    order_pk: str
    quantities: Mapping[str, int]
    tracking: Tracking = field(default_factory=Tracking)
    emails: int = 0
    updates: int = 0


class FakeShop:
    """`sync.ports.Shop`, and the actions of customers and staff.

    `changed` is called with the pk of each order that changes, as Saleor calls its hooks. `notes`
    has the timeline of each order, `metadata` its private metadata, `public` its public metadata,
    `shipped` all fulfilments, `taken_back` what staff have cancelled or returned of an order,
    `listed` the variants of the channel.
    """

    def __init__(self, changed: Callable[[str], object]) -> None:
        self.placed: dict[str, Order] = {}
        self.notes: defaultdict[str, list[str]] = defaultdict(list)
        self.metadata: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.public: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.shipped: list[FakeFulfilment] = []
        self.taken_back: defaultdict[str, list[EndedFulfilment]] = defaultdict(list)
        self.listed: dict[str, Variant] = {}
        self.cash = FakePayments()
        self._changed = changed

    @property
    def orders(self) -> Self:
        return self

    @property
    def fulfilments(self) -> Self:
        return self

    @property
    def payments(self) -> FakePayments:
        return self.cash

    @property
    def catalogue(self) -> Self:
        return self

    @property
    def stock(self) -> Self:
        return self

    @property
    def offers(self) -> FakeOffers:
        return FakeOffers()

    @property
    def channels(self) -> Self:
        return self

    # --- customers and staff

    def change(self, order_pk: str, **changes: Any) -> None:
        self.placed[order_pk] = replace(self.placed[order_pk], **changes)
        self._changed(order_pk)

    def list_products(self, *skus: str) -> None:
        self.listed |= {sku: variant(sku) for sku in skus}

    # --- orders

    def get(self, pk: str) -> Order | None:
        return self.placed.get(pk)

    def create(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        tracking: Tracking,
        *,
        notify: bool,
    ) -> tuple[str, ...]:
        order = self.placed[order_pk]
        taken = {
            line.pk: min(quantities.get(line.pk, 0), line.open_quantity) for line in order.lines
        }
        if not any(taken.values()):
            return ()
        if order.state in UNSHIPPED:
            raise DataError(f"the order is {order.state} and cannot be fulfilled")
        lines = tuple(
            replace(line, fulfilled=line.fulfilled + taken[line.pk]) for line in order.lines
        )
        done = not any(line.open_quantity for line in lines)
        pk = str(len(self.shipped) + 1)
        self.shipped.append(FakeFulfilment(pk, order_pk, taken, tracking, emails=int(notify)))
        self.change(order_pk, lines=lines, state=OrderState.CLOSED if done else order.state)
        return (pk,)

    def foreign(self, order_pk: str, own: Collection[str]) -> list[ForeignFulfilment]:
        return [
            ForeignFulfilment(one.pk, int(one.pk), one.quantities)
            for one in self.shipped
            if one.order_pk == order_pk and one.pk not in own
        ]

    def ended(self, order_pk: str) -> list[EndedFulfilment]:
        return self.taken_back[order_pk]

    def show(self, pk: str, tracking: Tracking, *, former: str, notify: bool) -> bool:
        fulfilment = self.shipped[int(pk) - 1]
        text = fulfilment.tracking.text
        text = tracking.text if text in ("", former) else text
        fulfilment.tracking = replace(tracking, text=text)
        fulfilment.updates += int(notify)
        return True

    def notify(self, pk: str) -> None:
        self.shipped[int(pk) - 1].emails += 1

    def cancel(self, order_pk: str) -> bool:
        """Cancel the order, unless a part of it is fulfilled."""
        order = self.placed[order_pk]
        if order.state is OrderState.CANCELLED:
            return True
        if order.state not in OPEN or any(line.fulfilled for line in order.lines):
            return False
        self.change(order_pk, state=OrderState.CANCELLED)
        return True

    def add_note(self, order_pk: str, message: str) -> None:
        # A KeyError for a deleted order stands for an error of Saleor's own.
        self.notes[self.placed[order_pk].pk].append(message)

    def write_metadata(
        self, order_pk: str, values: Mapping[str, str], public: Mapping[str, str]
    ) -> None:
        for metadata, changes in ((self.metadata, values), (self.public, public)):
            merged = {**metadata[order_pk], **changes}
            metadata[order_pk] = {key: value for key, value in merged.items() if value}

    # --- products

    def variants(self, channel: str, after: str = "") -> Iterator[Variant]:
        return iter(self.listed.values())

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        return {sku: self.listed[sku] for sku in skus if sku in self.listed}

    def variants_by_pk(self, channel: str, pks: Collection[str]) -> dict[str, Variant]:
        return {each.pk: each for each in self.listed.values() if each.pk in pks}

    def existing(self, pks: Collection[str], *, elsewhere: bool = False) -> Set[str]:
        return {each.pk for each in self.listed.values() if each.pk in pks}

    def modified_since(
        self, channel: str, since: datetime, after: str, limit: int
    ) -> Mapping[str, datetime]:
        return {}

    def pulled(self, product: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    def write_pulled(self, fields: Mapping[str, Mapping[str, Any]]) -> Set[str]:
        return set()

    def image(self, image: str) -> bytes:
        return b""

    def count(self, channel: str) -> int:
        return len(self.listed)

    # --- stock: no test reads it

    def recount(
        self,
        warehouse_pks: Collection[str],
        skus: Collection[str],
        new_quantities: Recount,
        *,
        order_pks: Collection[str] = (),
    ) -> int:
        return 0

    def set_tracking(self, *, on: Collection[str], off: Collection[str]) -> None: ...

    def locked(self, order_pk: str) -> AbstractContextManager[None]:
        return nullcontext()

    def webhook_url(self, channel: str) -> str:
        return f"https://shop.test/plugins/channel/{channel}/picqer/webhooks"
