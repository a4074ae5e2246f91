"""Seeds: filling an account before a test or a demo. Seeding emits no events."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.models import Product, Wire
from picqer_simulator.rules import products, reference, stock, tags

DEMO: Wire = {
    "warehouses": [{"name": "Utrecht"}, {"name": "Antwerpen"}],
    "tags": [{"title": "Webshop", "color": "#16A34A", "inherit": False}],
    "orderfields": [{"title": "Gift message"}],
    "products": [
        {
            "productcode": f"DEMO-{number:02}",
            "name": name,
            "price": price,
            "weight": 300,
            "stock": {"Utrecht": 10 * number, "Antwerpen": 5 * (number % 3)},
        }
        for number, (name, price) in enumerate(
            [
                ("Mug, red", 8.26),
                ("Mug, blue", 8.26),
                ("Teapot", 24.75),
                ("Tea towel", 5.5),
                ("Tray, oak", 31.4),
                ("Sugar bowl", 12.36),
            ]
        )
    ],
}


def seed(account: Account, body: Wire) -> Wire:
    """Add the described records, and change records that have the same name.

    Keys of the body: warehouses, vatgroups, products (with `stock` by warehouse name), orderfields,
    customerfields, productfields, tags. Returns the ids by name or code.
    """
    ids = {
        "warehouses": {
            entry["name"]: _warehouse(account, entry) for entry in _all(body, "warehouses")
        },
        "vatgroups": {
            entry["name"]: _vatgroup(account, entry) for entry in _all(body, "vatgroups")
        },
        "products": {
            entry["productcode"]: _product(account, entry) for entry in _all(body, "products")
        },
        "tags": {
            entry["title"]: tags.create(account, entry)["idtag"] for entry in _all(body, "tags")
        },
    }
    for kind in ("orderfield", "customerfield", "productfield"):
        ids[f"{kind}s"] = {
            entry["title"]: reference.add_customfield(account.state, kind, **entry).id
            for entry in _all(body, f"{kind}s")
        }
    # A seeded record counts as a record that has always existed.
    account.discard_events()
    return ids


def _all(body: Wire, key: str) -> list[Wire]:
    """Return the entries under a key."""
    entries: list[Wire] = body.get(key) or []
    return entries


def _warehouse(account: Account, entry: Wire) -> int:
    """Add or change a warehouse."""
    for warehouse in account.state.warehouses.values():
        if warehouse.name == entry["name"]:
            for name, value in entry.items():
                setattr(warehouse, name, value)
            return warehouse.idwarehouse
    return reference.add_warehouse(account.state, **entry).idwarehouse


def _vatgroup(account: Account, entry: Wire) -> int:
    """Add or change a VAT group."""
    for vatgroup in account.state.vatgroups.values():
        if vatgroup.name == entry["name"]:
            vatgroup.percentage = entry["percentage"]
            return vatgroup.idvatgroup
    return reference.add_vatgroup(account.state, **entry).idvatgroup


def _product(account: Account, entry: Wire) -> int:
    """Add or change a product and its stock."""
    # A seed need not name the VAT group; the first group is the standard.
    standard = next(iter(account.state.vatgroups))
    attributes = {"idvatgroup": standard} | {
        name: value for name, value in entry.items() if name != "stock"
    }
    product = products.find_by_code(account, entry["productcode"])
    if product is None:
        idproduct = products.create(account, attributes)["idproduct"]
    else:
        idproduct = products.update(account, product.idproduct, attributes)["idproduct"]
    _stock(account, account.state.products[idproduct], entry.get("stock") or {})
    return int(idproduct)


def _stock(account: Account, product: Product, amounts: dict[str, int]) -> None:
    """Set the product's stock per warehouse name."""
    ids = {warehouse.name: warehouse.idwarehouse for warehouse in account.state.warehouses.values()}
    for name, amount in amounts.items():
        if name not in ids:
            raise ApiError(NOT_FOUND, f"There is no warehouse {name!r}")
        difference = amount - stock.row(account, product, ids[name]).stock
        stock.move(account, product, ids[name], difference, "Seed")
