"""A reconcile: what may differ between Saleor, the plugin's tables and Picqer, and what helps."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.outbox import LIVE_STAGES, Entry, Stage
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus


class Kind(StrEnum):
    """A difference that a reconcile looks for."""

    ORDER_COMPLETED = "order_completed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_SHIPPED = "order_shipped"
    ORDER_STATUS = "order_status"
    ORDER_REVIVED = "order_revived"
    PARCELS = "parcels"
    ORDER_MISSING = "order_missing"
    ORDER_UNREADABLE = "order_unreadable"
    ORDER_UNRECORDED = "order_unrecorded"
    ORDER_STUCK = "order_stuck"
    ORDER_FAILED = "order_failed"
    DELIVERY_STUCK = "delivery_stuck"
    DELIVERY_FAILED = "delivery_failed"
    STOCK = "stock"
    HOOKS = "hooks"


# What staff read about each kind: what differs, and what a reconcile with `apply` does about it.
KINDS: Final[Mapping[Kind, str]] = {
    Kind.ORDER_COMPLETED: "Picqer has shipped the order, and Saleor was not told."
    " Repaired: the order is fulfilled.",
    Kind.ORDER_CANCELLED: "The order is cancelled in Picqer, and Saleor was not told."
    " Repaired: the order is cancelled, or asks for attention, as the settings say.",
    Kind.ORDER_SHIPPED: "Picqer has closed a picklist that has no fulfilment."
    " Repaired: the fulfilment is created.",
    Kind.ORDER_STATUS: "The order has another status in Picqer than Saleor shows."
    " Repaired: the order follows Picqer.",
    Kind.ORDER_REVIVED: "Picqer works on an order that counts as shipped or cancelled, or has"
    " another order in place of one that was cancelled or deleted, and Saleor was not told."
    " Repaired: the order is followed again, as the new one. Reported where Saleor's order is"
    " cancelled, or was shipped already: cancel it in Picqer, or get the goods back.",
    Kind.PARCELS: "A shipment has other parcels in Picqer than Saleor shows."
    " Repaired: tracking numbers and parcels are corrected.",
    Kind.ORDER_MISSING: "Picqer no longer has the order."
    " Reported: push the order to send it again.",
    Kind.ORDER_UNREADABLE: "A request about the order has failed, so the order was not compared."
    " Reported with the error: the next reconcile tries again.",
    Kind.ORDER_UNRECORDED: "An order that Picqer handles was never recorded."
    " Repaired: the order is sent.",
    Kind.ORDER_STUCK: "No worker has taken the order for half an hour. Repaired: it is enqueued"
    " again; check that Celery's workers run.",
    Kind.ORDER_FAILED: "The plugin has given the order up."
    " Reported: mend the cause, then retry the order.",
    Kind.DELIVERY_STUCK: "No worker has taken a webhook delivery for half an hour. Reported: check"
    " that Celery's workers run.",
    Kind.DELIVERY_FAILED: "The plugin has given a webhook delivery up. Reported: the reconcile"
    " compares the open orders, and the nightly pull reads the stock. Mend the cause, then replay"
    " the delivery.",
    Kind.STOCK: "Stock in Saleor differs from what was last read from Picqer."
    " Repaired: the stock is calculated again.",
    Kind.HOOKS: "A webhook is missing in Picqer, or is off. Repaired: it is switched on again or"
    " replaced.",
}

# Differences that only arise where hooks, webhooks or workers fail.
SYMPTOMS: Final = frozenset(Kind) - {
    Kind.ORDER_FAILED,
    Kind.ORDER_MISSING,
    Kind.ORDER_UNREADABLE,
    Kind.DELIVERY_FAILED,
}

# Differences of which a webhook should have told.
TOLD_BY_WEBHOOKS: Final = frozenset(
    {
        Kind.ORDER_COMPLETED,
        Kind.ORDER_CANCELLED,
        Kind.ORDER_SHIPPED,
        Kind.ORDER_STATUS,
        Kind.ORDER_REVIVED,
        Kind.PARCELS,
    }
)


class Phase(StrEnum):
    """The parts of a reconcile, in their order."""

    HOOKS = "hooks"
    ORDERS = "orders"
    PARCELS = "parcels"
    ROWS = "rows"
    STOCK = "stock"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reconcile goes on.

    Within `ORDERS`, after the id `after` among the orders of `status`; within `PARCELS`, after so
    many shipments; within `STOCK`, after `sku`.
    """

    phase: Phase = Phase.HOOKS
    status: str = ""
    after: int = 0
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference. `number` is the order's number in Picqer, `detail` says more to staff.

    `count` is the number of differences for a finding about no single order.
    """

    kind: Kind
    order_pk: str = ""
    number: str = ""
    detail: str = ""
    repaired: bool = False
    count: int = 1


# Statuses by which Picqer's list is read, those of most orders first.
LISTED: Final = (
    RemoteStatus.PROCESSING,
    RemoteStatus.CONCEPT,
    RemoteStatus.PAUSED,
    RemoteStatus.EXPECTED,
)
# Orders whose last known status is none of these are read one by one.
OTHER: Final = ""
STATUSES: Final = (*(status.value for status in LISTED), OTHER)
# Stages of orders with nothing left to do in Picqer.
ENDED_STAGES: Final = frozenset({Stage.COMPLETED, Stage.CANCELLED})
# Stages of orders that are compared with Picqer. A failed order may have been processed there.
COMPARED_STAGES: Final = LIVE_STAGES | {Stage.FAILED}


def expected_status(entry: Entry) -> str:
    """Return the status in which Picqer should have the order."""
    if entry.remote_status:
        return entry.remote_status
    return (
        RemoteStatus.PROCESSING.value
        if entry.stage is Stage.PROCESSED
        else RemoteStatus.CONCEPT.value
    )


def difference(entry: Entry, remote: RemoteOrder, fulfilled: Set[int]) -> Kind | None:
    """Return how the order in Picqer differs from the row; None if it does not.

    `fulfilled` are the picklists that have become fulfilments.
    """
    if entry.stage in ENDED_STAGES:
        return None
    if remote.status is RemoteStatus.COMPLETED:
        return Kind.ORDER_COMPLETED
    if remote.status is RemoteStatus.CANCELLED:
        return Kind.ORDER_CANCELLED
    if not fulfilled >= {*remote.closed_picklists}:
        return Kind.ORDER_SHIPPED
    return Kind.ORDER_STATUS if remote.status.value != expected_status(entry) else None


def change(before: Entry, after: Entry) -> Kind | None:
    """Return which difference was there, judging by what has become of the row."""
    if after.stage is not before.stage:
        if after.stage is Stage.COMPLETED:
            return Kind.ORDER_COMPLETED
        if after.stage is Stage.CANCELLED:
            return Kind.ORDER_CANCELLED
    changed = (before.stage, expected_status(before)) != (after.stage, expected_status(after))
    return Kind.ORDER_STATUS if changed else None
