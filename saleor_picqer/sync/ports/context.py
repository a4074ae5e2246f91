"""A channel's settings and adapters, the first argument of every use case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from saleor_picqer.config import Settings
from saleor_picqer.sync.ports.catalogue import Catalogue
from saleor_picqer.sync.ports.picqer import Picqer
from saleor_picqer.sync.ports.shop import Shop
from saleor_picqer.sync.ports.state import Captures, Links, Outbox, Reservations, StockReadings


@dataclass(frozen=True)
class Context:
    """Settings and adapters of a channel."""

    settings: Settings
    shop: Shop
    picqer: Picqer
    outbox: Outbox
    reservations: Reservations
    readings: StockReadings
    links: Links
    captures: Captures
    catalogue: Catalogue
    # Name of the channel's Picqer account.
    account: str
    # Whether the channel sends the products of its Picqer account; only runs ask.
    sends_products: bool = True
    # The other active channels of the account, with requests through this channel; runs only.
    siblings: tuple[Context, ...] = ()
    # Orders placed before this moment are ignored unless staff push them.
    since: datetime | None = None
    # The shop's secret for digests of what was sent.
    digest_key: str = field(default="", repr=False)

    @property
    def channel(self) -> str:
        """Primary key of the channel."""
        return self.settings.channel


class StockAccount(Protocol):
    """What the stock calculation needs: the shop, and the tables of a Picqer account."""

    @property
    def shop(self) -> Shop: ...

    @property
    def readings(self) -> StockReadings: ...

    @property
    def reservations(self) -> Reservations: ...

    @property
    def links(self) -> Links: ...
