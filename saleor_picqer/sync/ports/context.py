"""One channel with every adapter that its use cases need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from saleor_picqer.config import Settings
from saleor_picqer.sync.ports.picqer import Picqer
from saleor_picqer.sync.ports.shop import Shop
from saleor_picqer.sync.ports.state import Links, Outbox, Reservations, Secrets


@dataclass(frozen=True)
class Context:
    """Adapters and settings of one channel.

    `account` names the channel's Picqer account. Orders placed before `since` are ignored unless
    staff ask for them.
    """

    settings: Settings
    shop: Shop
    picqer: Picqer
    outbox: Outbox
    reservations: Reservations
    links: Links
    account: str
    secrets: Secrets
    since: datetime | None = None

    @property
    def channel(self) -> str:
        return self.settings.channel
