"""What a sync does with a warehouse, as GraphQL types."""

from __future__ import annotations

from typing import Any, Final

import graphene

from saleor_picqer.domain.warehouses import WarehouseAction
from saleor_picqer.graphql.core.enums import described_enum

_TEXTS: Final = {
    WarehouseAction.CREATE: "Saleor gets a new warehouse that mirrors Picqer's.",
    WarehouseAction.ADOPT: "A warehouse that Saleor has already becomes the mirror of Picqer's.",
    WarehouseAction.FOLLOW: "The mirror follows name and priority of Picqer's warehouse.",
    WarehouseAction.DETACH: "The warehouse is unlinked from the channel.",
    WarehouseAction.DELETE: "The warehouse is deleted with its stock.",
    WarehouseAction.KEEP: "The warehouse stays in the channel although it is not Picqer's.",
}

PicqerWarehouseAction = described_enum(
    "PicqerWarehouseAction", WarehouseAction, "What a sync does with a warehouse.", _TEXTS
)


class PicqerWarehouseStep(graphene.ObjectType):
    action = graphene.Field(
        PicqerWarehouseAction, required=True, description="What happens to the warehouse."
    )
    name = graphene.String(
        required=True,
        description="Name in Picqer, or in Saleor for a warehouse that is not Picqer's.",
    )
    picqer_id = graphene.Int(description="Picqer's id; null for a warehouse that is not Picqer's.")
    warehouse_id = graphene.ID(
        required=True, description="ID in Saleor, also of a warehouse still to be created."
    )
    reason = graphene.String(
        required=True, description="Why the settings ask for something else; empty otherwise."
    )

    class Meta:
        description = "One step of a sync of warehouses."

    @staticmethod
    def resolve_picqer_id(step: Any, _info: Any) -> int | None:
        return step.remote and int(step.remote.id)

    @staticmethod
    def resolve_warehouse_id(step: Any, _info: Any) -> str:
        return str(graphene.Node.to_global_id("Warehouse", step.pk))
