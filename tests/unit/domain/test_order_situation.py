"""The answer to "where is this order?": single situations, and agreement with the worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.explanations import CODE_TEXTS, Code, Explanation
from saleor_picqer.domain.order_situation import ChannelSituation, OrderSituation, explain
from saleor_picqer.domain.order_state_machine import Action, next_action
from saleor_picqer.domain.orders import Milestone, Order, OrderPolicy, OrderState
from saleor_picqer.domain.outbox import SKIPPED_BY_STAFF, Entry, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.domain.shipping import Delivery, ShippingPolicy
from tests.unit.domain.builders import line, order

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=2), NOW + timedelta(minutes=20)
PARCEL = Delivery("Parcel")
BY_PARCEL = OrderPolicy(shipping=ShippingPolicy.parse("Parcel"))
CHANNEL = ChannelSituation("webshop", orders=BY_PARCEL, swept_until=NOW)
RECEIVED: dict[str, Any] = {"remote_id": 7, "remote_number": "P7", "account": "shop"}


def row(stage: Stage = Stage.PENDING, **changes: Any) -> Entry:
    return Entry("1", "default", stage, **changes)


def ask(
    entry: Entry | None = None,
    *,
    channel: dict[str, Any] | None = None,
    delivery: Delivery = PARCEL,
    lines: tuple[Any, ...] = (),
    times: dict[str, Any] | None = None,
    **changes: Any,
) -> Explanation:
    """Ask about an open, unpaid order; without `entry` it was never recorded."""
    return explain(
        OrderSituation(
            NOW,
            replace(CHANNEL, **channel or {}),
            order(*lines, **{"placed_at": NOW, "delivery": delivery} | changes),
            entry,
            **times or {},
        )
    )


def policy(**changes: Any) -> dict[str, Any]:
    return {"orders": replace(CHANNEL.orders, **changes)}


def test_order_is_called_deleted_when_saleor_has_only_the_row() -> None:
    assert explain(OrderSituation(NOW, CHANNEL, None, entry=row())).code is Code.DELETED


# --- never recorded


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ({"state": OrderState.DRAFT}, Code.DRAFT),
        ({"state": OrderState.CANCELLED}, Code.CANCELLED),
        ({"state": OrderState.CLOSED}, Code.FULFILLED),
        ({"channel": {"is_set_up": False, "active": False}}, Code.NOT_SET_UP),
        ({"channel": {"active": False}}, Code.SWITCHED_OFF),
        ({"channel": {"problem": "api_key: Picqer API key is required"}}, Code.INVALID_SETTINGS),
        ({"delivery": Delivery("Courier")}, Code.METHOD_NOT_HANDLED),
        ({"lines": (line("CARD", ships=False),)}, Code.NOTHING_TO_SHIP),
        ({"channel": {"since": SOON}}, Code.PLACED_TOO_EARLY),
        (
            {"channel": policy(push=Milestone.CONFIRMED), "state": OrderState.UNCONFIRMED},
            Code.WAITS_FOR_CONFIRMATION,
        ),
        ({"channel": policy(push=Milestone.PAID)}, Code.WAITS_FOR_PAYMENT),
        ({"channel": {"open_until": SOON}}, Code.PICQER_SILENT),
        ({}, Code.DUE),
    ],
)
def test_order_without_a_row_has_an_answer(situation: dict[str, Any], code: Code) -> None:
    """Failure mode F101."""
    explained = ask(**situation)

    assert explained.code is code
    assert explained.title.endswith(".")


def test_answer_names_the_setting_when_it_is_invalid() -> None:
    assert ask(channel={"problem": "api_key: is required"}).details == ("api_key: is required",)


@pytest.mark.parametrize(
    ("setting", "is_collection", "remedy"),
    [
        ("marked", False, "Tick the shipping method"),
        ("marked", True, "Tick the warehouse"),
        ("all", True, '"all"'),
        ("Parcel", False, "Add the name to the setting"),
    ],
)
def test_answer_names_the_method_and_the_remedy_when_picqer_does_not_handle_it(
    setting: str, is_collection: bool, remedy: str
) -> None:
    shipping = ShippingPolicy.parse(setting)
    delivery = Delivery("Courier", is_collection=is_collection)

    explained = ask(channel=policy(shipping=shipping), delivery=delivery)

    assert '"Courier"' in explained.title
    assert remedy in explained.advice
    assert "push" in explained.advice


def test_answer_says_so_when_the_order_has_no_shipping_method() -> None:
    assert "no shipping method" in ask(delivery=Delivery()).title


def test_answer_names_the_last_sweep_when_it_is_overdue() -> None:
    overdue = ask(channel={"swept_until": NOW - timedelta(hours=2)})

    assert overdue.details == (
        "The sweeper has still to record the order.",
        "The sweeper last ran at 2026-01-05 07:00 UTC.",
    )
    assert ask(row()).details == ()


# --- recorded


@pytest.mark.parametrize(
    ("entry", "times", "code", "until"),
    [
        (row(), {}, Code.DUE, None),
        (row(lease="w1", leased=True), {"leased_until": SOON}, Code.BUSY, SOON),
        (row(last_error="no answer"), {"not_before": SOON}, Code.POSTPONED, SOON),
        # No worker holds the row, but Picqer may still carry out a request.
        (
            row(Stage.CREATING, reference="1", leased=True, last_error="no answer"),
            {"leased_until": LATER, "not_before": SOON},
            Code.POSTPONED,
            LATER,
        ),
        (row(Stage.FAILED, last_error="SKU unknown"), {}, Code.FAILED, None),
        (row(Stage.FAILED, last_error="SKU unknown"), {"dirty": True}, Code.DUE, None),
        (row(Stage.SKIPPED, waiting_for=SKIPPED_BY_STAFF), {}, Code.SKIPPED_BY_STAFF, None),
        (row(Stage.SKIPPED, waiting_for="The moon is full."), {}, Code.SKIPPED, None),
    ],
)
def test_recorded_order_has_an_answer(
    entry: Entry, times: dict[str, Any], code: Code, until: datetime | None
) -> None:
    """Failure mode F101."""
    explained = ask(entry, times=times)

    assert (explained.code, explained.until) == (code, until)
    assert entry.last_error in (*explained.details, "") or code is Code.DUE


@pytest.mark.parametrize(
    ("open_until", "code"), [(SOON, Code.POSTPONED), (LATER, Code.PICQER_SILENT)]
)
def test_answer_names_what_lasts_longer_when_order_and_channel_wait(
    open_until: datetime, code: Code
) -> None:
    entry = row(last_error="no answer")
    between = NOW + timedelta(minutes=10)

    assert (
        ask(entry, channel={"open_until": open_until}, times={"not_before": between}).code is code
    )


def test_requested_order_is_due_when_picqer_does_not_handle_its_method() -> None:
    assert ask(row(requested=True), delivery=Delivery("Courier")).code is Code.DUE


def test_answer_names_the_new_method_when_picqer_does_not_handle_it_any_more() -> None:
    explained = ask(row(method=PARCEL.key), delivery=Delivery("Courier"))

    assert explained.code is Code.METHOD_NOT_HANDLED
    assert '"Courier"' in explained.title


def test_cancelled_order_is_due_when_it_may_be_in_picqer() -> None:
    entry = row(Stage.CREATING, reference="10042")

    assert ask(entry, state=OrderState.CANCELLED).code is Code.DUE


# --- in Picqer


@pytest.mark.parametrize(
    ("stage", "status", "code"),
    [
        (Stage.CREATED, RemoteStatus.CONCEPT, Code.CONCEPT),
        (Stage.ALLOCATED, RemoteStatus.CONCEPT, Code.CONCEPT),
        (Stage.PROCESSED, RemoteStatus.PROCESSING, Code.PROCESSED),
        (Stage.COMPLETED, RemoteStatus.COMPLETED, Code.COMPLETED),
        (Stage.CANCELLED, RemoteStatus.CANCELLED, Code.CANCELLED_IN_PICQER),
    ],
)
def test_answer_names_number_status_and_page_when_the_order_is_in_picqer(
    stage: Stage, status: RemoteStatus, code: Code
) -> None:
    entry = row(
        stage, remote_status=status.value, status_page="https://track.example/1", **RECEIVED
    )

    explained = ask(entry, channel={"account": "shop"})

    assert explained.code is code
    assert explained.details[:3] == (
        "Number in Picqer: P7.",
        f"Status in Picqer: {status.value}.",
        "Status page: https://track.example/1",
    )


def test_answer_says_what_a_concept_waits_for() -> None:
    entry = row(Stage.ALLOCATED, attention="Pay the bill.", **RECEIVED)

    explained = ask(entry, channel=policy(process=Milestone.PAID))

    assert explained.code is Code.CONCEPT
    assert "The order is not paid yet." in explained.details
    assert explained.advice == "Pay the bill."


def test_answer_says_when_the_next_step_of_a_concept_is_tried_again() -> None:
    entry = row(Stage.CREATED, last_error="no answer", **RECEIVED)

    explained = ask(entry, times={"not_before": SOON, "dirty": True})

    assert (explained.code, explained.until) == (Code.CONCEPT, SOON)
    assert "no answer" in explained.details


def test_answer_says_nothing_more_when_no_step_is_left() -> None:
    assert ask(row(Stage.PROCESSED, **RECEIVED)).details == ("Number in Picqer: P7.",)


def test_order_in_a_former_account_is_named_as_such() -> None:
    explained = ask(row(Stage.CREATED, **RECEIVED), channel={"account": "new-shop"})

    assert explained.code is Code.IN_OTHER_ACCOUNT
    assert explained.details[0] == "Account: shop."


# --- always

# Stages that an order reaches with its id in Picqer.
IN_PICQER = frozenset(
    {Stage.CREATED, Stage.ALLOCATED, Stage.PROCESSED, Stage.REOPENED, Stage.COMPLETED}
)
COURIER = Delivery("Courier")

orders_of_all_kinds = st.builds(
    order,
    st.sampled_from([line(), line(ships=False), line(fulfilled=1)]),
    state=st.sampled_from(OrderState),
    paid=st.booleans(),
    placed_at=st.sampled_from([NOW, NOW - timedelta(days=2)]),
    delivery=st.sampled_from([PARCEL, COURIER]),
)
rows_of_all_kinds = st.builds(
    Entry,
    st.just("1"),
    st.just("default"),
    st.sampled_from(Stage),
    reference=st.sampled_from(["", "10042"]),
    remote_id=st.sampled_from([None, 7]),
    method=st.sampled_from(["", PARCEL.key]),
    requested=st.booleans(),
    waiting_for=st.sampled_from(["", SKIPPED_BY_STAFF]),
).filter(lambda entry: entry.remote_id is not None or entry.stage not in IN_PICQER)
policies = st.builds(
    OrderPolicy, push=st.sampled_from(Milestone), process=st.sampled_from(Milestone)
)
HELD_BY_THE_ORDER = frozenset(
    {
        Code.DRAFT,
        Code.CANCELLED,
        Code.FULFILLED,
        Code.NOTHING_TO_SHIP,
        Code.METHOD_NOT_HANDLED,
        Code.PLACED_TOO_EARLY,
        Code.SKIPPED_BY_STAFF,
        Code.SKIPPED,
        Code.WAITS_FOR_CONFIRMATION,
        Code.WAITS_FOR_PAYMENT,
    }
)


@given(orders_of_all_kinds, rows_of_all_kinds, policies)
def test_answer_agrees_with_the_worker(asked: Order, entry: Entry, rules: OrderPolicy) -> None:
    since = NOW - timedelta(days=1)
    channel = replace(CHANNEL, orders=rules, since=since)

    code = explain(OrderSituation(NOW, channel, asked, entry)).code

    does = next_action(asked, entry, rules, since).do
    if code in HELD_BY_THE_ORDER:
        assert does in (Action.WAIT, Action.SKIP)
    elif code is Code.DUE:
        assert does not in (Action.WAIT, Action.SKIP)


def test_every_code_has_its_words() -> None:
    assert set(CODE_TEXTS) == set(Code)
