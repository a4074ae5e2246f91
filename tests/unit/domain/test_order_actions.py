"""Pushing, retrying and skipping an order: when staff may, and why not otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.domain.order_actions import (
    REFUSAL_TEXTS,
    STAGE_TEXTS,
    OrderAction,
    RefusalReason,
    check_push,
    check_retry,
    check_skip,
    helpful_actions,
)
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.sync.orders import texts


def entry(stage: Stage, **changes: Any) -> Entry:
    return Entry(order_pk="1", channel="default", stage=stage, **changes)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.COMPLETED])
@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.UNCONFIRMED])
def test_open_order_is_pushed_whatever_its_stage(state: OrderState, stage: Stage) -> None:
    assert check_push(state, entry(stage), active=True) is None


def test_order_is_pushed_when_it_has_no_row() -> None:
    assert check_push(OrderState.OPEN, None, active=True) is None


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (OrderState.DRAFT, RefusalReason.DRAFT),
        (OrderState.CANCELLED, RefusalReason.CANCELLED),
        (OrderState.CLOSED, RefusalReason.FULFILLED),
    ],
)
def test_order_is_not_pushed_when_there_is_nothing_to_send(
    state: OrderState, refusal: RefusalReason
) -> None:
    assert check_push(state, None, active=True) is refusal


def test_order_is_pushed_when_it_is_open_again_after_it_was_shipped() -> None:
    """Failure mode F89."""
    assert check_push(OrderState.OPEN, entry(Stage.COMPLETED), active=True) is None


def test_order_is_not_pushed_when_the_plugin_is_off() -> None:
    assert check_push(OrderState.OPEN, None, active=False) is RefusalReason.NOT_ACTIVE


def test_order_is_not_pushed_when_a_worker_holds_the_lease() -> None:
    held = entry(Stage.CREATING, leased=True)

    assert check_push(OrderState.OPEN, held, active=True) is RefusalReason.BUSY


@pytest.mark.parametrize("stage", list(Stage))
def test_order_is_retried_when_something_stopped_it(stage: Stage) -> None:
    assert check_retry(entry(stage, last_error="no answer"), active=True) is None


@pytest.mark.parametrize("known", [None, entry(Stage.PENDING), entry(Stage.PROCESSED)])
def test_order_is_not_retried_when_nothing_stopped_it(known: Entry | None) -> None:
    assert check_retry(known, active=True) is RefusalReason.NOTHING_TO_RETRY


def test_order_is_not_retried_when_the_plugin_is_off() -> None:
    stopped = entry(Stage.FAILED, last_error="no answer")

    assert check_retry(stopped, active=False) is RefusalReason.NOT_ACTIVE


@pytest.mark.parametrize(
    "known",
    [
        None,
        entry(Stage.PENDING),
        entry(Stage.CREATING),
        entry(Stage.FAILED),
        entry(Stage.CANCELLED, remote_id=7),
        entry(Stage.SKIPPED),
    ],
)
def test_order_is_skipped_when_it_is_not_in_picqer(known: Entry | None) -> None:
    assert check_skip(known) is None


@pytest.mark.parametrize(
    "known",
    [
        entry(Stage.CREATED, remote_id=7),
        entry(Stage.ALLOCATED, remote_id=7),
        entry(Stage.PROCESSED, remote_id=7),
        entry(Stage.COMPLETED, remote_id=7),
        entry(Stage.FAILED, remote_id=7),
    ],
)
def test_order_is_not_skipped_when_it_is_in_picqer(known: Entry) -> None:
    assert check_skip(known) is RefusalReason.IN_PICQER


@pytest.mark.parametrize("stage", [Stage.PENDING, Stage.CANCELLED])
def test_order_is_not_skipped_when_a_worker_holds_the_lease(stage: Stage) -> None:
    assert check_skip(entry(stage, leased=True)) is RefusalReason.BUSY


def test_every_refusal_and_stage_has_a_text() -> None:
    assert set(REFUSAL_TEXTS) == set(RefusalReason)
    assert set(STAGE_TEXTS) == set(Stage)


@pytest.mark.parametrize(
    ("stage", "changes", "actions"),
    [
        (Stage.PROCESSED, {}, []),
        (Stage.PENDING, {}, [OrderAction.SKIP]),
        (Stage.CREATING, {"last_error": "No."}, [OrderAction.RETRY, OrderAction.SKIP]),
        (Stage.FAILED, {"last_error": "No."}, [OrderAction.RETRY, OrderAction.SKIP]),
        (Stage.CREATED, {"last_error": "No.", "remote_id": 7}, [OrderAction.RETRY]),
        (Stage.PROCESSED, {"attention": texts.not_tagged("x")}, []),
    ],
)
def test_actions_that_help_are_offered(
    stage: Stage, changes: dict[str, Any], actions: list[OrderAction]
) -> None:
    assert list(helpful_actions(entry(stage, **changes))) == actions


@pytest.mark.parametrize(
    ("stage", "flag"),
    [
        (Stage.COMPLETED, texts.open_again("O1")),
        (Stage.COMPLETED, texts.not_shipped("O1", {"MUG": 1})),
        (Stage.CREATED, texts.method_changed("O1")),
        (Stage.REOPENED, texts.reopened("O1")),
        (Stage.CANCELLED, texts.STILL_OPEN_IN_SALEOR),
    ],
)
def test_push_is_offered_when_the_flag_asks_for_it(stage: Stage, flag: str) -> None:
    assert list(helpful_actions(entry(stage, remote_id=7, attention=flag))) == [OrderAction.PUSH]


@pytest.mark.parametrize(
    "flag", [texts.shipped_unpaid("O1"), texts.shipped_although_cancelled("3S")]
)
def test_push_is_not_offered_when_the_goods_have_to_come_back(flag: str) -> None:
    order = entry(Stage.COMPLETED, remote_id=7, attention=flag)

    assert list(helpful_actions(order)) == []
