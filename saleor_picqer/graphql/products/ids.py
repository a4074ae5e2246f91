"""Saleor's global ids of products."""

from __future__ import annotations

from typing import Final

import graphene
from graphql.error import GraphQLError

# Products whose stock one request asks for, at most: what Picqer lists in answer to one request.
MAX_PRODUCTS: Final = 100
_LARGEST: Final = 2_147_483_647


def find_product_pk(global_id: str) -> str | None:
    """Return the primary key; None for an id that cannot be a product's."""
    try:
        kind, text = graphene.Node.from_global_id(global_id)
        pk = int(text)
    except ValueError:
        return None
    return str(pk) if kind == "Product" and 0 < pk <= _LARGEST else None


def product_pk(global_id: str) -> str:
    """Return the primary key; raises GraphQLError for an id that cannot be a product's."""
    pk = find_product_pk(global_id)
    if pk is None:
        raise GraphQLError(f'"{global_id}" is not the ID of a product.')
    return pk
