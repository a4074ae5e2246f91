"""Delays of retries, the circuit breaker, and the sets of stages."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate

import pytest

from saleor_picqer.domain.outbox import (
    FAILURES_TO_OPEN,
    FINAL_STAGES,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    open_duration,
    retry_delay,
)


def test_delay_doubles_up_to_a_quarter_of_an_hour() -> None:
    delays = [retry_delay(n).total_seconds() for n in (0, 1, 2, 6, 50, 10_000)]

    assert delays == [15, 30, 60, 900, 900, 900]


def test_delay_grows_to_an_hour_when_staff_have_to_change_something() -> None:
    delays = [retry_delay(n, slowly=True).total_seconds() for n in (0, 6, 7, 8, 10_000)]

    assert delays == [15, 960, 1920, 3600, 3600]


def test_outage_of_a_day_costs_a_hundred_attempts() -> None:
    waited = accumulate(retry_delay(n) for n in range(MAX_ATTEMPTS))

    assert sum(moment <= timedelta(days=1) for moment in waited) == 100


def test_attempts_last_longer_than_an_outage_of_three_days() -> None:
    assert sum((retry_delay(n) for n in range(MAX_ATTEMPTS)), timedelta()) > timedelta(days=3)


@pytest.mark.parametrize(
    ("consecutive_failures", "seconds"), [(0, None), (2, None), (3, 15), (5, 60)]
)
def test_circuit_breaker_opens_when_several_orders_in_a_row_got_no_answer(
    consecutive_failures: int, seconds: int | None
) -> None:
    pause = open_duration(consecutive_failures)

    assert (pause and pause.total_seconds()) == seconds
    assert FAILURES_TO_OPEN == 3


def test_no_stage_is_both_open_and_final() -> None:
    assert not OPEN_STAGES & FINAL_STAGES
