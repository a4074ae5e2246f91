"""Queries and mutations about products on their way to Picqer."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.products.actions import PicqerPushProduct, PicqerReadStock
from saleor_picqer.graphql.products.ids import product_pk
from saleor_picqer.graphql.products.mutations import PicqerRetryProducts
from saleor_picqer.graphql.products.state import PicqerProduct
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.products import ShopProduct
from saleor_picqer.product_state import read_product


class PicqerProductQueries(graphene.ObjectType):
    picqer_product = graphene.Field(
        PicqerProduct,
        product=graphene.ID(required=True, description="ID of the Saleor product."),
        description=describe_permission(
            "What Picqer has of a product, from the plugin's tables: no request is made. Null if"
            " there is no such product.",
            host().access.manage_products(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_products()])
    def resolve_picqer_product(_root: Any, info: Any, product: str) -> ShopProduct | None:
        return read_product(product_pk(product), host().access.reader(info))


class PicqerProductMutations(graphene.ObjectType):
    picqer_push_product = PicqerPushProduct.Field()
    picqer_read_stock = PicqerReadStock.Field()
    picqer_retry_products = PicqerRetryProducts.Field()
