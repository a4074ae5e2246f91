"""Orders and settings as Saleor's API shows them, in one shape for every line of Saleor."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.integration.support.api import Json


@dataclass(frozen=True)
class FulfilmentView:
    """A fulfilment as the API shows it; `lines` is quantity by SKU."""

    status: str
    tracking: str
    warehouse: str | None
    lines: dict[str, int]
    # What everybody may read.
    metadata: dict[str, str]

    @classmethod
    def of(cls, found: Json) -> FulfilmentView:
        return cls(
            status=found["status"],
            tracking=found["trackingNumber"],
            warehouse=(found["warehouse"] or {}).get("name"),
            lines={line["orderLine"]["productSku"]: line["quantity"] for line in found["lines"]},
            metadata={item["key"]: item["value"] for item in found["metadata"]},
        )

    @property
    def parcels(self) -> list[Json]:
        """Return the parcels that a storefront reads."""
        parcels: list[Json] = json.loads(self.metadata.get("picqer.parcels", "[]"))
        return parcels


@dataclass(frozen=True)
class OrderView:
    """An order as the API shows it; statuses are the API's enums, `lines` is quantity by SKU."""

    pk: str
    number: str
    status: str
    is_paid: bool
    customer_note: str
    shipping_method: str
    lines: dict[str, int]
    fulfilments: list[FulfilmentView]
    # (type, message)
    events: list[tuple[str, str]]
    private_metadata: dict[str, str]
    # What everybody may read who has the order's id.
    metadata: dict[str, str]

    @classmethod
    def of(cls, pk: str, order: Json) -> OrderView:
        return cls(
            pk=pk,
            number=order["number"],
            status=order["status"],
            is_paid=order["isPaid"],
            customer_note=order["customerNote"],
            shipping_method=order["shippingMethodName"],
            lines={line["productSku"]: line["quantity"] for line in order["lines"]},
            fulfilments=[FulfilmentView.of(found) for found in order["fulfillments"]],
            events=[(event["type"], event["message"] or "") for event in order["events"]],
            private_metadata={item["key"]: item["value"] for item in order["privateMetadata"]},
            metadata={item["key"]: item["value"] for item in order["metadata"]},
        )

    @property
    def notes(self) -> list[str]:
        """Return the notes on the order's timeline."""
        return [message for kind, message in self.events if kind == "NOTE_ADDED"]

    @property
    def picqer(self) -> dict[str, str]:
        """Return the plugin's private metadata without the prefix."""
        return {
            key.removeprefix("picqer."): value
            for key, value in self.private_metadata.items()
            if key.startswith("picqer.")
        }

    @property
    def tracking(self) -> list[str]:
        return [fulfilment.tracking for fulfilment in self.fulfilments if fulfilment.tracking]


@dataclass(frozen=True)
class PluginView:
    """The plugin's settings in the shop's channel; secrets as the API masks them."""

    name: str
    active: bool
    settings: dict[str, str | None]

    @classmethod
    def of(cls, name: str, configuration: Json) -> PluginView:
        settings = {item["name"]: item["value"] for item in configuration["configuration"]}
        return cls(name, configuration["active"], settings)
