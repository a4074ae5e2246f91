"""A simulated Picqer account to develop and test against.

The public names: `SimulatorServer` (over HTTP), `SimulatorAdapter` with `SimulatorApp` and
`Runtime` (in process, through `requests`), `Account` with `new_account` and `Options` (without
HTTP).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from picqer_simulator.app import SimulatorApp
    from picqer_simulator.assembly import new_account
    from picqer_simulator.core.account import Account
    from picqer_simulator.core.options import Options
    from picqer_simulator.http.runtime import Runtime
    from picqer_simulator.inprocess import SimulatorAdapter
    from picqer_simulator.server import SimulatorServer

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Options",
    "Runtime",
    "SimulatorAdapter",
    "SimulatorApp",
    "SimulatorServer",
    "new_account",
]

_MODULES = {
    "Account": "core.account",
    "Options": "core.options",
    "Runtime": "http.runtime",
    "SimulatorAdapter": "inprocess",
    "SimulatorApp": "app",
    "SimulatorServer": "server",
    "new_account": "assembly",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    # pytest imports this package in every run for its plugin, also where no test uses the
    # simulator; and `core` and `rules` must be usable without werkzeug.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
