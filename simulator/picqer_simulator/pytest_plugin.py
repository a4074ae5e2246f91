"""The pytest plugin: the fixture `picqer_simulator`. Pytest finds the plugin by its entry point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from picqer_simulator import SimulatorServer


@pytest.fixture
def picqer_simulator() -> Iterator[SimulatorServer]:
    """Return a server with an empty account on a free port, stopped after the test."""
    # Imported on first use, because pytest loads this module in every run.
    from picqer_simulator import SimulatorServer  # noqa: PLC0415

    with SimulatorServer() as server:
        yield server
