"""Every failure mode that this package claims to survive is named by the test that shows it.

Their numbers are those of the project's list of failures that integrations of this kind have met;
a test names its own in its docstring: "Failure mode F12".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
NAMED = re.compile(r"[Ff]ailure modes? (F\d+(?:(?:, | and )F\d+)*)")

ORDERS = (*range(12, 19), *range(34, 44), *range(49, 58), *range(59, 63))


def named() -> frozenset[str]:
    sources = (path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    groups = (group for source in sources for group in NAMED.findall(source))
    return frozenset(name for group in groups for name in re.findall(r"F\d+", group))


@pytest.mark.parametrize("number", ORDERS)
def test_failure_mode_of_orders_is_named_by_a_test(number: int) -> None:
    assert f"F{number}" in named()
