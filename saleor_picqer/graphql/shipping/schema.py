"""The query and the mutation of shipping methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.core.channels import find_any_channel
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.shipping.mutations import PicqerUpdateShippingMethods
from saleor_picqer.graphql.shipping.types import (
    MethodOfChannel,
    PicqerShippingMethod,
    methods_of,
)
from saleor_picqer.hosts import host


class PicqerShippingQueries(graphene.ObjectType):
    picqer_shipping_methods = graphene.List(
        graphene.NonNull(PicqerShippingMethod),
        channel=graphene.String(
            description="Slug of the channel; needed only if the shop has several."
        ),
        description=describe_permission(
            "The shipping methods and collection points of a channel, without those of apps; null"
            " for an unknown channel.",
            host().access.manage_plugins(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_picqer_shipping_methods(
        _root: Any, info: Any, channel: str | None = None
    ) -> Sequence[MethodOfChannel] | None:
        reader = host().access.reader(info)
        found = find_any_channel(channel, reader)
        if found is None:
            return None
        with host().access.allow_db():
            return methods_of(found, reader)


class PicqerShippingMutations(graphene.ObjectType):
    picqer_update_shipping_methods = PicqerUpdateShippingMethods.Field()
