"""Products in Picqer."""

from __future__ import annotations

from typing import Any

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.mapping.product_fields import PRODUCT
from saleor_picqer.domain.mapping.products import ProductChanges, ProductRequest
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects import products as picqer_products


class Products:
    """`sync.ports.picqer.RemoteProducts`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def page(self, offset: int, *, active: bool) -> Page[RemoteProduct]:
        # Picqer lists active products unless inactive ones are asked for.
        products = self._client.products
        page = products.page(offset) if active else products.page(offset, inactive=True)
        return Page([_remote_product(product) for product in page.items], page.next_offset)

    def find(self, code: str) -> RemoteProduct | None:
        found = self._client.products.find(code)
        return None if found is None else _remote_product(found)

    def create(self, product: ProductRequest) -> RemoteProduct:
        body = picqer_products.ProductCreate.model_validate(product.body)
        return _remote_product(self._client.products.create(body))

    def update(self, product_id: int, changes: ProductChanges) -> None:
        self._client.products.update(
            product_id, picqer_products.ProductUpdate.model_validate(dict(changes.body))
        )


def _remote_product(product: picqer_products.Product) -> RemoteProduct:
    return RemoteProduct(
        id=product.idproduct,
        code=product.productcode,
        active=product.active,
        fields={row.name: _value(getattr(product, row.name)) for row in PRODUCT},
        has_image=bool(product.images),
    )


def _value(value: Any) -> Any:
    """Return a value as the mapping writes it."""
    if isinstance(value, list):
        return [{"idproductfield": each.idproductfield, "value": each.value} for each in value]
    return value
