"""The resources `users` and `stats`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.models import User, Wire, public
from picqer_simulator.core.queries import Query, is_true, page
from picqer_simulator.core.state import State

# The id of the account's first user, as whom every API key acts.
OWNER = 1


class Statistic(NamedTuple):
    """One statistic of the account: a description and a function that measures the value."""

    description: str
    measure: Callable[[State, str], int]


def _with_status(name: str, *statuses: str) -> Callable[[State, str], int]:
    """Return a function that counts the records with the given statuses."""
    return lambda state, _today: sum(
        record.status in statuses for record in getattr(state, name).values()
    )


def _products(*, active: bool) -> Callable[[State, str], int]:
    """Return a function that counts the active or inactive products."""
    return lambda state, _today: sum(
        product.active is active for product in state.products.values()
    )


STATISTICS: dict[str, Statistic] = {
    "open-picklists": Statistic(
        "Number of open picklists", _with_status("picklists", "new", "paused", "snoozed")
    ),
    "open-orders": Statistic(
        "Number of open orders",
        _with_status("orders", "expected", "concept", "processing", "paused"),
    ),
    "backorders": Statistic("Number of backorders", lambda state, _today: len(state.backorders)),
    "new-orders-today": Statistic(
        "Number of new orders today",
        lambda state, today: sum(
            order.created.startswith(today) for order in state.orders.values()
        ),
    ),
    "closed-picklists-today": Statistic(
        "Number of picklists closed today",
        lambda state, today: sum(
            (picklist.closed_at or "").startswith(today) for picklist in state.picklists.values()
        ),
    ),
    "total-orders": Statistic("Total number of orders", lambda state, _today: len(state.orders)),
    "total-products": Statistic(
        "Total number of products", lambda state, _today: len(state.products)
    ),
    "active-products": Statistic("Number of active products", _products(active=True)),
    "inactive-products": Statistic("Number of inactive products", _products(active=False)),
}


def user_wire(user: User) -> Wire:
    """Return a user as JSON."""
    return public(user) | {
        "first_name": user.firstname,
        "last_name": user.lastname,
        "full_name": f"{user.firstname} {user.lastname}",
        "idpacking_station": None,
        "last_login_at": None,
    }


def list_users(account: Account, query: Query) -> list[Wire]:
    users = account.state.users.values()
    found = page(account.options, users, query, {"active": is_true("active")})
    return [user_wire(user) for user in found]


def get_user(account: Account, iduser: int) -> Wire:
    return user_wire(account.find(account.state.users, iduser)) | {"rights": []}


def me(account: Account) -> Wire:
    """Return the user that the API key belongs to."""
    return user_wire(account.state.users[OWNER])


def list_stats(account: Account) -> Wire:
    """List the statistics."""
    del account
    return {key: {"description": entry.description} for key, entry in STATISTICS.items()}


def get_stat(account: Account, key: str) -> Wire:
    """Return the value of one statistic."""
    if key not in STATISTICS:
        raise ApiError(NOT_FOUND)
    entry = STATISTICS[key]
    today = account.clock.stamp()[:10]
    return {
        "key": key,
        "description": entry.description,
        "value": entry.measure(account.state, today),
    }
