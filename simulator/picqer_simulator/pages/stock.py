"""Owns the page of stock levels, and the form that corrects one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from picqer_simulator.core.models import Product, Wire
from picqer_simulator.core.queries import Query, contains, page
from picqer_simulator.rules import staff, stock

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator
    from picqer_simulator.http.runtime import Backstage

FILTERS = {"search": contains("productcode", "name")}
FIELDS = ("productcode", "idwarehouse", "amount")


def show(backstage: Backstage, query: Query) -> Wire:
    return backstage.simulator.run(_levels, query)


def change(simulator: Simulator, entered: Mapping[str, str]) -> None:
    """Set what was counted."""
    staff.set_stock(simulator, {name: entered[name] for name in FIELDS if name in entered})


def _levels(simulator: Simulator, query: Query) -> Wire:
    knobs = replace(simulator.knobs, list_order="oldest_first")
    found = page(knobs, simulator.state.products.values(), query, FILTERS)
    return {
        "products": [_product(simulator, product) for product in found],
        "warehouses": {
            warehouse.idwarehouse: warehouse.name
            for warehouse in simulator.state.warehouses.values()
        },
    }


def _product(simulator: Simulator, product: Product) -> Wire:
    return {
        "idproduct": product.idproduct,
        "productcode": product.productcode,
        "name": product.name,
        "type": product.type,
        "active": product.active,
        "keeps_stock": product.keeps_stock,
        "levels": stock.rows_wire(simulator, product),
    }
