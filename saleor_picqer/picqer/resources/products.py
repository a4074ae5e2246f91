"""Products, which can be inactivated but not deleted, and stock by warehouse."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import TypedDict, Unpack

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.skus import BySku, normalize
from saleor_picqer.picqer.objects.products import (
    Product,
    ProductCreate,
    ProductImage,
    ProductImageCreate,
    ProductPart,
    ProductPartCreate,
    ProductPartUpdate,
    ProductStock,
    ProductUpdate,
    StockChange,
)
from saleor_picqer.picqer.resources.attached import WithTags


class ProductFilters(TypedDict, total=False):
    """Filters of the list, which has either active or, with `inactive=True`, inactive products."""

    productcode: str
    search: str
    inactive: bool
    idproducts: Sequence[int]
    tag: str
    type: str
    idsupplier: int
    idfulfilment_customer: int


class ProductsResource(WithTags):
    _path = "/products"

    def list(self, **filters: Unpack[ProductFilters]) -> Iterator[Product]:
        return self._list(Product, "/products", filters)

    def page(self, offset: int, **filters: Unpack[ProductFilters]) -> Page[Product]:
        return self._page(Product, "/products", offset, filters)

    def find(self, productcode: str) -> Product | None:
        """Return the product with this code; an inactive product takes two requests.

        A product whose code differs in case only is found if Picqer lists it, and if there is no
        product with exactly this code.
        """
        code = normalize(productcode)
        for listed in (self.list(productcode=code), self.list(productcode=code, inactive=True)):
            if found := BySku({product.productcode: product for product in listed}).get(code):
                return found
        return None

    def get(self, idproduct: int) -> Product:
        return self._get(Product, f"/products/{idproduct}")

    def create(self, product: ProductCreate) -> Product:
        return self._write(Product, "POST", "/products", product)

    def update(self, idproduct: int, product: ProductUpdate) -> Product:
        return self._write(Product, "PUT", f"/products/{idproduct}", product)

    def activate(self, idproduct: int) -> Product | None:
        return self._act(Product, "POST", f"/products/{idproduct}/activate")

    def inactivate(self, idproduct: int) -> Product | None:
        return self._act(Product, "POST", f"/products/{idproduct}/inactivate")

    def stock(self, idproduct: int) -> Iterator[ProductStock]:
        """Yield the stock of a product in each warehouse."""
        return self._list(ProductStock, f"/products/{idproduct}/stock")

    def stock_in(self, idproduct: int, idwarehouse: int) -> ProductStock:
        return self._get(ProductStock, f"/products/{idproduct}/stock/{idwarehouse}")

    def change_stock(
        self, idproduct: int, idwarehouse: int, change: StockChange
    ) -> ProductStock | None:
        return self._act(ProductStock, "POST", f"/products/{idproduct}/stock/{idwarehouse}", change)

    def images(self, idproduct: int) -> Iterator[ProductImage]:
        return self._list(ProductImage, f"/products/{idproduct}/images")

    def add_image(self, idproduct: int, image: bytes) -> ProductImage | None:
        """Add a JPEG or PNG; Picqer keeps the product's other images."""
        body = ProductImageCreate(image=base64.b64encode(image).decode())
        return self._act(ProductImage, "POST", f"/products/{idproduct}/images", body)

    def delete_image(self, idproduct: int, idproduct_image: int) -> None:
        self._send("DELETE", f"/products/{idproduct}/images/{idproduct_image}")

    def parts(self, idproduct: int, *, nested: bool = False) -> Iterator[ProductPart]:
        """Yield the parts of a composition. Raises NotFoundError for another product."""
        filters = {"nested": True} if nested else None
        return self._list(ProductPart, f"/products/{idproduct}/parts", filters)

    def get_part(self, idproduct: int, idproduct_part: int) -> ProductPart:
        return self._get(ProductPart, f"/products/{idproduct}/parts/{idproduct_part}")

    def add_part(self, idproduct: int, part: ProductPartCreate) -> ProductPart:
        return self._write(ProductPart, "POST", f"/products/{idproduct}/parts", part)

    def update_part(
        self, idproduct: int, idproduct_part: int, part: ProductPartUpdate
    ) -> ProductPart:
        path = f"/products/{idproduct}/parts/{idproduct_part}"
        return self._write(ProductPart, "PUT", path, part)

    def delete_part(self, idproduct: int, idproduct_part: int) -> None:
        self._send("DELETE", f"/products/{idproduct}/parts/{idproduct_part}")
