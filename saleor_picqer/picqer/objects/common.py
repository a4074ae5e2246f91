"""Objects shared by several topics: tags and values of custom fields."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from saleor_picqer.picqer.objects.base import Body, Filled, Listed, PicqerObject


class Tag(PicqerObject):
    id_field: ClassVar[str] = "idtag"

    idtag: int
    title: str = ""
    color: str = ""
    inherit: bool | None = None


# Orders, products and customers carry an object keyed by title, picklists (since October 2025)
# an array; an empty one is `{}` or `[]`.
Tags = Annotated[list[Tag], Listed, Field(default_factory=list)]


class TagWrite(Body):
    title: Filled
    color: str
    inherit: bool


class TagLink(Body):
    idtag: int


class OrderFieldValue(PicqerObject):
    id_field: ClassVar[str] = "idorderfield"

    idorderfield: int
    title: str = ""
    value: str = ""


class OrderFieldWrite(Body):
    idorderfield: int
    value: str


class ProductFieldValue(PicqerObject):
    id_field: ClassVar[str] = "idproductfield"

    idproductfield: int
    title: str = ""
    value: str = ""


class ProductFieldWrite(Body):
    idproductfield: int
    value: str
