"""Owns the pytest fixture of the simulator, found by pytest through its entry point."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from saleor_picqer.simulator.server import SimulatorServer


@pytest.fixture
def picqer_simulator() -> Iterator[SimulatorServer]:
    """An empty account on a free port of this machine, gone after the test."""
    with SimulatorServer() as server:
        yield server
