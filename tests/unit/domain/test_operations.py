"""Which wishes of staff can be met."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.domain.operations import (
    STAGES,
    WORDS,
    Refusal,
    why_not_pushed,
    why_not_retried,
    why_not_skipped,
)
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Entry, Stage


def entry(stage: Stage, **changes: Any) -> Entry:
    return Entry(order_pk="1", channel="default", stage=stage, **changes)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.COMPLETED])
@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.UNCONFIRMED])
def test_open_order_is_pushed_whatever_its_stage(state: OrderState, stage: Stage) -> None:
    assert why_not_pushed(state, entry(stage), active=True) is None


def test_order_is_pushed_when_nobody_has_taken_it_up() -> None:
    assert why_not_pushed(OrderState.OPEN, None, active=True) is None


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (OrderState.DRAFT, Refusal.DRAFT),
        (OrderState.CANCELLED, Refusal.CANCELLED),
        (OrderState.CLOSED, Refusal.FULFILLED),
    ],
)
def test_order_is_not_pushed_when_there_is_nothing_to_send(
    state: OrderState, refusal: Refusal
) -> None:
    assert why_not_pushed(state, None, active=True) is refusal


def test_order_is_not_pushed_when_it_was_shipped() -> None:
    """Its fulfilment was undone in Saleor: adopted, it would be fulfilled again without goods."""
    shipped = entry(Stage.COMPLETED)

    assert why_not_pushed(OrderState.OPEN, shipped, active=True) is Refusal.FULFILLED


def test_order_is_not_pushed_when_the_plugin_is_off() -> None:
    assert why_not_pushed(OrderState.OPEN, None, active=False) is Refusal.NOT_ACTIVE


def test_order_is_not_pushed_when_a_worker_has_it() -> None:
    held = entry(Stage.CREATING, held=True)

    assert why_not_pushed(OrderState.OPEN, held, active=True) is Refusal.BUSY


@pytest.mark.parametrize("stage", list(Stage))
def test_order_is_retried_when_something_stopped_it(stage: Stage) -> None:
    assert why_not_retried(entry(stage, last_error="no answer"), active=True) is None


@pytest.mark.parametrize("known", [None, entry(Stage.PENDING), entry(Stage.PROCESSED)])
def test_order_is_not_retried_when_nothing_stopped_it(known: Entry | None) -> None:
    assert why_not_retried(known, active=True) is Refusal.NOTHING_TO_RETRY


def test_order_is_not_retried_when_the_plugin_is_off() -> None:
    stopped = entry(Stage.FAILED, last_error="no answer")

    assert why_not_retried(stopped, active=False) is Refusal.NOT_ACTIVE


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
    assert why_not_skipped(known) is None


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
    assert why_not_skipped(known) is Refusal.IN_PICQER


@pytest.mark.parametrize("stage", [Stage.PENDING, Stage.CANCELLED])
def test_order_is_not_skipped_when_a_worker_has_it(stage: Stage) -> None:
    assert why_not_skipped(entry(stage, held=True)) is Refusal.BUSY


def test_there_are_words_for_everything() -> None:
    assert set(WORDS) == set(Refusal)
    assert set(STAGES) == set(Stage)
