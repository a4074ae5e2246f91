"""Shipping methods, as GraphQL types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import graphene

from saleor_picqer.domain.shipping import Delivery, ShippingPolicy
from saleor_picqer.graphql.settings.types import ChannelSettings
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.shipping import OfferedDelivery


@dataclass(frozen=True)
class MethodOfChannel:
    """The root value of `PicqerShippingMethod`."""

    offered: OfferedDelivery
    policy: ShippingPolicy

    @property
    def delivery(self) -> Delivery:
        return self.offered.delivery

    @property
    def global_id(self) -> str:
        return str(graphene.Node.to_global_id(self._type, self.delivery.method_pk))

    @property
    def _type(self) -> str:
        if self.delivery.is_collection:
            return "Warehouse"
        return host().shipping.graphql_type


class PicqerShippingMethod(graphene.ObjectType):
    id = graphene.ID(required=True, description="ID of Saleor's shipping method or warehouse.")
    name = graphene.String(required=True, description="Name of the method.")
    zone = graphene.String(
        required=True, description="Name of its shipping zone; empty for a collection point."
    )
    is_collection_point = graphene.Boolean(
        required=True, description="Whether customers collect their orders there."
    )
    is_marked = graphene.Boolean(
        required=True, description="Whether its private metadata has `picqer.handled = true`."
    )
    is_handled = graphene.Boolean(
        required=True, description="Whether Picqer gets new orders with this method."
    )

    class Meta:
        description = "A shipping method or collection point of a channel."

    @staticmethod
    def resolve_id(root: MethodOfChannel, _info: Any) -> str:
        return root.global_id

    @staticmethod
    def resolve_name(root: MethodOfChannel, _info: Any) -> str:
        return root.delivery.method_name

    @staticmethod
    def resolve_zone(root: MethodOfChannel, _info: Any) -> str:
        return root.offered.zone

    @staticmethod
    def resolve_is_collection_point(root: MethodOfChannel, _info: Any) -> bool:
        return root.delivery.is_collection

    @staticmethod
    def resolve_is_marked(root: MethodOfChannel, _info: Any) -> bool:
        return root.delivery.is_marked

    @staticmethod
    def resolve_is_handled(root: MethodOfChannel, _info: Any) -> bool:
        return root.policy.handles(root.delivery)


def text_of_policy(channel: str, using: str = "default") -> str:
    """Return the setting that says which methods Picqer handles."""
    return str(ChannelSettings.of(channel, using).stored.values.get("shipping_methods", ""))


def methods_of(channel: str, using: str = "default") -> Sequence[MethodOfChannel]:
    """Return the methods of a channel, in which the plugin need not be set up."""
    policy = ShippingPolicy.parse(text_of_policy(channel, using))
    return [MethodOfChannel(one, policy) for one in host().shipping.offered(channel)]
