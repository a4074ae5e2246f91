"""The state machine of orders: single decisions, and properties of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.order_state_machine import Action, NextAction, missing_step, next_action
from saleor_picqer.domain.orders import Milestone, Order, OrderPolicy, OrderState
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.domain.builders import line, order

PLACED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BEFORE, AFTER = PLACED_AT - timedelta(days=1), PLACED_AT + timedelta(days=1)
CARD = line("CARD", ships=False)
SHIPPED = line("MUG", 2, fulfilled=2)

PLACED, CONFIRMED, PAID = (
    OrderPolicy(push=milestone, process=Milestone.PLACED, authorized_is_paid=False)
    for milestone in Milestone
)
PICKED_WHEN_PAID = replace(PLACED, process=Milestone.PAID)
PICKED_WHEN_CONFIRMED = replace(PLACED, process=Milestone.CONFIRMED)


def entry(stage: Stage, **changes: Any) -> Entry:
    there = stage not in (Stage.PENDING, Stage.CREATING, Stage.SKIPPED, Stage.FAILED)
    remote_id = 24035 if there else None
    return Entry("1", "default", stage, **{"remote_id": remote_id} | changes)


def decide(stage: Stage, *lines: Any, policy: OrderPolicy = PLACED, **changes: Any) -> NextAction:
    """Decide for an order that is open and unpaid, apart from the changes."""
    requested = changes.pop("requested", False)
    reference = changes.pop("reference", "")
    status = changes.pop("remote_status", "")
    row = entry(stage, requested=requested, reference=reference, remote_status=status)
    return next_action(order(*lines, placed_at=PLACED_AT, **changes), row, policy)


# --- before it is sent


@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.CANCELLED])
def test_skipped_order_is_looked_up_when_it_may_be_in_picqer(state: OrderState) -> None:
    assert decide(Stage.SKIPPED, reference="10042", state=state).do is Action.LOOK_UP
    assert decide(Stage.SKIPPED, state=state).do is Action.SKIP


@pytest.mark.parametrize(
    ("policy", "facts", "expected"),
    [
        (PLACED, {}, Action.CREATE),
        (PLACED, {"state": OrderState.UNCONFIRMED}, Action.CREATE),
        (PLACED, {"state": OrderState.DRAFT}, Action.WAIT),
        (CONFIRMED, {}, Action.CREATE),
        (CONFIRMED, {"state": OrderState.UNCONFIRMED}, Action.WAIT),
        (CONFIRMED, {"state": OrderState.UNCONFIRMED, "paid": True}, Action.WAIT),
        (PAID, {}, Action.WAIT),
        (PAID, {"authorized": True}, Action.WAIT),
        (PAID, {"paid": True}, Action.CREATE),
        (PAID, {"paid": True, "state": OrderState.UNCONFIRMED}, Action.WAIT),
        (replace(PAID, authorized_is_paid=True), {"authorized": True}, Action.CREATE),
    ],
)
@pytest.mark.parametrize("stage", [Stage.PENDING, Stage.CREATING])
def test_order_is_sent_when_the_channels_rule_says_so(
    stage: Stage, policy: OrderPolicy, facts: dict[str, Any], expected: Action
) -> None:
    assert decide(stage, policy=policy, **facts).do is expected


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"policy": CONFIRMED, "state": OrderState.UNCONFIRMED}, "not confirmed yet"),
        ({"policy": PAID}, "not paid yet"),
        ({"state": OrderState.DRAFT}, "still a draft"),
        ({"state": OrderState.CLOSED}, "already fulfilled"),
        ({"state": OrderState.CANCELLED}, "cancelled before it was sent"),
    ],
)
def test_reason_is_told_when_an_order_is_not_sent(facts: dict[str, Any], reason: str) -> None:
    assert reason in decide(Stage.PENDING, **facts).reason


@pytest.mark.parametrize("policy", [CONFIRMED, PAID])
def test_order_is_sent_when_staff_asked_for_it_whatever_the_rule(policy: OrderPolicy) -> None:
    assert decide(Stage.CREATING, policy=policy, requested=True).do is Action.CREATE


@pytest.mark.parametrize(
    ("since", "requested", "expected"),
    [
        (None, False, Action.CREATE),
        (BEFORE, False, Action.CREATE),
        (AFTER, False, Action.SKIP),
        (AFTER, True, Action.CREATE),
    ],
)
def test_order_is_skipped_when_it_is_older_than_the_plugin(
    since: datetime | None, requested: bool, expected: Action
) -> None:
    row = entry(Stage.PENDING, requested=requested)

    assert next_action(order(placed_at=PLACED_AT), row, PLACED, since).do is expected


@pytest.mark.parametrize("lines", [(CARD,), (SHIPPED,), (CARD, SHIPPED)])
def test_order_is_skipped_when_nothing_is_to_be_shipped(lines: tuple[Any, ...]) -> None:
    assert decide(Stage.PENDING, *lines).do is Action.SKIP


def test_order_waits_when_staff_can_still_add_goods() -> None:
    """Saleor lets staff change the lines of an order until it is confirmed."""
    assert decide(Stage.PENDING, CARD, state=OrderState.UNCONFIRMED).do is Action.WAIT


def test_order_is_sent_when_a_part_of_it_is_to_be_shipped() -> None:
    assert decide(Stage.PENDING, CARD, SHIPPED, line("CUP")).do is Action.CREATE


@pytest.mark.parametrize(
    "facts",
    [
        {"state": OrderState.CANCELLED},
        {"state": OrderState.CLOSED},
        {"policy": PAID},
        {"policy": CONFIRMED, "state": OrderState.UNCONFIRMED},
    ],
)
def test_order_is_looked_up_when_it_may_be_in_picqer_and_is_cancelled(
    facts: dict[str, Any],
) -> None:
    assert decide(Stage.CREATING, reference="10042", **facts).do is Action.LOOK_UP


# --- when it is there


@pytest.mark.parametrize(
    ("policy", "stage", "facts", "expected"),
    [
        (PLACED, Stage.CREATED, {}, Action.PROCESS),
        (PLACED, Stage.ALLOCATED, {}, Action.PROCESS),
        (PICKED_WHEN_PAID, Stage.CREATED, {}, Action.ALLOCATE),
        (PICKED_WHEN_PAID, Stage.ALLOCATED, {}, Action.WAIT),
        (PICKED_WHEN_PAID, Stage.ALLOCATED, {"authorized": True}, Action.WAIT),
        (PICKED_WHEN_PAID, Stage.CREATED, {"paid": True}, Action.PROCESS),
        (
            PICKED_WHEN_PAID,
            Stage.CREATED,
            {"paid": True, "state": OrderState.UNCONFIRMED},
            Action.ALLOCATE,
        ),
        (
            PICKED_WHEN_CONFIRMED,
            Stage.ALLOCATED,
            {"state": OrderState.UNCONFIRMED},
            Action.WAIT,
        ),
        (PICKED_WHEN_CONFIRMED, Stage.ALLOCATED, {}, Action.PROCESS),
        (PICKED_WHEN_PAID, Stage.ALLOCATED, {"paid": True}, Action.PROCESS),
        (
            replace(PICKED_WHEN_PAID, authorized_is_paid=True),
            Stage.ALLOCATED,
            {"authorized": True},
            Action.PROCESS,
        ),
    ],
)
def test_order_is_processed_when_the_channels_rule_says_so(
    policy: OrderPolicy, stage: Stage, facts: dict[str, Any], expected: Action
) -> None:
    assert decide(stage, policy=policy, **facts).do is expected


@pytest.mark.parametrize("stage", [Stage.CREATED, Stage.ALLOCATED])
@pytest.mark.parametrize("status", ["processing", "paused", "completed", "cancelled"])
def test_order_is_followed_when_it_was_changed_in_picqer(stage: Stage, status: str) -> None:
    assert decide(stage, remote_status=status).do is Action.FOLLOW


@pytest.mark.parametrize("stage", [Stage.CREATED, Stage.ALLOCATED])
@pytest.mark.parametrize(
    ("lines", "state"), [((), OrderState.CLOSED), ((CARD, SHIPPED), OrderState.OPEN)]
)
def test_order_is_held_back_when_nothing_of_it_is_left_to_ship(
    stage: Stage, lines: tuple[Any, ...], state: OrderState
) -> None:
    assert decide(stage, *lines, state=state).do is Action.HOLD


@pytest.mark.parametrize("stage", [Stage.CREATED, Stage.ALLOCATED, Stage.PROCESSED])
def test_order_is_cancelled_when_it_is_cancelled_in_the_shop(stage: Stage) -> None:
    assert decide(stage, state=OrderState.CANCELLED).do is Action.CANCEL


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        (Stage.PROCESSED, OrderState.OPEN),
        (Stage.PROCESSED, OrderState.CLOSED),
        (Stage.COMPLETED, OrderState.CLOSED),
        (Stage.COMPLETED, OrderState.CANCELLED),
        (Stage.CANCELLED, OrderState.OPEN),
        (Stage.CANCELLED, OrderState.CANCELLED),
        (Stage.FAILED, OrderState.OPEN),
    ],
)
def test_order_needs_no_action_when_its_stage_is_final(stage: Stage, state: OrderState) -> None:
    assert decide(stage, state=state).do is Action.NONE


def test_order_stays_skipped_for_the_same_reason() -> None:
    row = replace(entry(Stage.SKIPPED), waiting_for="Skipped by staff.")

    assert next_action(order(), row, PLACED) == NextAction(Action.SKIP, "Skipped by staff.")


# --- random orders and rows

orders = st.builds(
    order,
    st.sampled_from([line("MUG", 2), CARD, SHIPPED]),
    state=st.sampled_from(OrderState),
    paid=st.booleans(),
    authorized=st.booleans(),
    placed_at=st.just(PLACED_AT),
)
policies = st.builds(
    OrderPolicy,
    push=st.sampled_from(Milestone),
    process=st.sampled_from(Milestone),
    authorized_is_paid=st.booleans(),
)
entries = st.builds(
    entry,
    st.sampled_from(Stage),
    requested=st.booleans(),
    reference=st.sampled_from(["", "10042"]),
    remote_status=st.sampled_from(["", *RemoteStatus]),
)
sinces = st.sampled_from([None, BEFORE, AFTER])


@given(order=orders, row=entries, policy=policies, since=sinces)
def test_no_order_is_created_that_is_over_or_has_nothing_to_ship(
    order: Order, row: Entry, policy: OrderPolicy, since: datetime | None
) -> None:
    if next_action(order, row, policy, since).do is Action.CREATE:
        assert order.state in (OrderState.OPEN, OrderState.UNCONFIRMED)
        assert order.shippable_lines
        assert row.remote_id is None


@given(order=orders, row=entries, policy=policies, since=sinces)
def test_no_order_is_skipped_that_picqer_may_have(
    order: Order, row: Entry, policy: OrderPolicy, since: datetime | None
) -> None:
    may_be_there = row.remote_id is not None or (row.stage is Stage.CREATING and row.reference)

    if may_be_there:
        assert next_action(order, row, policy, since).do is not Action.SKIP


def test_nothing_unpaid_or_unconfirmed_is_picked_when_no_rule_is_set() -> None:
    """Failure mode F87."""
    policy = OrderPolicy()

    unpaid = decide(Stage.ALLOCATED, policy=policy)
    unconfirmed = decide(Stage.ALLOCATED, policy=policy, paid=True, state=OrderState.UNCONFIRMED)
    authorised = decide(Stage.ALLOCATED, policy=policy, authorized=True)

    assert (unpaid.do, unconfirmed.do) == (Action.WAIT, Action.WAIT)
    assert authorised.do is Action.PROCESS


@given(order=orders, row=entries, policy=policies, since=sinces)
def test_no_order_is_created_or_processed_unpaid_against_the_rule(
    order: Order, row: Entry, policy: OrderPolicy, since: datetime | None
) -> None:
    if missing_step(order, Milestone.PAID, policy) is None:
        return
    do = next_action(order, row, policy, since).do

    if policy.push is Milestone.PAID and not row.requested:
        assert do is not Action.CREATE
    if policy.process is Milestone.PAID:
        assert do is not Action.PROCESS


@given(order=orders, row=entries, policy=policies, since=sinces)
def test_action_has_a_reason_when_the_order_waits_or_is_skipped(
    order: Order, row: Entry, policy: OrderPolicy, since: datetime | None
) -> None:
    step = next_action(order, replace(row, waiting_for="Skipped by staff."), policy, since)

    if step.do in (Action.WAIT, Action.SKIP, Action.HOLD, Action.CANCEL):
        assert step.reason


# The new fields of the row after a successful action.
DONE: dict[Action, dict[str, Any]] = {
    Action.SKIP: {"stage": Stage.SKIPPED},
    Action.CREATE: {"stage": Stage.CREATED, "remote_status": "concept"},
    Action.ALLOCATE: {"stage": Stage.ALLOCATED},
    Action.PROCESS: {"stage": Stage.PROCESSED, "remote_status": "processing"},
    Action.CANCEL: {"stage": Stage.CANCELLED},
}

FOLLOWED = {
    "processing": Stage.PROCESSED,
    "paused": Stage.PROCESSED,
    "completed": Stage.COMPLETED,
    "cancelled": Stage.CANCELLED,
}


@given(
    order=orders, row=entries, policy=policies, since=sinces, arrived=st.sampled_from(RemoteStatus)
)
def test_every_order_comes_to_rest_after_a_few_actions(
    order: Order, row: Entry, policy: OrderPolicy, since: datetime | None, arrived: RemoteStatus
) -> None:
    for _ in range(5):
        do = next_action(order, row, policy, since).do
        if do in (Action.NONE, Action.WAIT, Action.HOLD, Action.SKIP):
            return
        row = replace(row, **DONE.get(do) or done(do, row, arrived))

    pytest.fail(f"{do} again and again: {row}")


def done(do: Action, row: Entry, arrived: RemoteStatus) -> dict[str, Any]:
    """Return the new fields of the row after a look-up or after following the order."""
    if do is Action.FOLLOW:
        return {"stage": FOLLOWED[row.remote_status]}
    if arrived is RemoteStatus.UNKNOWN:
        return {"reference": ""}
    return {"stage": Stage.CREATED, "remote_id": 24035, "remote_status": arrived.value}
