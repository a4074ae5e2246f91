"""A faithful Picqer to develop and test against. It knows nothing of Saleor or of the plugin."""

from picqer_simulator.core.account import Simulator
from picqer_simulator.core.options import Knobs

__version__ = "0.1.0"

__all__ = ["Knobs", "Simulator"]
