"""Build an account from the core and the rules: the only place that knows both."""

from __future__ import annotations

from picqer_simulator.core.account import Account, Rules
from picqer_simulator.core.options import Options
from picqer_simulator.core.state import State
from picqer_simulator.rules import background, hooks, reference, stock_events

RULES = Rules(
    initial_state=reference.initial_state,
    run_due=background.run_due,
    emit_stock_events=stock_events.emit,
    deliveries=hooks.deliveries,
)


def new_account(options: Options | None = None, state: State | None = None) -> Account:
    """Return an account with the given state, or an empty account."""
    return Account(RULES, options, state)
