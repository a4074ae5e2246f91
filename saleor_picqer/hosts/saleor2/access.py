"""Permissions and GraphQL scalars of Saleor 2.10."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from typing import Any

import graphene
from saleor.core.permissions import OrderPermissions, PluginsPermissions, ProductPermissions

from saleor_picqer.hosts.common.access import Access
from saleor_picqer.hosts.saleor2.order_loader import OrderByIdLoader


class Saleor2Access(Access):
    @property
    def version(self) -> str:
        return version("saleor")

    def allow_db(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def manage_plugins(self) -> Any:
        return PluginsPermissions.MANAGE_PLUGINS

    def manage_orders(self) -> Any:
        return OrderPermissions.MANAGE_ORDERS

    def manage_products(self) -> Any:
        return ProductPermissions.MANAGE_PRODUCTS

    def check_channel_access(self, info: Any, channels: Collection[str]) -> None:
        """Raise nothing: Saleor 2.10 has no permissions by channel."""

    def visible_channels(self, info: Any) -> Collection[str] | None:
        return None

    def graphql_datetime(self) -> Any:
        return graphene.DateTime

    def promise_order(self, info: Any, pk: str) -> Any:
        return OrderByIdLoader(info.context).load(int(pk))

    def graphql_order(self, order: Any) -> Any:
        return order
