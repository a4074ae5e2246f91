"""Saleor and Picqer agree after any sequence of events, once no work is left.

Each run follows from its seed. `RANDOM_RUNS` in the environment sets the number of runs.
"""

from __future__ import annotations

import os
from typing import Final

import pytest

from tests.unit.sync.random_run import choose_steps, run, shrink

RUNS: Final = int(os.environ.get("RANDOM_RUNS", "200"))


@pytest.mark.parametrize("seed", range(RUNS))
def test_both_sides_agree_when_no_work_is_left(seed: int) -> None:
    steps = choose_steps(seed, count=80)

    if run(seed, steps):
        pytest.fail(run(seed, shrink(seed, steps)))
