"""Warehouses in Picqer and their stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.stock import RemoteWarehouse
from saleor_picqer.errors import NotFoundError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.products import levels_of, remote_product
from saleor_picqer.picqer.objects import products as picqer_products
from saleor_picqer.picqer.objects.reference import Warehouse
from saleor_picqer.picqer.resources.products import ProductFilters

# Picqer lists active products unless inactive ones are asked for.
_LISTS: Final[tuple[ProductFilters, ...]] = ({}, {"inactive": True})


class Stock:
    """`sync.ports.picqer.RemoteStock`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def warehouses(self) -> list[RemoteWarehouse]:
        found = sorted(self._client.warehouses.list(), key=_place)
        return [RemoteWarehouse(w.idwarehouse, w.name, w.active, w.accept_orders) for w in found]

    def of_products(self, product_ids: Sequence[int]) -> list[RemoteProduct]:
        # A single product costs one request either way.
        found = self._listed(product_ids) if len(product_ids) > 1 else {}
        for product_id in product_ids:
            if product_id not in found and (product := self._get(product_id)):
                found[product_id] = product
        return [self._with_levels(product) for product in found.values()]

    def _listed(self, product_ids: Sequence[int]) -> dict[int, picqer_products.Product]:
        """Read products with one list of active and, if several are missing, of inactive ones."""
        found: dict[int, picqer_products.Product] = {}
        for filters in _LISTS:
            missing = [each for each in product_ids if each not in found]
            if len(missing) > 1:
                wanted: ProductFilters = {**filters, "idproducts": missing}
                page = self._client.products.page(0, **wanted)
                # How Picqer separates several ids is not documented: where it does not understand
                # the filter, other products come.
                listed = {product.idproduct: product for product in page.items}
                found |= {key: listed[key] for key in missing if key in listed}
        return found

    def _get(self, product_id: int) -> picqer_products.Product | None:
        try:
            return self._client.products.get(product_id)
        except NotFoundError:
            return None

    def _with_levels(self, product: picqer_products.Product) -> RemoteProduct:
        """Translate a product; one more request when Picqer lists no stock with the product."""
        remote = remote_product(product)
        if product.stock or remote.unlimited:
            return remote
        rows = self._client.products.stock(product.idproduct)
        return replace(remote, levels=tuple(levels_of(product, rows)))


def _place(warehouse: Warehouse) -> tuple[bool, int, int]:
    # Lower priorities come first; the sequence of Picqer's own list is not documented.
    priority = warehouse.priority
    return (priority is None, priority or 0, warehouse.idwarehouse)
