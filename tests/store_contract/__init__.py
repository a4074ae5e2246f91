"""Tests that hold for the tables and for the fakes in memory alike.

Each module has a class of tests without a `Test` prefix. `tests/unit/sync` runs these classes on
the fakes, `tests/integration` on the tables.
"""

from __future__ import annotations

import pytest

_MODULES = (
    "catalogue",
    "links",
    "outbox_leases",
    "outbox_reading",
    "outbox_recording",
    "stock_case",
    "stock_readings",
    "stock_reservations",
)
for _name in _MODULES:
    pytest.register_assert_rewrite(f"tests.store_contract.{_name}")
