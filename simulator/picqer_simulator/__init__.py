"""A faithful Picqer to develop and test against. It knows nothing of Saleor or of the plugin."""

from picqer_simulator.assembly import new_account
from picqer_simulator.core.account import Account
from picqer_simulator.core.options import Options

__version__ = "0.1.0"

__all__ = ["Account", "Options", "new_account"]
