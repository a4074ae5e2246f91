"""Problems of the app in Saleor's dashboard: listed by cause, and gone once the cause is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer import alarms, tasks
from saleor_picqer.dashboard import installation
from saleor_picqer.domain.alarms import RULES, AlarmKey
from saleor_picqer.hosts import host
from saleor_picqer.models import AlarmState, HookRegistration, InstalledApp, OutboxOrder
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3, LINE

HAS_PROBLEMS = IS_SALEOR_3 and LINE != "3.21"
with_problems = pytest.mark.skipif(not HAS_PROBLEMS, reason="the line has no problems of apps")
VAT = "The order could not be sent to Picqer. Picqer has no VAT group of 8 %."

if IS_SALEOR_3:
    from saleor.app.models import App
if HAS_PROBLEMS:
    from saleor.app.models import AppProblem


@pytest.fixture
def watched_shop(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop in which all is well, with the app in the dashboard."""
    installation.bring_in_step()
    tasks.sweep()
    stocked_shop.run_until_idle()
    return stocked_shop


def fail_orders(shop: ConnectedShop, number: int, cause: str = VAT) -> None:
    """Have the plugin give up so many orders."""
    now = timezone.now()
    OutboxOrder.objects.bulk_create(
        OutboxOrder(
            order_pk=f"{cause[:20]}-{one}",
            channel=shop.shop.channel_pk,
            stage="failed",
            last_error=cause,
            attention=cause,
            created_at=now,
        )
        for one in range(number)
    )


def listed() -> dict[str, tuple[int, bool]]:
    """Return number and dismissal of each problem, by the cause within its text."""
    assert {problem.app_id for problem in AppProblem.objects.all()} <= {App.objects.get().pk}
    return {
        problem.message.partition(": ")[2].partition(" Mend ")[0]: (
            problem.count,
            problem.dismissed,
        )
        for problem in AppProblem.objects.all()
    }


def evaluate() -> None:
    alarms.evaluate(sweeping=True)


def dismiss(shop: ConnectedShop) -> None:
    """Do what *Dismiss* in the dashboard does."""
    api = shop.shop.staff_api("manage_apps", email="admin@example.com")
    ids = [f"AppProblem:{pk}" for pk in AppProblem.objects.values_list("pk", flat=True)]
    document = """mutation ($ids: [ID!]!) {
      appProblemDismiss(input: {byStaffWithIds: {ids: $ids}}) { errors { message } }
    }"""
    from base64 import b64encode

    answer = api.query(document, ids=[b64encode(one.encode()).decode() for one in ids])
    assert answer["appProblemDismiss"]["errors"] == []


@with_problems
def test_failed_orders_are_listed_by_cause_and_gone_once_retried(
    watched_shop: ConnectedShop,
) -> None:
    fail_orders(watched_shop, 3)
    fail_orders(watched_shop, 1, "No SKU.")

    tasks.sweep()

    assert listed() == {VAT: (3, False), "No SKU.": (1, False)}
    assert all(problem.is_critical for problem in AppProblem.objects.all())

    OutboxOrder.objects.filter(attention=VAT)[0].delete()
    OutboxOrder.objects.filter(attention="No SKU.").delete()
    tasks.sweep()

    assert listed() == {VAT: (2, False)}


@with_problems
def test_row_stays_the_same_when_the_number_changes(watched_shop: ConnectedShop) -> None:
    fail_orders(watched_shop, 2)
    evaluate()
    before = AppProblem.objects.get()
    OutboxOrder.objects.filter(attention=VAT)[0].delete()

    evaluate()

    after = AppProblem.objects.get()
    assert (after.pk, after.key, after.count) == (before.pk, before.key, 1)
    assert after.updated_at > before.updated_at


@with_problems
def test_alarm_is_listed_and_gone_once_it_is_over(watched_shop: ConnectedShop) -> None:
    hooks = HookRegistration.objects.all()
    hooks.update(stale_since=timezone.now() - timedelta(days=1))
    evaluate()
    (problem,) = AppProblem.objects.all()
    assert problem.key == f"alarm:hooks_dead:{watched_shop.shop.channel_pk}"
    assert problem.message.endswith(RULES[AlarmKey.HOOKS_DEAD].advice)

    hooks.update(stale_since=None)
    evaluate()

    assert listed() == {}


@with_problems
def test_problem_goes_when_the_end_of_the_alarm_was_missed(
    watched_shop: ConnectedShop,
) -> None:
    HookRegistration.objects.update(stale_since=timezone.now() - timedelta(days=1))
    evaluate()
    HookRegistration.objects.update(stale_since=None)
    AlarmState.objects.all().delete()

    evaluate()

    assert listed() == {}


@with_problems
def test_dismissed_problem_stays_dismissed_until_the_cause_comes_anew(
    watched_shop: ConnectedShop,
) -> None:
    fail_orders(watched_shop, 2)
    evaluate()
    dismiss(watched_shop)
    OutboxOrder.objects.filter(attention=VAT)[0].delete()
    evaluate()
    assert listed() == {VAT: (1, True)}

    OutboxOrder.objects.all().delete()
    evaluate()
    assert listed() == {}
    fail_orders(watched_shop, 1)
    evaluate()

    assert listed() == {VAT: (1, False)}


@with_problems
def test_app_that_was_removed_or_deactivated_has_no_problems(watched_shop: ConnectedShop) -> None:
    fail_orders(watched_shop, 1)
    evaluate()
    App.objects.update(is_active=False)
    evaluate()
    assert listed() == {}

    App.objects.update(is_active=True, removed_at=timezone.now())
    evaluate()
    assert listed() == {}
    App.objects.all().delete()

    evaluate()

    assert not AppProblem.objects.exists()


@with_problems
def test_problems_of_a_channel_go_when_the_plugin_is_switched_off(
    watched_shop: ConnectedShop,
) -> None:
    fail_orders(watched_shop, 1)
    evaluate()
    watched_shop.shop.configure_plugin(active=False)

    evaluate()

    assert listed() == {}


@with_problems
def test_app_has_no_more_problems_than_saleor_allows(watched_shop: ConnectedShop) -> None:
    for number in range(150):
        fail_orders(watched_shop, 1, f"{number} is a cause.")

    evaluate()

    assert AppProblem.objects.count() <= AppProblem.MAX_PROBLEMS_PER_APP
    assert sum(problem.count for problem in AppProblem.objects.all()) == 150


@with_problems
def test_problem_of_a_cause_is_listed_once_when_two_workers_list_it(
    watched_shop: ConnectedShop,
) -> None:
    fail_orders(watched_shop, 1)
    evaluate()
    row = AppProblem.objects.get()
    row.pk = None
    row.save()

    evaluate()

    assert AppProblem.objects.count() == 1


@with_problems
def test_comparison_writes_nothing_and_takes_four_statements_when_nothing_differs(
    watched_shop: ConnectedShop,
) -> None:
    costs = []
    for number in (1, 5):
        fail_orders(watched_shop, 50, f"{number} is a cause.")
        evaluate()
        with CaptureQueriesContext(connection) as captured:
            alarms.RECEIVERS[1].evaluated([watched_shop.shop.channel_pk], [])
        assert all(query["sql"].startswith("SELECT") for query in captured)
        costs.append(len(captured))
    assert costs == [4, 4]


@with_problems
def test_alarms_are_evaluated_when_problems_cannot_be_written(
    watched_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(host().apps), "show_problems", lambda *_: 1 // 0)
    HookRegistration.objects.update(stale_since=timezone.now() - timedelta(days=1))

    evaluate()

    assert AlarmState.objects.filter(key="hooks_dead", cleared_at=None).exists()


@pytest.mark.skipif(HAS_PROBLEMS, reason="the line has problems of apps")
def test_nothing_is_asked_where_saleor_has_no_problems(
    stocked_shop: ConnectedShop, django_assert_num_queries: Any
) -> None:
    InstalledApp.objects.all().delete()
    fail_orders(stocked_shop, 1)

    with django_assert_num_queries(0):
        alarms.RECEIVERS[1].evaluated([stocked_shop.shop.channel_pk], [])
