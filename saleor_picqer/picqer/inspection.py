"""Inspection of an account: the key's owner and rights, rate limit, and lists for the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from time import monotonic
from typing import Any, Final

from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.stock import RemoteWarehouse
from saleor_picqer.errors import (
    AccessDeniedError,
    AuthenticationError,
    InvalidResponseError,
    TryLaterError,
)
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.hooks import Hooks
from saleor_picqer.picqer.gateway.stock import Stock
from saleor_picqer.picqer.rate_limiter import Priority, RateLimiter, Unlimited
from saleor_picqer.picqer.resources.base import PAGE_SIZE

# Names of the rights whose whole list the inspection needs; of the others a page shows enough.
WAREHOUSES: Final = "warehouses"
VAT_GROUPS: Final = "VAT groups"
WEBHOOKS: Final = "webhooks"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Result of an inspection.

    `user` is the key's owner, None for a key that may not read users; limits are per minute. Lists
    that the key may not read are empty, and named in `missing`.
    """

    user: str | None
    missing: tuple[str, ...]
    limit: int | None
    remaining: int | None
    hooks: tuple[RemoteHook, ...] = field(default=())
    warehouses: tuple[RemoteWarehouse, ...] = field(default=())
    vat_rates: tuple[Decimal, ...] = field(default=())
    # Codes of the first inactive products, and whether Picqer has no others.
    inactive: tuple[str, ...] = field(default=())
    all_inactive_read: bool = True
    clock_ahead: float | None = None
    requests: int = 0


class LimitReader(Unlimited):
    """Another limiter, with the limit that Picqer last told."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter
        self.limit: int | None = None
        self.remaining: int | None = None

    def take(self, priority: Priority) -> float:
        return self._limiter.take(priority)

    def pause(self, retry_after: float | None) -> float:
        return self._limiter.pause(retry_after)

    def learn(self, limit: int | None, remaining: int | None) -> None:
        self.limit, self.remaining = limit, remaining
        self._limiter.learn(limit, remaining)


def inspect(client: PicqerClient, limits: LimitReader, deadline: float) -> Inspection:
    """Inspect an account with 9 requests that only read, and one more per 100 webhooks.

    `limits` is the client's rate limiter, `deadline` a moment of `monotonic` after which no request
    is sent. Raises AuthenticationError for a key without any right, TryLaterError where
    Picqer is too slow, and other errors of `errors.py`.
    """
    user = _user(client)
    lists = _read_lists(client, deadline)
    missing = tuple(name for name, found in lists.items() if found is None)
    if user is None and len(missing) == len(lists):
        raise AuthenticationError("GET", "/users/me", status=401)
    inactive = None if "products" in missing else _inactive(client, deadline)
    return Inspection(
        user,
        missing,
        limits.limit,
        limits.remaining,
        hooks=tuple(lists[WEBHOOKS] or ()),
        warehouses=tuple(lists[WAREHOUSES] or ()),
        vat_rates=tuple(group.percentage for group in lists[VAT_GROUPS] or ()),
        inactive=tuple(inactive or ()),
        all_inactive_read=len(inactive or ()) < PAGE_SIZE,
        clock_ahead=client.clock_ahead,
        requests=client.requests,
    )


def check_access(client: PicqerClient) -> None:
    """Send one request; raise an error of `errors.py` unless Picqer answers and knows the key."""
    stats = client.stats.get()
    if not (stats.open_orders or stats.open_picklists or stats.backorders):
        # Any JSON object can be read as statistics.
        raise InvalidResponseError("GET", "/stats", status=200, text="no statistics")


def _read_lists(client: PicqerClient, deadline: float) -> Mapping[str, list[Any] | None]:
    """Read what the plugin reads by right, None for what the key may not read."""
    # Of long lists one object is enough: the cheapest request that shows a right.
    readers: Mapping[str, Callable[[], Iterable[Any]]] = {
        "products": lambda: islice(client.products.list(), 1),
        WAREHOUSES: Stock(client).warehouses,
        VAT_GROUPS: client.vatgroups.list,
        "orders": lambda: islice(client.orders.list(), 1),
        "picklists": lambda: islice(client.picklists.list(), 1),
        "shipments": lambda: islice(client.shipments.list(), 1),
        WEBHOOKS: Hooks(client).list,
    }
    return {name: _read(reader, deadline) for name, reader in readers.items()}


def _read(reader: Callable[[], Iterable[Any]], deadline: float) -> list[Any] | None:
    """Read a list to its end; None for a list that the key may not read."""
    found = []
    try:
        _check_time(deadline)
        for item in reader():
            found.append(item)
            _check_time(deadline)
    except (AuthenticationError, AccessDeniedError):
        return None
    return found


def _check_time(deadline: float) -> None:
    if monotonic() > deadline:
        raise TryLaterError("Picqer answers too slowly to be examined. Try again later.")


def _inactive(client: PicqerClient, deadline: float) -> list[str] | None:
    """Return the codes of the first page of inactive products."""
    page = _read(lambda: client.products.page(0, inactive=True).items, deadline)
    return None if page is None else [product.productcode for product in page]


def _user(client: PicqerClient) -> str | None:
    try:
        user = client.users.me()
    except (AuthenticationError, AccessDeniedError):
        return None
    return user.username or f"user {user.iduser}"
