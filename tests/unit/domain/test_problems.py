"""Problems in Saleor's dashboard: one for each cause, within Saleor's limits."""

from __future__ import annotations

from saleor_picqer.domain.alarms import RULES, Alarm, AlarmKey
from saleor_picqer.domain.problems import LONGEST, MOST, NAMED, StoppedOrders, find_problems

SLUGS = {"7": "web-nl"}


def failed(cause: str, count: int = 1) -> StoppedOrders:
    return StoppedOrders("7", cause, count)


def test_alarm_names_channel_and_what_to_do() -> None:
    alarm = Alarm(AlarmKey.KEY_REFUSED, "7", 3, "Picqer does not accept the API key.")

    (problem,) = find_problems([alarm], [], SLUGS)

    assert problem.key == "alarm:key_refused:7"
    assert problem.message == (
        "Channel web-nl: Picqer does not accept the API key. " + RULES[AlarmKey.KEY_REFUSED].advice
    )
    assert (problem.count, problem.is_critical) == (3, True)


def test_failed_orders_are_told_by_cause_when_the_alarm_holds() -> None:
    alarm = Alarm(AlarmKey.ORDERS_FAILED, "7", 5, "Orders that have failed for good: 5.")

    problems = find_problems([alarm], [failed("No VAT group of 8 %.", 3), failed("No SKU.", 2)], {})

    assert [problem.count for problem in problems] == [3, 2]
    assert problems[0].message.startswith("Channel 7: No VAT group of 8 %. Mend the cause")
    assert len({problem.key for problem in problems}) == 2


def test_key_stays_when_only_the_number_changes() -> None:
    (before,) = find_problems([], [failed("No SKU.", 2)], SLUGS)
    (after,) = find_problems([], [failed("No SKU.", 9)], SLUGS)

    assert before.key == after.key
    assert before != after


def test_flagged_orders_are_counted_together() -> None:
    (problem,) = find_problems([], [failed("", 4)], SLUGS)

    assert problem.key == "attention:7"
    assert problem.message.startswith("Channel web-nl: Orders that need attention: 4.")
    assert not problem.is_critical


def test_rare_causes_are_counted_together() -> None:
    causes = [failed(f"Cause {number}.", 100 - number) for number in range(NAMED + 3)]

    problems = find_problems([], causes, SLUGS)

    assert len(problems) == NAMED + 1
    assert problems[-1].key == "failed:7"
    assert problems[-1].count == sum(one.count for one in causes[NAMED:])


def test_keeps_saleors_limits_whatever_there_is() -> None:
    stopped = [StoppedOrders(f"{channel}", "x" * 5000, 1) for channel in range(200)]
    alarms = [Alarm(key, "7", 1, "A text.") for key in AlarmKey]

    problems = find_problems(alarms, stopped, SLUGS)

    assert len(problems) == MOST
    assert problems[0].key.startswith("alarm:")
    assert max(len(problem.message) for problem in problems) == LONGEST
    assert max(len(problem.key) for problem in problems) <= 128
