"""Stock and state of a product in Picqer, as GraphQL types."""

from __future__ import annotations

from typing import Any, Final

import graphene
from graphene.relay import PageInfo
from graphql.error import GraphQLError
from saleor.graphql.core.connection import (
    CountableConnection,
    from_global_cursor,
    to_global_cursor,
)

from saleor_picqer import product_state
from saleor_picqer.domain.product_situation import PRODUCT_TEXTS, ProductCode
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.products import ShopProduct
from saleor_picqer.product_state import VariantInAccount, VariantState

DateTime = host().access.graphql_datetime()
# Variants on a page, at most and by default.
MAX_VARIANTS: Final = 100
VARIANTS: Final = 20

PicqerProductCode = described_enum(
    "PicqerProductCode",
    ProductCode,
    "Where a variant is on its way to Picqer, or why it is not sent.",
    {code.value: text.title for code, text in PRODUCT_TEXTS.items()},
)


class PicqerVariantStock(graphene.ObjectType):
    # Picqer's and Saleor's largest numbers fit into GraphQL's.
    picqer_warehouse_id = graphene.ID(
        source="warehouse_id", required=True, description="Picqer's idwarehouse."
    )
    name = graphene.String(
        required=True,
        description="Name of the warehouse in Picqer; empty for one without a mirror in Saleor.",
    )
    free = graphene.Int(
        description=(
            "Free stock in Picqer, as last read; negative while it is back-ordered. Null before it"
            " was read, and for a product of which Picqer keeps no stock."
        )
    )
    read_at = DateTime(description="When the stock was read; null before.")
    offered = graphene.Int(
        description=(
            "What Saleor offers of it: the quantity without what is allocated. Null where Saleor"
            " has no stock of the variant."
        )
    )

    class Meta:
        description = "A variant's stock in one warehouse of Picqer. No request is made for it."


class PicqerVariantInAccount(graphene.ObjectType):
    account = graphene.String(required=True, description="Host name of the Picqer account.")
    channels = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Slugs of the channels that use the account.",
    )
    code = graphene.Field(PicqerProductCode, required=True, description="The state, for programs.")
    title = graphene.String(required=True, description="The state, in a sentence for staff.")
    advice = graphene.String(
        required=True, description="What staff can do; empty if there is nothing to do."
    )
    picqer_id = graphene.ID(
        source="remote_id", description="Picqer's idproduct; null before it is known."
    )
    sent_at = DateTime(description="When Picqer last accepted changes; null before.")
    last_error = graphene.String(
        required=True, description="Why the last attempt failed; empty after a successful one."
    )
    next_attempt = DateTime(description="When a failed variant is tried again.")
    stock = graphene.List(
        graphene.NonNull(PicqerVariantStock),
        required=True,
        description="The stock in each warehouse of the account.",
    )

    class Meta:
        description = "A variant in one Picqer account."

    @staticmethod
    def resolve_account(root: VariantInAccount, _info: Any) -> str:
        return root.account.name

    @staticmethod
    def resolve_channels(root: VariantInAccount, info: Any) -> list[str]:
        return [slug_of(info, channel) for channel in root.account.channels]

    @staticmethod
    def resolve_title(root: VariantInAccount, _info: Any) -> str:
        return PRODUCT_TEXTS[root.code].title

    @staticmethod
    def resolve_advice(root: VariantInAccount, _info: Any) -> str:
        return PRODUCT_TEXTS[root.code].advice

    @staticmethod
    def resolve_sent_at(root: VariantInAccount, _info: Any) -> Any:
        return root.row and root.row.sent_at

    @staticmethod
    def resolve_last_error(root: VariantInAccount, _info: Any) -> str:
        return root.row.last_error if root.row else ""

    @staticmethod
    def resolve_next_attempt(root: VariantInAccount, _info: Any) -> Any:
        return root.row.not_before if root.row and root.row.last_error else None


class PicqerVariant(graphene.ObjectType):
    variant_id = graphene.ID(required=True, description="ID of Saleor's variant.")
    sku = graphene.String(required=True, description="SKU of the variant; empty without one.")
    name = graphene.String(required=True, description="Name of the variant.")
    accounts = graphene.List(
        graphene.NonNull(PicqerVariantInAccount),
        required=True,
        description=(
            "The variant in each Picqer account of the channels in which the plugin is switched on."
        ),
    )

    class Meta:
        description = "A variant, and what Picqer has of it."

    @staticmethod
    def resolve_variant_id(root: VariantState, _info: Any) -> str:
        return str(graphene.Node.to_global_id("ProductVariant", root.variant.pk))

    @staticmethod
    def resolve_sku(root: VariantState, _info: Any) -> str:
        return root.variant.sku

    @staticmethod
    def resolve_name(root: VariantState, _info: Any) -> str:
        return root.variant.name


class PicqerVariantCountableConnection(CountableConnection):
    class Meta:
        node = PicqerVariant

    @staticmethod
    def resolve_total_count(connection: Any, _info: Any) -> int:
        """Return the number of variants, which was read with the product."""
        return int(connection.total_count)


class PicqerProduct(graphene.ObjectType):
    product_id = graphene.ID(required=True, description="ID of Saleor's product.")
    variants = graphene.Field(
        PicqerVariantCountableConnection,
        required=True,
        first=graphene.Int(
            default_value=VARIANTS,
            description=f"Number of variants to return, at most {MAX_VARIANTS}.",
        ),
        after=graphene.String(description="Cursor of the variant after which the page begins."),
        description="The product's variants, in the sequence in which they were made.",
    )

    class Meta:
        description = "What Picqer has of a product, from the plugin's tables: without a request."

    @staticmethod
    def resolve_product_id(root: ShopProduct, _info: Any) -> str:
        return str(graphene.Node.to_global_id("Product", root.pk))

    @staticmethod
    def resolve_variants(
        root: ShopProduct, info: Any, first: int | None = None, after: str | None = None
    ) -> Any:
        return _paginate(root, info, VARIANTS if first is None else first, after)


def _paginate(product: ShopProduct, info: Any, first: int, after: str | None) -> Any:
    if not 0 < first <= MAX_VARIANTS:
        raise GraphQLError(f"`first` must be a number from 1 to {MAX_VARIANTS}.")
    using = host().access.reader(info)
    # One variant more than asked for tells whether another page follows.
    found = product_state.read_variants(product, _position(after), first + 1, using)
    edges = [
        PicqerVariantCountableConnection.Edge(node=one, cursor=to_global_cursor([one.variant.pk]))
        for one in found[:first]
    ]
    page_info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(after),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return PicqerVariantCountableConnection(
        edges=edges, page_info=page_info, total_count=product.variants
    )


def _position(cursor: str | None) -> str:
    if not cursor:
        return ""
    # Saleor does not sign its cursors, so a client may have made one up.
    try:
        (text,) = map(str, from_global_cursor(cursor))
        pk = int(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise GraphQLError("`after` must be a cursor of this list.") from error
    if not 0 < pk <= 2_147_483_647:
        raise GraphQLError("`after` must be a cursor of this list.")
    return str(pk)
