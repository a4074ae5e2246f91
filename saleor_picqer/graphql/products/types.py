"""Products on their way to Picqer, as GraphQL types."""

from __future__ import annotations

from typing import Any, Final

import graphene

from saleor_picqer.hosts import host
from saleor_picqer.store import catalogue

DateTime = host().access.graphql_datetime()

# Failing products that an answer lists at most.
LISTED: Final = 100


class PicqerFailingProduct(graphene.ObjectType):
    sku = graphene.String(required=True, description="SKU of the variant.")
    variant_id = graphene.ID(required=True, description="ID of Saleor's variant.")
    message = graphene.String(required=True, description="What happened, and what to do.")
    attempts = graphene.Int(required=True, description="Number of failed attempts in a row.")
    next_attempt = DateTime(description="When the product is tried again.")

    class Meta:
        description = "A product that could not be sent to Picqer."

    @staticmethod
    def resolve_variant_id(root: Any, _info: Any) -> str:
        return str(graphene.Node.to_global_id("ProductVariant", root.variant_pk))

    @staticmethod
    def resolve_message(root: Any, _info: Any) -> str:
        return str(root.last_error)

    @staticmethod
    def resolve_next_attempt(root: Any, _info: Any) -> Any:
        return root.not_before


class PicqerProducts(graphene.ObjectType):
    known = graphene.Int(required=True, description="Products that Picqer has from this shop.")
    waiting = graphene.Int(required=True, description="Products that wait to be sent.")
    failing = graphene.Int(required=True, description="Products that could not be sent.")
    failures = graphene.List(
        graphene.NonNull(PicqerFailingProduct),
        required=True,
        description=f"The products that could not be sent, the latest first, at most {LISTED}.",
    )

    class Meta:
        description = "Products of a Picqer account."

    @staticmethod
    def resolve_failures(root: Any, _info: Any) -> Any:
        return catalogue.failing(root.account, root.using)[:LISTED]
