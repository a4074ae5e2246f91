"""The calls to Picqer for an order, and how a test causes each call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from tests.integration.delivery.running_shop import NOTE, RunningShop


@dataclass(frozen=True)
class RemoteCall:
    """Describes a call to Picqer: `prepare` makes an order, `trigger` leads to the request `name`.

    Afterwards the order is at `stage` in the outbox and has `status` in Picqer.
    """

    name: str
    prepare: Callable[[RunningShop], str]
    trigger: Callable[[RunningShop, str], None] = RunningShop.place
    stage: str = "processed"
    status: str = "processing"

    def assert_order_arrived_once(self, running_shop: RunningShop, pk: str) -> None:
        """Check that Picqer has the order exactly once, in the expected status."""
        remote = running_shop.one_in_picqer(pk)
        assert remote.status == self.status
        assert running_shop.row(pk).stage == self.stage
        assert running_shop.row(pk).last_error == ""
        assert remote.customer_remarks == (NOTE if self.trigger is RunningShop.annotate else None)


def _lost(running_shop: RunningShop) -> str:
    """Lose the response to the create request, so that the plugin looks the order up."""
    running_shop.break_call("POST /orders", "drop-after")
    return running_shop.new_order()


def _unknown_product(running_shop: RunningShop) -> str:
    sku = f"NEW-{uuid4().hex[:8]}"
    running_shop.connected_shop.shop.product(sku)
    return running_shop.new_order(sku)


def _unpaid(running_shop: RunningShop) -> str:
    running_shop.connected_shop.connect(process_when="paid")
    return running_shop.new_order()


def _arrived(running_shop: RunningShop) -> str:
    pk = running_shop.new_order()
    running_shop.place(pk)
    running_shop.wait_for_stage(pk, "processed")
    return pk


REMOTE_CALLS = {
    "create": RemoteCall("POST /orders", RunningShop.new_order),
    "look-up": RemoteCall("GET /orders", _lost),
    "product": RemoteCall("POST /products", _unknown_product),
    "process": RemoteCall("POST /orders/{idorder}/process", RunningShop.new_order),
    "allocate": RemoteCall(
        "POST /orders/{idorder}/allocate", _unpaid, stage="allocated", status="concept"
    ),
    "update": RemoteCall("PUT /orders/{idorder}", _arrived, RunningShop.annotate),
    "cancel": RemoteCall(
        "DELETE /orders/{idorder}",
        _arrived,
        RunningShop.cancel,
        stage="cancelled",
        status="cancelled",
    ),
}
