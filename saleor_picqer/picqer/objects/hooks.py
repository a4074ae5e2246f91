"""Webhooks: registered hooks, and delivered events."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError

from saleor_picqer.errors import DataError
from saleor_picqer.picqer.objects.base import Body, Filled, Keyed, PicqerObject, complaints
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
    """A registered hook, active or not. Picqer never sends the secret back."""

    id_field: ClassVar[str] = "idhook"

    idhook: int
    name: str = ""
    event: str = ""
    address: str = ""
    active: bool = True


class HookCreate(Body):
    """A hook to register. Picqer signs deliveries with the secret."""

    name: Filled
    event: HookEvent
    address: Filled
    secret: Filled = Field(repr=False)


class WebhookEvent(PicqerObject):
    """One delivery; `data` is the order, picklist or product (with stock) of the event."""

    idhook: int | None = None
    name: str = ""
    event: str
    event_triggered_at: Any = ""
    data: Annotated[dict[str, Any], Keyed] = Field(default_factory=dict)

    @property
    def triggered_at(self) -> str:
        """The time as Picqer writes it; empty where it is no text."""
        return self.event_triggered_at if isinstance(self.event_triggered_at, str) else ""

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Return the event in a delivery's body; raise DataError for another body."""
        try:
            return cls.model_validate(decode(raw))
        except ValidationError as failure:
            refusal = DataError(f"The delivery is not an event of Picqer: {complaints(failure)}")
        except ValueError:
            refusal = DataError("The delivery is not an event of Picqer: the body is not JSON.")
        raise refusal

    def read[T: PicqerObject](self, model: type[T]) -> T:
        """Return `data` as an object of the class; raise DataError for another object."""
        try:
            return model.model_validate(self.data)
        except ValidationError as failure:
            refusal = DataError(f"{self.event}: no {model.__name__}: {complaints(failure)}")
        raise refusal
