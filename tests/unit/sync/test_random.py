"""Whatever happens in whatever sequence: once everything is quiet, both sides agree.

Each story is made from its seed alone. `RANDOM_STORIES` in the environment asks for more of them.
"""

from __future__ import annotations

import os

import pytest

from tests.unit.sync.story import plan, shortened, tell

STORIES = int(os.environ.get("RANDOM_STORIES", "200"))


@pytest.mark.parametrize("seed", range(STORIES))
def test_both_sides_agree_when_everything_is_quiet(seed: int) -> None:
    deeds = plan(seed, deeds=80)

    if tell(seed, deeds):
        pytest.fail(tell(seed, shortened(seed, deeds)))
