"""The calls that an order needs on its way, and how each of them comes about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from tests.integration.delivery.scene import NOTE, Scene


@dataclass(frozen=True)
class Call:
    """`prepare` makes an order; what `trigger` does to it leads to the request called `name`.

    In the end the order is at `stage` in the outbox, and has `status` in Picqer.
    """

    name: str
    prepare: Callable[[Scene], str]
    trigger: Callable[[Scene, str], None] = Scene.place
    stage: str = "processed"
    status: str = "processing"

    def assert_order_arrived_once(self, scene: Scene, pk: str) -> None:
        """It is there exactly once, and as it should be."""
        remote = scene.one_in_picqer(pk)
        assert remote.status == self.status
        assert scene.row(pk).stage == self.stage
        assert scene.row(pk).last_error == ""
        assert remote.customer_remarks == (NOTE if self.trigger is Scene.annotate else None)


def _lost(scene: Scene) -> str:
    """The answer to its creation does not come back, so it is looked for."""
    scene.break_call("POST /orders", "drop-after")
    return scene.new_order()


def _unknown_product(scene: Scene) -> str:
    sku = f"NEW-{uuid4().hex[:8]}"
    scene.connected.shop.product(sku)
    return scene.new_order(sku)


def _unpaid(scene: Scene) -> str:
    scene.connected.connect(process_when="when paid")
    return scene.new_order()


def _arrived(scene: Scene) -> str:
    pk = scene.new_order()
    scene.place(pk)
    scene.wait_for_stage(pk, "processed")
    return pk


CALLS = {
    "create": Call("POST /orders", Scene.new_order),
    "look-up": Call("GET /orders", _lost),
    "product": Call("POST /products", _unknown_product),
    "process": Call("POST /orders/{idorder}/process", Scene.new_order),
    "allocate": Call(
        "POST /orders/{idorder}/allocate", _unpaid, stage="allocated", status="concept"
    ),
    "update": Call("PUT /orders/{idorder}", _arrived, Scene.annotate),
    "cancel": Call(
        "DELETE /orders/{idorder}",
        _arrived,
        Scene.cancel,
        stage="cancelled",
        status="cancelled",
    ),
}
