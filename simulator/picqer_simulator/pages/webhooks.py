"""The pages of hooks and of webhook deliveries."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.models import Wire
from picqer_simulator.core.queries import PAGE_SIZE, Query
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.rules import hooks


def show(runtime: Runtime, _query: Query) -> Wire:
    """Return all hooks, and the latest deliveries first."""
    history = list(runtime.dispatcher.history)
    return {
        "hooks": runtime.account.run(_hooks),
        "total": len(history),
        "deliveries": list(islice(map(replace, reversed(history)), PAGE_SIZE)),
    }


def show_delivery(runtime: Runtime, _query: Query, iddelivery: int) -> Wire:
    """Return one delivery; raise ApiError 20 if the delivery is no longer kept."""
    for delivery in list(runtime.dispatcher.history):
        if delivery.iddelivery == iddelivery:
            body = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
            return {"delivery": replace(delivery), "body": body}
    raise ApiError(NOT_FOUND, "This delivery is no longer kept")


def _hooks(account: Account) -> list[Wire]:
    """Return all hooks with the number of their failures."""
    return [
        hooks.wire(hook) | {"failures": len(hook.failures)} for hook in account.state.hooks.values()
    ]
