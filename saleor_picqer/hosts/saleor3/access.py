"""Database access, permissions and GraphQL scalars of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import saleor
from saleor.core.db.connection import allow_writer
from saleor.core.exceptions import PermissionDenied
from saleor.graphql.account.utils import get_user_accessible_channels
from saleor.graphql.app.dataloaders import get_app_promise
from saleor.graphql.core.context import SyncWebhookControlContext, get_database_connection_name
from saleor.graphql.core.scalars import DateTime
from saleor.graphql.order.dataloaders import OrderByIdLoader
from saleor.permission.enums import OrderPermissions, PluginsPermissions, ProductPermissions

from saleor_picqer.hosts.common.access import Access


class Saleor3Access(Access):
    @property
    def version(self) -> str:
        return str(saleor.__version__)

    def allow_db(self) -> AbstractContextManager[Any]:
        return allow_writer()

    def reader(self, info: Any) -> str:
        return str(get_database_connection_name(info.context))

    def manage_plugins(self) -> Any:
        return PluginsPermissions.MANAGE_PLUGINS

    def manage_orders(self) -> Any:
        return OrderPermissions.MANAGE_ORDERS

    def manage_products(self) -> Any:
        return ProductPermissions.MANAGE_PRODUCTS

    def check_channel_access(self, info: Any, channels: Collection[str]) -> None:
        visible = self.visible_channels(info)
        if visible is not None and not set(channels) <= set(visible):
            raise PermissionDenied(message="You do not have access to the channel of these orders.")

    def visible_channels(self, info: Any) -> Collection[str] | None:
        """Return None for apps, which see every channel, and the user's channels for staff."""
        if get_app_promise(info.context).get():
            return None
        channels = get_user_accessible_channels(info, info.context.user)
        return [str(channel.pk) for channel in channels]

    def graphql_datetime(self) -> Any:
        return DateTime

    def promise_order(self, info: Any, pk: str) -> Any:
        return OrderByIdLoader(info.context).load(UUID(pk))

    def graphql_order(self, order: Any) -> Any:
        return None if order is None else SyncWebhookControlContext(order)
