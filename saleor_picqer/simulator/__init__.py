"""A faithful Picqer to develop and test against. It knows nothing of Saleor or of the plugin."""

from saleor_picqer.simulator.knobs import Knobs
from saleor_picqer.simulator.simulator import Simulator

__all__ = ["Knobs", "Simulator"]
