"""Saleor's global ids of orders, which people and programs get wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import graphene
from django.core.exceptions import ValidationError
from saleor.order.models import Order


def order_pks(ids: Iterable[str]) -> Mapping[str, str | None]:
    """Primary key by id; None for what cannot be the id of an order."""
    return {global_id: _pk(global_id) for global_id in ids}


def _pk(global_id: str) -> str | None:
    """As the database writes it, in one spelling."""
    try:
        kind, pk = graphene.Node.from_global_id(global_id)
        return str(Order._meta.pk.clean(pk, None)) if kind == "Order" else None
    except (ValidationError, ValueError):
        return None


def order_id(pk: str) -> str:
    return str(graphene.Node.to_global_id("Order", pk))
