"""Owns the replenishment levels of a product per warehouse. They are not stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.models import Product, WarehouseSettings, Wire, public
from picqer_simulator.core.parsing import integer, optional, read, text

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

READERS = {
    "stock_level_order": optional(integer),
    "stock_level_desired": optional(integer),
    "stock_level_maximum": optional(integer),
    "stock_location": optional(text),
}


def list_(simulator: Simulator, idproduct: int) -> list[Wire]:
    product = simulator.find(simulator.state.products, idproduct)
    return [_wire(product, idwarehouse) for idwarehouse in simulator.state.warehouses]


def update(simulator: Simulator, idproduct: int, idwarehouse: int, body: Wire) -> Wire:
    product = simulator.find(simulator.state.products, idproduct)
    simulator.find(simulator.state.warehouses, idwarehouse)
    settings = product.settings.setdefault(idwarehouse, WarehouseSettings())
    for name, value in read(simulator.knobs, body, READERS).items():
        setattr(settings, name, value)
    return _wire(product, idwarehouse)


def _wire(product: Product, idwarehouse: int) -> Wire:
    settings = product.settings.get(idwarehouse, WarehouseSettings())
    return {"idwarehouse": idwarehouse, **public(settings)}
