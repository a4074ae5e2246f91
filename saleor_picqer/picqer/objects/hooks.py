"""Webhooks: the hooks we register, and the events that Picqer delivers to them."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError

from saleor_picqer.errors import DataError
from saleor_picqer.picqer.objects.base import Body, Filled, PicqerObject, complaints
from saleor_picqer.picqer.wire import decode

HookEvent = Literal[
    "comments.created",
    "movements.moved",
    "orders.allocated",
    "orders.closed",
    "orders.completed",
    "orders.created",
    "orders.notes.created",
    "orders.paused",
    "orders.resumed",
    "orders.status_changed",
    "picklists.cancelled",
    "picklists.changed",
    "picklists.closed",
    "picklists.created",
    "picklists.paused",
    "picklists.resumed",
    "picklists.shipments.cancelled",
    "picklists.shipments.created",
    "picklists.snoozed",
    "picklists.unsnoozed",
    "products.assembled_stock_changed",
    "products.changed",
    "products.created",
    "products.free_stock_changed",
    "products.parts.changed",
    "products.stock_changed",
    "products.stock_on_location_changed",
]


class Hook(PicqerObject):
    """A registered hook. The list holds deactivated ones too; the secret cannot be read back."""

    id_field: ClassVar[str] = "idhook"

    idhook: int
    name: str = ""
    event: str = ""
    address: str = ""
    active: bool = True


class HookCreate(Body):
    """One event to one address. Picqer signs its deliveries only if there is a secret."""

    name: Filled
    event: HookEvent
    address: Filled
    secret: Filled = Field(repr=False)


class WebhookEvent(PicqerObject):
    """One delivery. `data` is the resource (an order, a product with stock, a picklist …)."""

    idhook: int | None = None
    name: str = ""
    event: str
    event_triggered_at: str = ""
    data: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """The event in a delivery's body; DataError if it is none."""
        try:
            return cls.model_validate(decode(raw))
        except ValidationError as failure:
            refusal = DataError(f"The delivery is not an event of Picqer: {complaints(failure)}")
        except ValueError:
            refusal = DataError("The delivery is not an event of Picqer: the body is not JSON.")
        raise refusal

    def read[T: PicqerObject](self, model: type[T]) -> T:
        """`data` as this object; DataError if it is another one."""
        try:
            return model.model_validate(self.data)
        except ValidationError as failure:
            refusal = DataError(f"{self.event}: no {model.__name__}: {complaints(failure)}")
        raise refusal
