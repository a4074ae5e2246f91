"""The page of stock levels, and the form that corrects a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Product, Wire
from picqer_simulator.core.queries import Query, contains, page
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.rules import staff, stock

FILTERS = {"search": contains("productcode", "name")}
FIELDS = ("productcode", "idwarehouse", "amount")


def show(runtime: Runtime, query: Query) -> Wire:
    """Return the data of the stock page."""
    return runtime.account.run(_levels, query)


def change(account: Account, entered: Mapping[str, str]) -> None:
    """Set the stock to the counted amount."""
    staff.set_stock(account, {name: entered[name] for name in FIELDS if name in entered})


def _levels(account: Account, query: Query) -> Wire:
    options = replace(account.options, list_order="oldest_first")
    found = page(options, account.state.products.values(), query, FILTERS)
    return {
        "products": [_product(account, product) for product in found],
        "warehouses": {
            warehouse.idwarehouse: warehouse.name for warehouse in account.state.warehouses.values()
        },
    }


def _product(account: Account, product: Product) -> Wire:
    return {
        "idproduct": product.idproduct,
        "productcode": product.productcode,
        "name": product.name,
        "type": product.type,
        "active": product.active,
        "keeps_stock": product.keeps_stock,
        "levels": stock.rows_wire(account, product),
    }
