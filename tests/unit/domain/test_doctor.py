"""The doctor's judgements, as far as they need no shop."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from saleor_picqer.domain.doctor.account import (
    BacklogFacts,
    KeyFacts,
    TaxFacts,
    judge_backlog,
    judge_key,
    judge_vat_groups,
)
from saleor_picqer.domain.doctor.address import (
    Failure,
    Reply,
    RoundTrip,
    is_local,
    judge_round_trip,
)
from saleor_picqer.domain.doctor.checks import CHECKS
from saleor_picqer.domain.doctor.findings import (
    CheckKey,
    Diagnosis,
    Level,
    described,
    error,
    ok,
    quoted,
    warning,
    worst,
)
from saleor_picqer.domain.doctor.installation import judge_database_clock, judge_picqer_clock

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def test_table_has_each_check_once_with_title_and_subject() -> None:
    assert list(CHECKS) == list(CheckKey)
    assert len({check.title for check in CHECKS.values()}) == len(CHECKS)
    assert all(check.examines for check in CHECKS.values())


@pytest.mark.parametrize("reply", Reply)
@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 405, 409, 413, 500, 599])
def test_every_answer_has_one_finding_in_words(status: int, reply: Reply) -> None:
    trip = RoundTrip("https://shop.nl/x", NOW, status=status, reply=reply, location="https://b")

    (finding,) = judge_round_trip(trip)

    assert (finding.level is Level.OK) == (status == 200 and reply is Reply.RIGHT)
    assert "{" not in finding.text + finding.advice
    assert bool(finding.advice) == (finding.level is not Level.OK)


@pytest.mark.parametrize("failure", Failure)
def test_every_missing_answer_has_one_finding_in_words(failure: Failure) -> None:
    trip = RoundTrip("https://shop.nl/x", NOW, failure=failure, reason="it broke")

    (finding,) = judge_round_trip(trip)

    assert finding.level is Level.ERROR
    assert "shop.nl" in finding.text
    assert "{" not in finding.text


@pytest.mark.parametrize(
    "host",
    ["localhost", "shop.localhost", "saleor", "127.0.0.1", "[::1]", "10.1.2.3", "192.168.0.1",
     "169.254.1.1", "shop.local", "shop.internal", "shop.test.", "example.com", ""],
)  # fmt: skip
def test_local_hosts_are_recognised(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["shop.nl", "8.8.8.8", "2001:4860:4860::8888", "localhost.nl"])
def test_hosts_of_the_internet_are_not_local(host: str) -> None:
    assert not is_local(host)


@pytest.mark.parametrize("seconds", [0.0, 4.9, -4.9])
def test_small_differences_of_clocks_are_well(seconds: float) -> None:
    (database,), (picqer,) = judge_database_clock(seconds), judge_picqer_clock(seconds)

    assert database.level is picqer.level is Level.OK


def test_picqer_without_a_clock_is_well() -> None:
    (finding,) = judge_picqer_clock(None)

    assert finding.level is Level.OK


def test_default_rate_stands_for_unknown_rates() -> None:
    taxes = TaxFacts({None: 3, Decimal("9.000"): 1}, [Decimal(21)], Decimal(9))

    (finding,) = judge_vat_groups(taxes)

    assert finding.text == "Picqer has no VAT group of 9 %, needed by 4 variants."


def test_rates_are_compared_as_numbers() -> None:
    (finding,) = judge_vat_groups(TaxFacts({Decimal("21.000"): 1}, [Decimal(21)]))

    assert finding.level is Level.OK


def test_shop_without_products_needs_no_vat_group() -> None:
    (finding,) = judge_vat_groups(TaxFacts({}, []))

    assert finding.level is Level.OK


def test_limit_that_picqer_does_not_tell_is_no_finding() -> None:
    (finding,) = judge_key(KeyFacts(user="ops"))

    assert 'belongs to "ops"' in finding.text


def test_backlog_is_counted_in_words() -> None:
    (finding,) = judge_backlog(BacklogFacts(2, 1, 15))

    assert finding.text == "Due for more than 15 minutes: 2 orders and 1 webhook delivery."
    assert finding.count == 3


def test_worst_level_counts() -> None:
    findings = [ok("a"), warning("b", "c"), error("d", "e")]
    diagnoses = [Diagnosis(CheckKey.CACHE, "", one) for one in findings]

    assert worst([]) is Level.OK
    assert [worst(diagnoses[:end]) for end in (1, 2, 3)] == [Level.OK, Level.WARNING, Level.ERROR]


def test_long_lists_are_cut_off() -> None:
    assert quoted("ab") == '"a", "b"'
    assert quoted("abcdefg") == '"a", "b", "c", "d", "e" and 2 more'
    assert described(1, "order") == "1 order"
    assert described(1200, "order") == "1,200 orders"
