"""The judge of the random run notices what went wrong with an order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from picqer_simulator.core.models import Order as RemoteOrder
from picqer_simulator.core.models import OrderLine as RemoteLine

from saleor_picqer.domain.explanations import Code, Explanation
from saleor_picqer.domain.order_state_machine import Reason
from saleor_picqer.domain.orders import Address, Order, OrderLine, OrderState
from saleor_picqer.models import OutboxOrder
from saleor_picqer.sync.orders import texts
from tests.integration.delivery.judge import Case, judge

ORDER = Order(
    pk="1",
    number="1",
    channel="1",
    state=OrderState.OPEN,
    paid=True,
    email="jan@example.com",
    shipping=Address(street1="Dorpsstraat 1"),
    lines=(OrderLine("1", "BEANS", "Beans", 2, Decimal(20)),),
)
CANCELLED = replace(ORDER, state=OrderState.CANCELLED)


def remote(
    status: str = "processing", *, amount: int = 2, street: str = "Dorpsstraat 1"
) -> RemoteOrder:
    line = RemoteLine(1, 1, 1, "BEANS", "Beans", "", 10, amount)
    return RemoteOrder(
        1,
        "O-1",
        status=status,
        products=[line],
        emailaddress="jan@example.com",
        deliveryaddress=street,
    )


def case(code: Code, *present: RemoteOrder, order: Order = ORDER, attention: str = "") -> Case:
    row = OutboxOrder(order_pk="1", attention=attention)
    return Case(order, order.paid, [], list(present), row, Explanation.of(code))


@pytest.mark.parametrize(
    ("verdict", "found"),
    [
        ("DOUBLED", case(Code.PROCESSED, remote(), remote("concept"))),
        ("LOST", case(Code.PROCESSED)),
        ("LOST", case(Code.CANCELLED)),
        ("STRANDED", case(Code.DUE)),
        ("STRANDED", case(Code.FAILED)),
        ("STRANDED", case(Code.CONCEPT, remote("concept"))),
        ("STRANDED", case(Code.CONCEPT, remote("concept"), order=replace(ORDER, paid=False))),
        ("WRONG", case(Code.PROCESSED, remote("concept"))),
        ("WRONG", case(Code.PROCESSED, remote(), order=CANCELLED)),
        ("WRONG", case(Code.PROCESSED, remote(), order=replace(ORDER, paid=False))),
        ("WRONG", case(Code.PROCESSED, remote(street="Dorpsstraat 2"))),
        ("WRONG", case(Code.PROCESSED, remote(amount=1))),
        ("WRONG", case(Code.PROCESSED, remote(), attention="Look at this.")),
        ("WRONG", case(Code.CANCELLED_IN_PICQER, remote(), order=CANCELLED)),
    ],
)
def test_judge_refuses_what_went_wrong(verdict: str, found: Case) -> None:
    assert judge(found).startswith(verdict)


def test_judge_accepts_what_went_well() -> None:
    unpaid = replace(ORDER, paid=False)
    waits = Explanation.of(Code.CONCEPT, Reason.UNPAID)
    late = texts.LINES_CHANGED_LATE

    assert judge(case(Code.PROCESSED, remote())) == "processed"
    assert judge(case(Code.PROCESSED, remote(amount=1), attention=late)).endswith("too late")
    assert judge(case(Code.CANCELLED, order=CANCELLED)) == "cancelled before"
    assert judge(Case(unpaid, False, [], [remote("concept")], None, waits)).startswith("waits")


def in_former_account(*found: RemoteOrder, remote_id: int | None, attention: str = "") -> Case:
    row = OutboxOrder(account="old.picqer.com", remote_id=remote_id, attention=attention)
    told = Explanation.of(Code.IN_OTHER_ACCOUNT, "Account: old.picqer.com.")
    return Case(ORDER, True, list(found), [], row, told)


def test_judge_asks_for_a_flag_when_staff_have_to_act_in_the_former_account() -> None:
    flagged = in_former_account(remote("concept"), remote_id=1, attention="Finish it.")

    assert judge(flagged) == "in the former account, to be processing"
    assert judge(in_former_account(remote(), remote_id=1)) == "in the former account, processing"
    assert judge(in_former_account(remote("concept"), remote_id=1)).startswith("STRANDED")
    assert judge(in_former_account(remote_id=None)).startswith("STRANDED")
    assert judge(in_former_account(remote_id=1)).startswith("LOST")
