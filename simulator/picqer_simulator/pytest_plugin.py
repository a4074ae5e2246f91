"""Owns the pytest fixture of the simulator, found by pytest through its entry point.

Nothing of the simulator is imported before a test asks for it: pytest loads this file wherever the
package is installed, also without the extra `simulator`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from picqer_simulator import SimulatorServer


@pytest.fixture
def picqer_simulator() -> Iterator[SimulatorServer]:
    """An empty account on a free port of this machine, gone after the test."""
    from picqer_simulator import SimulatorServer  # noqa: PLC0415

    with SimulatorServer() as server:
        yield server
