"""Products and shipping methods of the example shop, a coffee and tea store in Utrecht.

Prices are gross prices in euro, weights are in grams.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SHOP_NAME = "Koffie & Blad"


@dataclass(frozen=True)
class ShippingMethod:
    name: str
    price: str


PARCEL = ShippingMethod("Parcel (Picqer)", "4.95")
COURIER = ShippingMethod("Bike courier", "7.50")
SHIPPING_METHODS = (PARCEL, COURIER)

# Picqer accepts both formats; the shop uses both, so that both are tested.
IMAGE_FORMATS = {"Coffee": "JPEG", "Tea": "JPEG", "Gear": "PNG"}


@dataclass(frozen=True)
class Variant:
    sku: str
    name: str
    price: str
    grams: int


@dataclass(frozen=True)
class Product:
    name: str
    kind: str
    colour: str
    description: str
    variants: tuple[Variant, ...]

    @property
    def price(self) -> Decimal:
        # Saleor lists a product at the price of its cheapest variant.
        return min(Decimal(variant.price) for variant in self.variants)


def _coffee(code: str, small: str, large: str) -> tuple[Variant, ...]:
    return (
        Variant(f"KB-{code}-250", "250 g", small, 270),
        Variant(f"KB-{code}-1000", "1 kg", large, 1040),
    )


def _tea(code: str, tin: str, refill: str) -> tuple[Variant, ...]:
    return (
        Variant(f"KB-{code}-TIN", "Tin, 100 g", tin, 190),
        Variant(f"KB-{code}-REFILL", "Refill, 250 g", refill, 265),
    )


PRODUCTS = (
    Product(
        "Domtoren Espresso",
        "Coffee",
        "#6b3e26",
        "Our house blend: dark chocolate, hazelnut, a long finish.",
        _coffee("DOM", "8.95", "31.50"),
    ),
    Product(
        "Guji, Ethiopia",
        "Coffee",
        "#b5541c",
        "Washed heirloom beans: jasmine, peach and bergamot.",
        _coffee("GUJI", "11.50", "41.00"),
    ),
    Product(
        "Huila, Colombia",
        "Coffee",
        "#8c2f39",
        "Caramel, red apple and milk chocolate; good in any filter.",
        _coffee("HUILA", "9.75", "34.50"),
    ),
    Product(
        "Gayo Highlands, Sumatra",
        "Coffee",
        "#3f4b3b",
        "Wet-hulled and full-bodied: cedar, cocoa and tobacco leaf.",
        _coffee("GAYO", "10.25", "36.75"),
    ),
    Product(
        "Late Canal Decaf",
        "Coffee",
        "#2b4c7e",
        "Sugar-cane decaf for after dinner: toffee and orange zest.",
        _coffee("DECAF", "9.95", "35.50"),
    ),
    Product(
        "Darjeeling First Flush",
        "Tea",
        "#7a9e3a",
        "Spring leaf of one garden: floral and crisp.",
        _tea("DARJ", "14.50", "27.00"),
    ),
    Product(
        "Sencha Uji",
        "Tea",
        "#2f7d4f",
        "Steamed green tea: sea air, sweet grass.",
        _tea("SENCHA", "12.75", "24.50"),
    ),
    Product(
        "Earl Grey Singel",
        "Tea",
        "#3a3a6b",
        "Ceylon with oil of bergamot and cornflower.",
        _tea("EARL", "9.95", "18.50"),
    ),
    Product(
        "Rooibos Stroopwafel",
        "Tea",
        "#c4722b",
        "Caffeine-free, with caramel, cinnamon and a piece of waffle.",
        _tea("ROOI", "8.95", "16.75"),
    ),
    Product(
        "Keulen Mug",
        "Gear",
        "#4a6d7c",
        "Stoneware, 300 ml, thrown and glazed in Delft.",
        (
            Variant("KB-MUG-BLUE", "Delft blue", "16.50", 380),
            Variant("KB-MUG-SAND", "Sand", "16.50", 380),
            Variant("KB-MUG-MOSS", "Moss", "17.50", 385),
        ),
    ),
    Product(
        "Pour-over Dripper",
        "Gear",
        "#595959",
        "Porcelain cone with a spiral rib.",
        (
            Variant("KB-DRIP-01", "1-2 cups", "22.95", 410),
            Variant("KB-DRIP-02", "1-4 cups", "26.95", 560),
        ),
    ),
    Product(
        "Filter Papers",
        "Gear",
        "#a08c6c",
        "A hundred unbleached papers.",
        (Variant("KB-PAPER-100", "100 pieces", "6.50", 160),),
    ),
)
