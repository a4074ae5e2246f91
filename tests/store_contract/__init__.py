"""Tests that hold for the tables and for the fakes in memory alike.

Each module has a class of tests without a `Test` prefix. `tests/unit/sync` runs these classes on
the fakes, `tests/integration` on the tables.
"""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.store_contract.outbox", "tests.store_contract.links")
