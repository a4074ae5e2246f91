"""The resource `hooks`. A hook is deactivated rather than deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from picqer_simulator.core.account import Account
from picqer_simulator.core.clock import FORMAT
from picqer_simulator.core.encoding import dumps, signature
from picqer_simulator.core.errors import MISSING_PARAMETER, ApiError
from picqer_simulator.core.events import EVENTS, Delivery, Event
from picqer_simulator.core.models import Hook, Wire, public
from picqer_simulator.core.parsing import read, require, text
from picqer_simulator.core.queries import Query, page

READERS = {"name": text, "event": text, "address": text, "secret": text}


def wire(hook: Hook) -> Wire:
    """Return a hook as JSON, with a flag in place of the secret."""
    return public(hook) | {"secret": hook.secret is not None}


def list_(account: Account, query: Query) -> list[Wire]:
    return [wire(hook) for hook in page(account.options, account.state.hooks.values(), query)]


def get(account: Account, idhook: int) -> Wire:
    return wire(account.find(account.state.hooks, idhook))


def create(account: Account, body: Wire) -> Wire:
    """Create an active hook for an event and an address."""
    values = read(account.options, body, READERS)
    require(values, "name", "event", "address")
    _check(account, values)
    hook = Hook(
        idhook=account.state.new_id("hook"),
        name=values["name"],
        event=values["event"],
        address=values["address"],
        secret=values.get("secret") or None,
    )
    account.state.hooks[hook.idhook] = hook
    return wire(hook)


def deactivate(account: Account, idhook: int) -> None:
    """Switch a hook off. Its events are lost until the hook is reactivated."""
    account.find(account.state.hooks, idhook).active = False


def reactivate(account: Account, idhook: int) -> Wire:
    """Switch a hook on again and forget its failures."""
    hook = account.find(account.state.hooks, idhook)
    # Another hook may have taken the address and event in the meantime.
    if not hook.active and account.options.reactivate_duplicate == "refuse":
        _check_unique(account, hook.event, hook.address)
    hook.active = True
    hook.failures.clear()
    return wire(hook)


def deliveries(account: Account, event: Event) -> list[Delivery]:
    """Return a delivery of the event for each active hook on the event."""
    hooks = [
        hook for hook in account.state.hooks.values() if hook.active and hook.event == event.name
    ]
    return [_delivery(account, hook, event) for hook in hooks]


def count_failure(account: Account, idhook: int) -> None:
    """Count a delivery that was given up; switch the hook off after too many in a day."""
    hook = account.state.hooks.get(idhook)
    if hook is None:
        return
    now = account.clock.stamp()
    start = datetime.strptime(now, FORMAT) - timedelta(hours=account.options.webhook_failure_hours)  # noqa: DTZ007
    # Failures that are older than the window no longer count.
    recent = [moment for moment in hook.failures if moment >= start.strftime(FORMAT)]
    hook.failures = [*recent, now]
    if len(hook.failures) >= account.options.webhook_failures:
        hook.active = False


def _check(account: Account, values: Wire) -> None:
    """Raise ApiError 5 for an invalid address or event, or for a duplicate hook."""
    if urlsplit(values["address"]).scheme not in ("http", "https"):
        raise ApiError(MISSING_PARAMETER, "address is not a URL")
    if values["event"] not in EVENTS and account.options.unknown_event == "refuse":
        raise ApiError(MISSING_PARAMETER, "event is unknown")
    _check_unique(account, values["event"], values["address"])


def _check_unique(account: Account, event: str, address: str) -> None:
    """Raise ApiError if another active hook has the same event and address."""
    for hook in account.state.hooks.values():
        if hook.active and (hook.event, hook.address) == (event, address):
            raise ApiError(
                account.options.duplicate_hook_code,
                "There is an active hook on this address and event already",
            )


def _delivery(account: Account, hook: Hook, event: Event) -> Delivery:
    """Build the signed delivery of an event to a hook."""
    raw = dumps(
        {
            "idhook": hook.idhook,
            "name": hook.name,
            "event": event.name,
            "event_triggered_at": event.triggered_at,
            "data": event.data,
        }
    )
    return Delivery(
        iddelivery=account.state.new_id("delivery"),
        idhook=hook.idhook,
        event=event.name,
        address=hook.address,
        body=raw,
        signature=signature(raw, hook.secret) if hook.secret else None,
    )
