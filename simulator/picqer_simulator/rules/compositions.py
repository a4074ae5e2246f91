"""The resource `parts` of compositions. A part may be a composition itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import MISSING_PARAMETER, NOT_FOUND, WRONG_STATUS, ApiError
from picqer_simulator.core.models import Part, Product, Wire
from picqer_simulator.core.parsing import integer, read, require, text
from picqer_simulator.core.queries import Query, is_set, page
from picqer_simulator.core.state import State
from picqer_simulator.rules import products, stock
from picqer_simulator.rules.composition_stock import goods

COMPOSITION_TYPES = ("virtual_composition", "composition_with_stock")
READERS = {"idproduct": integer, "amount": integer}
PRODUCE_READERS = {"idwarehouse": integer, "amount": integer, "reason": text}


def list_parts(account: Account, idproduct: int, query: Query) -> list[Wire]:
    """List the parts of a composition; with `nested` also the parts of parts."""
    composition = _composition(account, idproduct)
    nested = "nested" in query and is_set(query["nested"])
    parts = page(account.options, composition.parts, query)
    return [_wire(account, part, nested=nested) for part in parts]


def get_part(account: Account, idproduct: int, idproduct_part: int) -> Wire:
    """Return a part of a composition."""
    part = _part(_composition(account, idproduct), idproduct_part)
    return _wire(account, part)


def add_part(account: Account, idproduct: int, body: Wire) -> Wire:
    """Add a part to a composition."""
    composition = _composition(account, idproduct)
    values = read(account.options, body, READERS)
    require(values, "idproduct", "amount")
    product = account.find(account.state.products, values["idproduct"])
    _check_amount(values["amount"])
    # A circle of compositions would have no stock.
    if composition.idproduct in _family(account.state, product):
        raise ApiError(MISSING_PARAMETER, "A composition cannot contain itself")
    part = Part(account.state.new_id("part"), product.idproduct, values["amount"])
    touch(account, composition)
    composition.parts.append(part)
    _link(product, composition)
    _changed(account, composition)
    return _wire(account, part)


def update_part(account: Account, idproduct: int, idproduct_part: int, body: Wire) -> Wire:
    """Change the amount of a part; other fields have no effect."""
    composition = _composition(account, idproduct)
    part = _part(composition, idproduct_part)
    values = read(account.options, body, {"amount": integer})
    require(values, "amount")
    _check_amount(values["amount"])
    touch(account, composition)
    part.amount = values["amount"]
    _changed(account, composition)
    return _wire(account, part)


def remove_part(account: Account, idproduct: int, idproduct_part: int) -> None:
    """Remove a part from a composition."""
    composition = _composition(account, idproduct)
    part = _part(composition, idproduct_part)
    touch(account, composition)
    composition.parts.remove(part)
    # A product can be a part of the composition twice.
    if all(other.idproduct != part.idproduct for other in composition.parts):
        account.state.products[part.idproduct].part_of.remove(composition.idproduct)
    _changed(account, composition)


def produce(account: Account, idproduct: int, body: Wire) -> Wire:
    """Assemble pieces of a composition with stock."""
    composition = _composition(account, idproduct)
    if composition.is_virtual:
        raise ApiError(WRONG_STATUS, "A virtual composition is never produced")
    values = read(account.options, body, PRODUCE_READERS)
    require(values, "idwarehouse", "amount")
    _check_amount(values["amount"])
    idwarehouse = account.find(account.state.warehouses, values["idwarehouse"]).idwarehouse
    used = Counter[int]()
    for part in composition.parts:
        for used_id, each in goods(account.state, _product(account, part)).items():
            used[used_id] += each * part.amount * values["amount"]
    # Parts of parts are used up, down to physical products.
    _take(account, used, idwarehouse)
    stock.move(account, composition, idwarehouse, values["amount"], values.get("reason", ""))
    return products.wire(account, composition)


def touch(account: Account, product: Product) -> None:
    """Remember the product's numbers in every warehouse before its parts change."""
    for idwarehouse in account.state.warehouses:
        stock.touch(account, product, idwarehouse)


def _take(account: Account, used: Counter[int], idwarehouse: int) -> None:
    """Take all the parts from stock; raise ApiError and take nothing if one is short."""
    parts = [(account.state.products[idproduct], amount) for idproduct, amount in used.items()]
    for product, amount in parts:
        if stock.pickable(account, product, idwarehouse) < amount:
            raise ApiError(account.options.stock_too_low_code, "There are not enough parts")
    for product, amount in parts:
        stock.move(account, product, idwarehouse, -amount, "Production")


def _product(account: Account, part: Part) -> Product:
    return account.state.products[part.idproduct]


def _changed(account: Account, composition: Product) -> None:
    """Record the change of a composition and emit its event."""
    composition.updated = account.clock.stamp()
    account.emit("products.parts.changed", products.wire(account, composition))


def _composition(account: Account, idproduct: int) -> Product:
    """Return the composition; raise ApiError 20 for any other product."""
    product = account.find(account.state.products, idproduct)
    if product.type not in COMPOSITION_TYPES:
        raise ApiError(NOT_FOUND)
    return product


def _part(composition: Product, idproduct_part: int) -> Part:
    """Return the part with the given id; raise ApiError 20 for an unknown id."""
    for part in composition.parts:
        if part.idproduct_part == idproduct_part:
            return part
    raise ApiError(NOT_FOUND)


def _check_amount(amount: int) -> None:
    if amount < 1:
        raise ApiError(MISSING_PARAMETER, "amount is not 1 or more")


def _family(state: State, product: Product) -> Iterator[int]:
    """Yield the ids of the product and of all its parts, also nested parts."""
    yield product.idproduct
    for part in product.parts:
        yield from _family(state, state.products[part.idproduct])


def _link(product: Product, composition: Product) -> None:
    """Record that the product is a part of the composition."""
    if composition.idproduct not in product.part_of:
        product.part_of.append(composition.idproduct)


def _wire(account: Account, part: Part, *, nested: bool = False) -> Wire:
    product = _product(account, part)
    described = {
        "idproduct_part": part.idproduct_part,
        "idproduct": part.idproduct,
        "amount": part.amount,
        "productcode": product.productcode,
        "name": product.name,
        "type": product.type,
    }
    if nested and product.is_virtual:
        described["parts"] = [_wire(account, inner, nested=True) for inner in product.parts]
    return described
