"""Build an account from the core and the rules."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.options import Options
from picqer_simulator.core.state import State


def new_account(options: Options | None = None, state: State | None = None) -> Account:
    """Return an account that holds `state`, or an empty one."""
    return Account(options, state)
