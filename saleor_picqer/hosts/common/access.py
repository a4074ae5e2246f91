"""Database access, permissions and GraphQL scalars."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any

from saleor.graphql.utils import get_user_or_app_from_context


class Access(ABC):
    """Database access, permissions and GraphQL scalars of one Saleor line."""

    @property
    @abstractmethod
    def version(self) -> str:
        """The version of Saleor, for example 3.23.28."""

    @abstractmethod
    def allow_db(self) -> AbstractContextManager[Any]:
        """Allow use of the main database outside of a request."""

    def reader(self, info: Any) -> str:
        """Return the alias of the database for reading in a GraphQL query."""
        return "default"

    @abstractmethod
    def manage_plugins(self) -> Any:
        """Return the permission to manage plugins."""

    @abstractmethod
    def manage_orders(self) -> Any:
        """Return the permission to manage orders."""

    @abstractmethod
    def manage_products(self) -> Any:
        """Return the permission to manage products."""

    @abstractmethod
    def check_channel_access(self, info: Any, channels: Collection[str]) -> None:
        """Raise PermissionDenied unless the requestor may see the orders of all these channels."""

    @abstractmethod
    def visible_channels(self, info: Any) -> Collection[str] | None:
        """Return the channels whose orders the requestor may see; None for every one."""

    def has_permission(self, info: Any, permission: Any) -> bool:
        """Return whether the person or the app that asks has a permission."""
        requestor = get_user_or_app_from_context(info.context)
        return bool(requestor and requestor.has_perm(permission))

    @abstractmethod
    def graphql_datetime(self) -> Any:
        """Return Saleor's scalar for points in time."""
        # A schema accepts only one scalar named DateTime.

    @abstractmethod
    def promise_order(self, info: Any, pk: str) -> Any:
        """Return a promise of the Saleor order, or of None; all orders of a page in one query."""

    @abstractmethod
    def graphql_order(self, order: Any) -> Any:
        """Return the root value of Saleor's GraphQL type `Order`."""
