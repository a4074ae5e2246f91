"""Saleor's global ids of orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import graphene
from django.core.exceptions import ValidationError
from graphql.error import GraphQLError
from saleor.order.models import Order

from saleor_picqer.graphql.core.enums import INVALID

# At most so many orders are handled and shown in one request.
MAX_ORDERS: Final = 250


def order_pk(global_id: str) -> str:
    """Return the primary key; raises GraphQLError for an id that cannot be an order's."""
    pk = _pk(global_id)
    if pk is None:
        raise GraphQLError(not_an_order(global_id))
    return pk


def not_an_order(global_id: str) -> str:
    return f'"{global_id}" is not the ID of an order.'


def order_pks(ids: Collection[str]) -> Mapping[str, str | None]:
    """Return the primary key for each id; None for an id that cannot be an order's.

    Raises ValidationError on the field `orders` for too many ids.
    """
    if len(ids) > MAX_ORDERS:
        message = f"The argument `orders` takes at most {MAX_ORDERS} IDs, and got {len(ids)}."
        raise ValidationError({"orders": ValidationError(message, code=INVALID)})
    return {global_id: _pk(global_id) for global_id in ids}


def _pk(global_id: str) -> str | None:
    try:
        kind, pk = graphene.Node.from_global_id(global_id)
        # Cleaned, because our tables hold each primary key in one spelling.
        return str(Order._meta.pk.clean(pk, None)) if kind == "Order" else None
    except (ValidationError, ValueError):
        return None


def order_id(pk: str) -> str:
    """Return the global id of the order with this primary key."""
    return str(graphene.Node.to_global_id("Order", pk))
