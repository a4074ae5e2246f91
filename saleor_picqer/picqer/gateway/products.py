"""Products in Picqer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.products import Product, ProductCreate, ProductUpdate

_COMPARED: Final = ("productcode", "name", "price", "idvatgroup", "active", "weight")


class Products:
    """`sync.ports.picqer.RemoteProducts`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def list(self) -> Iterator[RemoteProduct]:
        products = self._client.products
        return map(_remote_product, chain(products.list(), products.list(inactive=True)))

    def find(self, code: str) -> RemoteProduct | None:
        found = self._client.products.find(code)
        return None if found is None else _remote_product(found)

    def create(self, request: Mapping[str, Any]) -> RemoteProduct:
        return _remote_product(self._client.products.create(ProductCreate.model_validate(request)))

    def update(self, product_id: int, changes: Mapping[str, Any]) -> None:
        self._client.products.update(product_id, ProductUpdate.model_validate(changes))


def _remote_product(product: Product) -> RemoteProduct:
    return RemoteProduct(
        id=product.idproduct,
        code=product.productcode.strip(),
        active=product.active,
        fields={name: getattr(product, name) for name in _COMPARED},
    )
