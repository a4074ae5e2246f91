"""`picqerPushProduct` and `picqerReadStock`: mutations for staff of products."""

from __future__ import annotations

from typing import Any, Final, Self

import graphene
from django.core.exceptions import ValidationError

from saleor_picqer import product_actions
from saleor_picqer.domain.product_situation import PRODUCT_REFUSALS, ProductRefusal
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.products.ids import MAX_PRODUCTS, find_product_pk
from saleor_picqer.hosts import host
from saleor_picqer.product_actions import ProductResult

_UNKNOWN: Final = ProductResult(refused=ProductRefusal.NOT_FOUND)


class PicqerPushProduct(PicqerMutation):
    count = graphene.Int(
        required=True, default_value=0, description="Number of variants that are sent."
    )

    class Arguments:
        product = graphene.ID(required=True, description="ID of the Saleor product.")

    class Meta:
        description = (
            "Sends all fields of a product's variants to Picqer again, whatever was sent before."
            " What staff have changed in Picqer is overwritten."
        )
        # Staff who may save a product, which sends it to Picqer, may also send it by name.
        permission = host().access.manage_products()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> Self:
        pk = find_product_pk(data["product"])
        result = product_actions.push(pk) if pk else _UNKNOWN
        if result.refused:
            raise ValidationError({"product": _error(result.refused)})
        return cls(count=result.count)


class PicqerReadStock(PicqerMutation):
    count = graphene.Int(
        required=True, default_value=0, description="Number of variants whose stock is read."
    )

    class Arguments:
        products = graphene.List(
            graphene.NonNull(graphene.ID),
            required=True,
            description=f"IDs of the Saleor products, at most {MAX_PRODUCTS}.",
        )

    class Meta:
        description = (
            "Reads the stock of products from Picqer, a hundred variants a request, together with"
            " what webhooks have told of."
        )
        permission = host().access.manage_products()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> Self:
        wanted = dict.fromkeys(data["products"])
        if len(wanted) > MAX_PRODUCTS:
            message = f"`products` takes at most {MAX_PRODUCTS} IDs, and got {len(wanted)}."
            raise ValidationError({"products": ValidationError(message, code=INVALID)})
        pks = {global_id: find_product_pk(global_id) for global_id in wanted}
        results = product_actions.read_stock([pk for pk in pks.values() if pk])
        found = {global_id: results.get(pk or "", _UNKNOWN) for global_id, pk in pks.items()}
        errors = [
            _error(result.refused, "" if len(found) == 1 else f"Product {global_id}: ")
            for global_id, result in found.items()
            if result.refused
        ]
        count = sum(result.count for result in found.values())
        return cls.handle_errors(ValidationError({"products": errors}), count=count)


def _error(reason: ProductRefusal, prefix: str = "") -> ValidationError:
    return ValidationError(f"{prefix}{PRODUCT_REFUSALS[reason]}", code=reason.value)
