"""The resource `warehouses` of products: the levels at which stock is replenished."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Product, WarehouseSettings, Wire, public
from picqer_simulator.core.parsing import integer, optional, read, text

READERS = {
    "stock_level_order": optional(integer),
    "stock_level_desired": optional(integer),
    "stock_level_maximum": optional(integer),
    "stock_location": optional(text),
}


def list_(account: Account, idproduct: int) -> list[Wire]:
    """List the replenishment levels of a product, per warehouse."""
    product = account.find(account.state.products, idproduct)
    return [_wire(product, idwarehouse) for idwarehouse in account.state.warehouses]


def update(account: Account, idproduct: int, idwarehouse: int, body: Wire) -> Wire:
    """Change the replenishment levels of a product in one warehouse."""
    product = account.find(account.state.products, idproduct)
    account.find(account.state.warehouses, idwarehouse)
    settings = product.settings.setdefault(idwarehouse, WarehouseSettings())
    for name, value in read(account.options, body, READERS).items():
        setattr(settings, name, value)
    return _wire(product, idwarehouse)


def _wire(product: Product, idwarehouse: int) -> Wire:
    settings = product.settings.get(idwarehouse, WarehouseSettings())
    return {"idwarehouse": idwarehouse, **public(settings)}
