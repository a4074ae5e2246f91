"""Products, stock, parts and images. Prices exclude VAT, weights are grams, sizes cm."""

from __future__ import annotations

import enum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from saleor_picqer.picqer.objects.base import (
    Body,
    Country,
    Filled,
    Listed,
    Money,
    PicqerObject,
    Positive,
)
from saleor_picqer.picqer.objects.common import ProductFieldValue, ProductFieldWrite, Tags


class ProductType(enum.StrEnum):
    NORMAL = "normal"
    UNLIMITED_STOCK = "unlimited_stock"
    VIRTUAL_COMPOSITION = "virtual_composition"
    COMPOSITION_WITH_STOCK = "composition_with_stock"


class ProductStock(PicqerObject):
    """Stock of a product in a warehouse.

    `freestock` is what a shop may sell, and can be negative: `stock - reserved` without a value
    from Picqer. None means unknown, not zero.
    """

    id_field: ClassVar[str] = "idwarehouse"

    idwarehouse: int
    stock: int | None = None
    reserved: int | None = None
    reservedbackorders: int | None = None
    reservedpicklists: int | None = None
    reservedallocations: int | None = None
    freestock: int | None = None
    freepickablestock: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _derive_freestock(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("freestock") not in (None, ""):
            return data
        stock, reserved = data.get("stock"), data.get("reserved")
        if isinstance(stock, int) and isinstance(reserved, int):
            return data | {"freestock": stock - reserved}
        return data


class WarehouseStock(PicqerObject):
    """A row of a warehouse's stock list; a product without stock and reservation is absent."""

    id_field: ClassVar[str] = "idproduct"

    idproduct: int
    productcode: str = ""
    stock: ProductStock


class StockChange(Body):
    """A correction of stock, either relative (`change`) or absolute (`amount`)."""

    change: int | None = None
    amount: Annotated[int, Field(ge=0)] | None = None
    reason: Filled
    idlocation: int | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.change is None) == (self.amount is None):
            raise self.refusal("needs either change or amount")
        return self


class Product(PicqerObject):
    id_field: ClassVar[str] = "idproduct"

    idproduct: int
    productcode: str = ""
    name: str = ""
    price: Money | None = None
    fixedstockprice: Money | None = None
    idvatgroup: int | None = None
    idsupplier: int | None = None
    productcode_supplier: str = ""
    deliverytime: int | None = None
    description: str = ""
    barcode: str = ""
    type: str = ProductType.NORMAL
    unlimitedstock: bool = False
    weight: int | None = None
    length: int | None = None
    width: int | None = None
    height: int | None = None
    minimum_purchase_quantity: int | None = None
    purchase_in_quantities_of: int | None = None
    hs_code: str = ""
    country_of_origin: str = ""
    active: bool = True
    idfulfilment_customer: int | None = None
    productfields: Annotated[list[ProductFieldValue], Listed, Field(default_factory=list)]
    tags: Tags
    images: Annotated[list[str], Listed, Field(default_factory=list)]
    stock: Annotated[list[ProductStock], Listed, Field(default_factory=list)]
    created: str = ""
    updated: str = ""

    @property
    def keeps_stock(self) -> bool:
        """Whether Picqer keeps stock of the product; if not, the stock rows have no meaning."""
        return self.type != ProductType.UNLIMITED_STOCK and not self.unlimitedstock


class _ProductFields(Body):
    fixedstockprice: Money | None = None
    idsupplier: int | None = None
    productcode_supplier: str | None = None
    deliverytime: int | None = None
    description: str | None = None
    barcode: str | None = None
    type: ProductType | None = None
    weight: Annotated[int, Field(ge=0)] | None = None
    length: Annotated[int, Field(ge=0)] | None = None
    width: Annotated[int, Field(ge=0)] | None = None
    height: Annotated[int, Field(ge=0)] | None = None
    minimum_purchase_quantity: int | None = None
    purchase_in_quantities_of: int | None = None
    hs_code: str | None = None
    country_of_origin: Country | None = None
    active: bool | None = None
    idfulfilment_customer: int | None = None
    productfields: list[ProductFieldWrite] | None = None


class ProductCreate(_ProductFields):
    productcode: Filled
    name: Filled
    price: Money
    idvatgroup: int


class ProductUpdate(_ProductFields):
    """Only set fields change."""

    productcode: Filled | None = None
    name: Filled | None = None
    price: Money | None = None
    idvatgroup: int | None = None


class ProductPart(PicqerObject):
    """A part of a composition; `parts` is filled where `nested` was asked for."""

    id_field: ClassVar[str] = "idproduct_part"

    idproduct_part: int
    idproduct: int
    amount: int
    productcode: str = ""
    name: str = ""
    type: str = ProductType.NORMAL
    parts: Annotated[list[ProductPart], Listed, Field(default_factory=list)]


class ProductPartCreate(Body):
    idproduct: int
    amount: Positive


class ProductPartUpdate(Body):
    amount: Positive


class ProductImage(PicqerObject):
    id_field: ClassVar[str] = "idproduct_image"

    idproduct_image: int
    url: str = ""
    contenttype: str = ""
    size: int | None = None


class ProductImageCreate(Body):
    """`image` is base64 without a data-URI prefix; JPEG and PNG only."""

    image: Filled
