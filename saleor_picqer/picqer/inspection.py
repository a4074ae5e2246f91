"""Inspection of an account: the key's owner, missing rights, rate limit and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from saleor_picqer.errors import AccessDeniedError, AuthenticationError, InvalidResponseError
from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.hooks import Hook
from saleor_picqer.picqer.rate_limiter import Unlimited

# What the plugin reads, each with the cheapest request that shows whether the key may read it.
_RIGHTS: Final[dict[str, Callable[[PicqerClient], object]]] = {
    "products": lambda client: next(client.products.list(), None),
    "warehouses": lambda client: next(client.warehouses.list(), None),
    "VAT groups": lambda client: next(client.vatgroups.list(), None),
    "orders": lambda client: next(client.orders.list(), None),
    "picklists": lambda client: next(client.picklists.list(), None),
    "shipments": lambda client: next(client.shipments.list(), None),
    "webhooks": lambda client: next(client.hooks.list(), None),
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """Result of an inspection.

    `user` is the key's owner, None for a key that may not read users; limits are per minute.
    """

    user: str | None
    missing: tuple[str, ...]
    limit: int | None
    remaining: int | None
    hooks: tuple[Hook, ...] = field(default=())


class _LimitReader(Unlimited):
    limit: int | None = None
    remaining: int | None = None

    def learn(self, limit: int | None, remaining: int | None) -> None:
        self.limit, self.remaining = limit, remaining


def inspect(account: PicqerAccount) -> Inspection:
    """Inspect an account with about ten requests that only read.

    Raises AuthenticationError for a key without any right, and other errors of `errors.py`.
    """
    limits = _LimitReader()
    with PicqerClient(account, rate_limiter=limits) as client:
        user = _user(client)
        missing = tuple(name for name, ask in _RIGHTS.items() if not _may(client, ask))
        if user is None and len(missing) == len(_RIGHTS):
            raise AuthenticationError("GET", "/users/me", status=401)
        hooks = () if "webhooks" in missing else tuple(client.hooks.list())
    return Inspection(user, missing, limits.limit, limits.remaining, hooks)


def check_access(client: PicqerClient) -> None:
    """Send one request; raise an error of `errors.py` unless Picqer answers and knows the key."""
    stats = client.stats.get()
    if not (stats.open_orders or stats.open_picklists or stats.backorders):
        # Any JSON object can be read as statistics.
        raise InvalidResponseError("GET", "/stats", status=200, text="no statistics")


def _user(client: PicqerClient) -> str | None:
    try:
        user = client.users.me()
    except (AuthenticationError, AccessDeniedError):
        return None
    return user.username or f"user {user.iduser}"


def _may(client: PicqerClient, ask: Callable[[PicqerClient], object]) -> bool:
    try:
        ask(client)
    except (AuthenticationError, AccessDeniedError):
        return False
    return True
