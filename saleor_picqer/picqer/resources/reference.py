"""Small, stable lists, and cheap requests for checking an API key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, Unpack

from saleor_picqer.picqer.objects.common import Tag, TagWrite
from saleor_picqer.picqer.objects.products import WarehouseStock
from saleor_picqer.picqer.objects.reference import (
    OrderField,
    ShippingProvider,
    Stats,
    Template,
    User,
    VatGroup,
    Warehouse,
)
from saleor_picqer.picqer.resources.base import Resource


class StatsResource(Resource):
    """Statistics of the account; a cheap check of the key."""

    def get(self) -> Stats:
        return self._get(Stats, "/stats")


class UsersResource(Resource):
    def me(self) -> User:
        """Return the user of the API key."""
        return self._get(User, "/users/me")


class WarehousesResource(Resource):
    def list(self) -> Iterator[Warehouse]:
        """Yield all warehouses, active or not."""
        return self._list(Warehouse, "/warehouses")

    def get(self, idwarehouse: int) -> Warehouse:
        return self._get(Warehouse, f"/warehouses/{idwarehouse}")

    def stock(self, idwarehouse: int) -> Iterator[WarehouseStock]:
        """Yield every product with stock or a reservation; the fast way to read all stock."""
        return self._list(WarehouseStock, f"/warehouses/{idwarehouse}/stock")


class VatGroupsResource(Resource):
    def list(self) -> Iterator[VatGroup]:
        return self._list(VatGroup, "/vatgroups")

    def get(self, idvatgroup: int) -> VatGroup:
        return self._get(VatGroup, f"/vatgroups/{idvatgroup}")


class OrderFieldsResource(Resource):
    """Definitions of custom order fields, which only Picqer's web app can create."""

    def list(self) -> Iterator[OrderField]:
        return self._list(OrderField, "/orderfields")

    def get(self, idorderfield: int) -> OrderField:
        return self._get(OrderField, f"/orderfields/{idorderfield}")


class ShippingProvidersResource(Resource):
    def list(self) -> Iterator[ShippingProvider]:
        """Yield the carriers of the account with shipping profiles."""
        return self._list(ShippingProvider, "/shippingproviders")


class TemplatesResource(Resource):
    def list(self) -> Iterator[Template]:
        return self._list(Template, "/templates")


class TagFilters(TypedDict, total=False):
    search: str


class TagsResource(Resource):
    def list(self, **filters: Unpack[TagFilters]) -> Iterator[Tag]:
        return self._list(Tag, "/tags", filters)

    def create(self, tag: TagWrite) -> Tag:
        return self._write(Tag, "POST", "/tags", tag)

    def update(self, idtag: int, tag: TagWrite) -> Tag:
        return self._write(Tag, "PUT", f"/tags/{idtag}", tag)

    def delete(self, idtag: int) -> None:
        self._send("DELETE", f"/tags/{idtag}")
