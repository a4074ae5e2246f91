"""The records of products and their stock."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class StockRow:
    """The stock of a product in a warehouse."""

    stock: int = 0
    reservedbackorders: int = 0
    reservedpicklists: int = 0
    reservedallocations: int = 0

    @property
    def reserved(self) -> int:
        return self.reservedbackorders + self.reservedpicklists + self.reservedallocations

    @property
    def freestock(self) -> int:
        return self.stock - self.reserved


@dataclass
class Image:
    idproduct_image: int
    url: str
    contenttype: str
    size: int


@dataclass
class Part:
    idproduct_part: int
    idproduct: int
    amount: int


@dataclass
class WarehouseSettings:
    """The replenishment levels of a product in a warehouse."""

    stock_level_order: int | None = None
    stock_level_desired: int | None = None
    stock_level_maximum: int | None = None
    stock_location: str | None = None


@dataclass
class Product:
    idproduct: int
    idvatgroup: int
    name: str
    price: float
    productcode: str
    fixedstockprice: float = 0
    idsupplier: int | None = None
    productcode_supplier: str = ""
    deliverytime: int | None = None
    description: str = ""
    barcode: str = ""
    type: str = "normal"
    weight: int = 0
    length: int | None = None
    width: int | None = None
    height: int | None = None
    minimum_purchase_quantity: int = 0
    purchase_in_quantities_of: int = 0
    hs_code: str | None = None
    country_of_origin: str | None = None
    active: bool = True
    idfulfilment_customer: int | None = None
    productfields: dict[int, str] = field(default_factory=dict)
    created: str = ""
    updated: str = ""
    tags: list[int] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    stock: dict[int, StockRow] = field(default_factory=dict)
    settings: dict[int, WarehouseSettings] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    part_of: list[int] = field(default_factory=list)

    @property
    def keeps_stock(self) -> bool:
        return self.type in ("normal", "composition_with_stock")

    @property
    def is_virtual(self) -> bool:
        return self.type == "virtual_composition"


@dataclass
class StockChange:
    idproduct_stock_history: int
    idproduct: int
    idwarehouse: int
    iduser: int
    idlocation: int | None
    old_stock: int
    stock_change: int
    new_stock: int
    reason: str
    change_type: str
    changed_at: str
