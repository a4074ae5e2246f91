"""Changes of a dry run, as GraphQL types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene


class PicqerProductChange(graphene.ObjectType):
    sku = graphene.String(required=True, description="SKU of the product.")
    fields = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Picqer's names of the fields that would be written.",
    )

    class Meta:
        description = "A product that a dry run would write in Picqer."


class PicqerStockChange(graphene.ObjectType):
    sku = graphene.String(required=True, description="SKU of the product.")
    warehouse = graphene.String(required=True, description="Name of the warehouse in Picqer.")
    before = graphene.Int(required=True, description="Amount on offer now.")
    after = graphene.Int(required=True, description="Amount on offer after the run.")

    class Meta:
        description = "A stock that a dry run would change in Saleor."


class PicqerSyncPreview(graphene.ObjectType):
    created = graphene.List(
        graphene.NonNull(PicqerProductChange),
        required=True,
        description="The first 200 products that would be created in Picqer.",
    )
    updated = graphene.List(
        graphene.NonNull(PicqerProductChange),
        required=True,
        description="The first 200 products that would be updated in Picqer.",
    )
    stock = graphene.List(
        graphene.NonNull(PicqerStockChange),
        required=True,
        description="The first 200 stocks that would change in Saleor.",
    )
    known = graphene.Int(
        required=True, description="Number of the channel's products that Picqer has."
    )
    with_stock = graphene.Int(
        required=True, description="Number of the channel's products that Picqer has in stock."
    )
    warning = graphene.String(
        description="What the shop should know before it starts; null when there is nothing."
    )

    class Meta:
        description = "What a dry run would change; the numbers of the run count everything."


def preview(
    report: Mapping[str, Any], numbers: Mapping[str, int], warning: str
) -> PicqerSyncPreview:
    """Return the lists of a dry run."""
    created, updated = (
        [PicqerProductChange(**entry) for entry in report.get(topic, ())]
        for topic in ("created", "updated")
    )
    return PicqerSyncPreview(
        created=created,
        updated=updated,
        stock=[PicqerStockChange(**entry) for entry in report.get("stock", ())],
        known=numbers["known"],
        with_stock=numbers["with_stock"],
        warning=warning or None,
    )
