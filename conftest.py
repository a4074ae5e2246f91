"""Hypothesis profiles: few examples for `pytest`, many for `make test`.

Tests in tests/integration do not load this module.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fast", max_examples=20, deadline=None)
settings.register_profile("full", max_examples=100, deadline=None)
settings.load_profile("fast")
