"""Global ids of deliveries."""

from __future__ import annotations

import graphene
from django.db.models import BigIntegerField


def delivery_id(pk: int) -> str:
    """Return the global id of the delivery with this primary key."""
    return str(graphene.Node.to_global_id("PicqerDelivery", pk))


def delivery_pk(global_id: str) -> int | None:
    """Return the primary key of a delivery; None for an id that cannot be a delivery's."""
    try:
        kind, text = graphene.Node.from_global_id(global_id)
        pk = int(text)
    except ValueError:
        return None
    return pk if kind == "PicqerDelivery" and 0 < pk <= BigIntegerField.MAX_BIGINT else None
