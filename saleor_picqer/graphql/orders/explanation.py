"""Where one order is, or why it is not sent, as GraphQL type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.domain.explanations import CODE_TEXTS, Code
from saleor_picqer.domain.parcels import Parcel
from saleor_picqer.explain import ExplainedOrder
from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.orders.ids import order_id
from saleor_picqer.graphql.orders.types import SALEOR_ORDER, DateTime, PicqerOrder
from saleor_picqer.hosts import host

_TEXTS: Final = {code.value: text.title for code, text in CODE_TEXTS.items()}

PicqerOrderExplanationCode = described_enum(
    "PicqerOrderExplanationCode",
    Code,
    "Where an order is, or why it is not sent to Picqer.",
    _TEXTS,
)


def _resolve_from_explanation(
    name: str, _default: Any, root: ExplainedOrder, _info: Any, **_arguments: Any
) -> Any:
    return getattr(root.explanation, name)


class PicqerParcel(graphene.ObjectType):
    carrier = graphene.String(
        required=True, description="Name of the carrier; empty if it is not known."
    )
    code = graphene.String(required=True, description="Tracking code; empty if there is none.")
    link = graphene.String(
        required=True, description="Address of the carrier's page; empty if there is none."
    )

    class Meta:
        description = "A parcel on its way to the customer."


class PicqerOrderExplanation(graphene.ObjectType):
    code = graphene.Field(
        PicqerOrderExplanationCode, required=True, description="The answer, for programs."
    )
    title = graphene.String(required=True, description="The answer, in a sentence for staff.")
    advice = graphene.String(
        required=True, description="What staff can do; empty if there is nothing to do."
    )
    details = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Further sentences, such as the last error or the status page in Picqer.",
    )
    until = DateTime(
        description="When the plugin goes on by itself; null if that is at once, or never."
    )
    record = graphene.Field(
        PicqerOrder, description="The plugin's record of the order; null if there is none."
    )
    parcels = graphene.List(
        graphene.NonNull(PicqerParcel),
        required=True,
        description="The parcels that the order's fulfilments show.",
    )
    order = graphene.Field(
        SALEOR_ORDER,
        description=describe_permission(
            "The order in Saleor, or null if it was deleted.", host().access.manage_orders()
        ),
    )
    order_id = graphene.ID(required=True, description="ID of the order in Saleor.")

    class Meta:
        description = "Where an order is on its way to Picqer, or why it is not sent."
        default_resolver = _resolve_from_explanation

    @staticmethod
    def resolve_record(root: ExplainedOrder, _info: Any) -> Any:
        return root.row

    @staticmethod
    def resolve_parcels(root: ExplainedOrder, info: Any) -> Sequence[Parcel]:
        return host().fulfilments.parcels(root.order_pk, host().access.reader(info))

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_order(root: ExplainedOrder, info: Any) -> Any:
        return PicqerOrder.resolve_order(root, info)

    @staticmethod
    def resolve_order_id(root: ExplainedOrder, _info: Any) -> str:
        return order_id(root.order_pk)
