"""The verdict on each order when everything is quiet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from picqer_simulator.core.models import Order as RemoteOrder

from saleor_picqer.domain.explanations import Code, Explanation
from saleor_picqer.domain.order_state_machine import Reason
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.explain import explain_order
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.sync.orders import texts
from tests.integration.delivery.running_shop import RunningShop

# Verdicts that fail a test begin with these words.
WRONG: Final = ("LOST", "DOUBLED", "STRANDED", "WRONG")


@dataclass(frozen=True)
class Case:
    """An order of the shop, the copies in both accounts, and the answer."""

    order: Order
    # An edit may raise the total of an order that is paid and processed.
    was_paid: bool
    former: list[RemoteOrder]
    present: list[RemoteOrder]
    row: OutboxOrder | None
    explanation: Explanation

    @property
    def is_cancelled(self) -> bool:
        return self.order.state is OrderState.CANCELLED

    @property
    def attention(self) -> str:
        """What staff see flagged on the order."""
        return self.row.attention if self.row else ""

    @property
    def status(self) -> str:
        """Status in Picqer; empty for an order outside Picqer."""
        found = [*self.former, *self.present]
        return found[0].status if found else ""

    def __str__(self) -> str:
        row = self.row
        saved = row and {
            name: getattr(row, name)
            for name in ("stage", "account", "remote_id", "dirty", "waiting_for", "last_error")
        }
        return (
            f"order {self.order.number} ({self.order.state}, {'' if self.order.paid else 'un'}paid)"
            f" is {self.status or 'not'} in Picqer; {saved}; {self.attention!r}; {self.explanation}"
        )

    def has_same_lines(self, remote: RemoteOrder) -> bool:
        wanted = sorted((line.sku, line.quantity) for line in self.order.lines)
        return wanted == sorted((line.productcode, line.amount) for line in remote.products)

    def has_same_header(self, remote: RemoteOrder) -> bool:
        address = self.order.shipping
        street = address.street1 if address else ""
        return (self.order.email, street) == (remote.emailaddress, remote.deliveryaddress)


def judge_all(
    pks: Collection[str],
    paid: Collection[str],
    present: RunningShop,
    former: RunningShop | None = None,
) -> Mapping[str, list[str]]:
    """Return the orders by verdict, each in words.

    `paid` are the orders that were paid at some time, and `former` is the shop as it was before its
    move to another Picqer account.
    """
    here = present.in_picqer(pks)
    there = former.in_picqer(pks) if former else {pk: [] for pk in pks}
    rows = {row.order_pk: row for row in OutboxOrder.objects.filter(order_pk__in=pks)}
    verdicts = defaultdict(list)
    for pk in pks:
        order, explained = host().orders.get(pk), explain_order(pk)
        assert order is not None
        assert explained is not None
        case = Case(order, pk in paid, there[pk], here[pk], rows.get(pk), explained.explanation)
        verdicts[judge(case)].append(str(case))
    return verdicts


def judge(case: Case) -> str:
    """Tell where the order is, or what is wrong with it."""
    if len(case.former) + len(case.present) > 1:
        return "DOUBLED"
    check = _CHECKS.get(case.explanation.code)
    if check is None:
        return f"STRANDED: {case.explanation.code}"
    return check(case)


def _never_sent(case: Case) -> str:
    if not case.is_cancelled:
        return "LOST: said to be cancelled"
    return "WRONG: cancelled, but in Picqer" if case.status else "cancelled before"


def _cancelled(case: Case) -> str:
    if case.is_cancelled and case.status == "cancelled":
        return "cancelled"
    return f"WRONG: said to be cancelled in Picqer, is {case.status or 'not there'}"


def _processed(case: Case) -> str:
    if case.is_cancelled or not case.was_paid:
        return "WRONG: picked, but cancelled or never paid"
    return _in_present(case, "processing") or _details(case, "processed")


def _concept(case: Case) -> str:
    if case.is_cancelled or case.order.paid:
        return "STRANDED: a concept, but cancelled or paid"
    if Reason.UNPAID not in case.explanation.details:
        return f"STRANDED: says {case.explanation.details}"
    return _in_present(case, "concept") or _details(case, "waits for the payment")


def _in_present(case: Case, status: str) -> str:
    if case.former:
        return "WRONG: in the former account"
    if not case.present:
        return "LOST: said to be in Picqer"
    return "" if case.status == status else f"WRONG: {case.status}, not {status}"


def _details(case: Case, verdict: str) -> str:
    (remote,) = case.present
    if not case.has_same_header(remote):
        return "WRONG: an edit of the header is missing"
    same = case.has_same_lines(remote)
    if same and not case.attention:
        return verdict
    if not same and case.attention == texts.LINES_CHANGED_LATE:
        return f"{verdict}, lines changed too late"
    return f"WRONG: lines {'equal' if same else 'differ'}, flagged {case.attention!r}"


def _in_other_account(case: Case) -> str:
    if case.present:
        return "WRONG: said to be in the former account, is in the present one"
    if case.row is None or case.row.account not in " ".join(case.explanation.details):
        return "STRANDED: the former account is not named"
    if case.row.remote_id is None:
        # A request got no answer: the order may be in that account or not.
        return "may be in the former account" if case.attention else "STRANDED: without a flag"
    if not case.former:
        return "LOST: said to be in the former account"
    wanted = _wanted_status(case)
    if case.status == wanted:
        return f"in the former account, {wanted}"
    return f"in the former account, to be {wanted}" if case.attention else "STRANDED: no flag"


def _wanted_status(case: Case) -> str:
    if case.is_cancelled:
        return "cancelled"
    is_started = case.status == "processing" and case.was_paid
    return "processing" if case.order.paid or is_started else "concept"


_CHECKS: Final[Mapping[Code, Callable[[Case], str]]] = {
    Code.CANCELLED: _never_sent,
    Code.CANCELLED_IN_PICQER: _cancelled,
    Code.PROCESSED: _processed,
    Code.CONCEPT: _concept,
    Code.IN_OTHER_ACCOUNT: _in_other_account,
}
