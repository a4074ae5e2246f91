"""Products in Picqer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.mapping.product_fields import PRODUCT
from saleor_picqer.domain.mapping.products import ProductChanges, ProductRequest
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.skus import normalize
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.errors import NotFoundError
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
        return Page([remote_product(product) for product in page.items], page.next_offset)

    def find(self, code: str) -> RemoteProduct | None:
        found = self._client.products.find(code)
        return None if found is None else remote_product(found)

    def find_id(self, product_id: int) -> RemoteProduct | None:
        try:
            return remote_product(self._client.products.get(product_id))
        except NotFoundError:
            return None

    def create(self, product: ProductRequest) -> RemoteProduct:
        body = picqer_products.ProductCreate.model_validate(product.body)
        return remote_product(self._client.products.create(body))

    def update(self, product_id: int, changes: ProductChanges) -> RemoteProduct:
        body = picqer_products.ProductUpdate.model_validate(dict(changes.body))
        return remote_product(self._client.products.update(product_id, body))

    def add_image(self, product_id: int, image: bytes) -> None:
        self._client.products.add_image(product_id, image)


def remote_product(product: picqer_products.Product) -> RemoteProduct:
    """Translate a product, with the stock that Picqer lists with it."""
    return RemoteProduct(
        id=product.idproduct,
        code=product.productcode,
        active=product.active,
        fields={row.name: _value(getattr(product, row.name)) for row in PRODUCT},
        has_image=bool(product.images),
        unlimited=not product.keeps_stock,
        levels=tuple(levels_of(product, product.stock)),
    )


def _value(value: Any) -> Any:
    """Return a value as the mapping writes it."""
    if isinstance(value, list):
        return [{"idproductfield": each.idproductfield, "value": each.value} for each in value]
    return value


def levels_of(
    product: picqer_products.Product, rows: Iterable[picqer_products.ProductStock]
) -> Iterator[StockLevel]:
    """Yield the stock levels of a product; none for an amount that Picqer left out."""
    code = normalize(product.productcode)
    for row in rows:
        # An amount that is missing is unknown, not zero.
        if row.freestock is not None:
            claimed = max(0, row.reservedallocations or 0)
            yield StockLevel(row.idwarehouse, code, row.freestock, product.idproduct, claimed)
