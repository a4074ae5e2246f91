"""How long a failed step waits."""

from datetime import timedelta

from saleor_picqer.domain.outbox import MAX_ATTEMPTS, retry_delay


def test_delay_doubles_up_to_a_quarter_of_an_hour() -> None:
    delays = [retry_delay(n).total_seconds() for n in (0, 1, 2, 6, 50, 10_000)]

    assert delays == [15, 30, 60, 900, 900, 900]


def test_attempts_outlast_several_days_of_silence() -> None:
    assert sum((retry_delay(n) for n in range(MAX_ATTEMPTS)), timedelta()) > timedelta(days=3)
