"""The query of what a sync would do with warehouses."""

from __future__ import annotations

from typing import Any

import graphene
from django.core.exceptions import ValidationError
from graphql.error import GraphQLError
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer import wiring
from saleor_picqer.domain.warehouses import WarehouseStep
from saleor_picqer.errors import IntegrationError
from saleor_picqer.graphql.core.channels import active_channel
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.warehouses.types import PicqerWarehouseStep
from saleor_picqer.hosts import host
from saleor_picqer.sync.warehouses import plan_warehouses


class PicqerWarehouseQueries(graphene.ObjectType):
    picqer_warehouse_preview = graphene.List(
        graphene.NonNull(PicqerWarehouseStep),
        channel=graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        ),
        description=describe_permission(
            "What the next sync does with warehouses; takes one request to Picqer and changes"
            " nothing.",
            host().access.manage_plugins(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_picqer_warehouse_preview(
        _root: Any, _info: Any, channel: str | None = None
    ) -> tuple[WarehouseStep, ...]:
        try:
            with host().access.allow_db():
                context = wiring.context_for_channel(active_channel(channel))
                return plan_warehouses(context).steps
        except ValidationError as error:
            raise GraphQLError(error.messages[0]) from error
        except IntegrationError as error:
            raise GraphQLError(error.explain()) from error
