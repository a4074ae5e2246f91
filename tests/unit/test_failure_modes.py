"""Each failure mode of orders, stock, settings and GraphQL is named by a test.

Their numbers are those of the project's list of failures that integrations of this kind have met;
a test names its own in its docstring: "Failure mode F12".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "tests", ROOT / "simulator/tests")
NAMED = re.compile(r"[Ff]ailure modes? (F\d+(?:(?:, | and )F\d+)*)")

AT_REST = (*range(12, 19), *range(34, 44), *range(49, 58), *range(59, 63))
IN_MOTION = (69, 70, 71, 73, 74, 75, 79, 80, *range(82, 86), *range(87, 95))
SURROUNDINGS = (97, 98, 99, *range(101, 107), 108, 109, 112, 113, 114, 116, 120, 123)
STOCK = (*range(22, 29), *range(31, 34), 67, 68, 72, 86, 103, 107, 119, 121, 122)
WEBHOOKS = (*range(1, 12), 95, 110, 111, 117, 118)
PRODUCTS = (33, 42, 43, 44, 66, 78, 81)
ORDERS = (*AT_REST, *IN_MOTION, *SURROUNDINGS, *STOCK, *WEBHOOKS, *PRODUCTS)


def _test_files() -> list[Path]:
    found = [path for folder in FOLDERS for path in folder.rglob("test_*.py")]
    return [path for path in found if path != Path(__file__)]


def named() -> frozenset[str]:
    sources = (path.read_text() for path in _test_files())
    groups = (group for source in sources for group in NAMED.findall(source))
    return frozenset(name for group in groups for name in re.findall(r"F\d+", group))


@pytest.mark.parametrize("number", ORDERS)
def test_failure_mode_of_orders_is_named_by_a_test(number: int) -> None:
    assert f"F{number}" in named()
