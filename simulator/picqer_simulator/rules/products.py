"""The resource `products`. A product is inactivated rather than deleted."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import (
    MISSING_PARAMETER,
    NOT_FOUND,
    UNKNOWN_VATGROUP,
    WRONG_STATUS,
    ApiError,
)
from picqer_simulator.core.models import Product, Wire, public
from picqer_simulator.core.parsing import (
    boolean,
    choice,
    country,
    integer,
    number,
    optional,
    read,
    require,
    text,
)
from picqer_simulator.core.queries import Filters, Query, contains, equals, is_set, page
from picqer_simulator.rules import comments, stock, tags

TYPES = ("normal", "unlimited_stock", "virtual_composition", "composition_with_stock")
READERS = {
    "idvatgroup": optional(integer),
    "name": text,
    "price": number,
    "productcode": text,
    "fixedstockprice": number,
    "idsupplier": optional(integer),
    "productcode_supplier": text,
    "deliverytime": optional(integer),
    "description": text,
    "barcode": text,
    "type": choice(*TYPES),
    "weight": integer,
    "length": optional(integer),
    "width": optional(integer),
    "height": optional(integer),
    "minimum_purchase_quantity": integer,
    "purchase_in_quantities_of": integer,
    "hs_code": optional(text),
    "country_of_origin": optional(country),
    "active": boolean,
    "idfulfilment_customer": optional(integer),
}
# Fields without a reader, checked by `_values`.
OTHER_FIELDS = frozenset({"unlimitedstock", "productfields"})


def wire(account: Account, product: Product) -> Wire:
    """Return a product as JSON, with a stock row per warehouse."""
    return public(product) | {
        "unlimitedstock": product.type == "unlimited_stock",
        "tags": tags.tags_wire(account, product.tags),
        "productfields": _fields_wire(account, product),
        "images": [image.url for image in product.images],
        "pricelists": [],
        "stock": stock.rows_wire(account, product),
        # Fields that Picqer returns and that have no effect in the simulator.
        "assembled": product.is_virtual,
        "show_on_portal": True,
        "comment_count": comments.count(account, "product", product.idproduct),
        "analysis_pick_amount_per_day": 0,
    }


def list_(account: Account, query: Query) -> list[Wire]:
    """List active products, or inactive products if the query contains `inactive`."""
    # No query returns active and inactive products together.
    wants_inactive = "inactive" in query and is_set(query["inactive"])
    products = (
        product
        for product in account.state.products.values()
        if product.active is not wants_inactive
    )
    found = page(account.options, products, query, _filters(account))
    return [wire(account, product) for product in found]


def get(account: Account, idproduct: int) -> Wire:
    return wire(account, account.find(account.state.products, idproduct))


def find_by_code(account: Account, productcode: str) -> Product | None:
    """Return the product with exactly the given product code, active or not."""
    idproduct = account.productcodes.get(account.productcode_key(productcode))
    return account.state.products[idproduct] if idproduct else None


def create(account: Account, body: Wire) -> Wire:
    """Create a product."""
    values = _values(account, body)
    required = ["name", "price", "productcode"]
    if account.options.product_without_vatgroup == "refuse":
        required.append("idvatgroup")
    require(values, *required)
    _check_code_is_free(account, values["productcode"], None)
    now = account.clock.stamp()
    values["idvatgroup"] = values.get("idvatgroup") or _standard_vatgroup(account)
    idproduct = account.state.new_id("product")
    product = Product(idproduct=idproduct, **values, created=now, updated=now)
    account.state.products[idproduct] = product
    _index(account, product)
    account.emit("products.created", wire(account, product))
    return wire(account, product)


def update(account: Account, idproduct: int, body: Wire) -> Wire:
    """Change the fields that the body contains."""
    product = account.find(account.state.products, idproduct)
    values = _values(account, body)
    require(values, *({"name", "price", "productcode", "idvatgroup"} & values.keys()))
    if "productcode" in values:
        _check_code_is_free(account, values["productcode"], idproduct)
    if values.get("type", product.type) != product.type:
        _check_type_can_change(product)
    # The product code may change, so the index entry is written anew below.
    del account.productcodes[account.productcode_key(product.productcode)]
    # Custom fields that are missing in the body keep their values.
    product.productfields |= values.pop("productfields", {})
    for name, value in values.items():
        setattr(product, name, value)
    _index(account, product)
    return _changed(account, product)


def activate(account: Account, idproduct: int) -> Wire:
    """Make a product active."""
    product = account.find(account.state.products, idproduct)
    product.active = True
    return _changed(account, product)


def inactivate(account: Account, idproduct: int) -> Wire:
    """Make a product inactive."""
    product = account.find(account.state.products, idproduct)
    product.active = False
    return _changed(account, product)


def list_tags(account: Account, idproduct: int) -> list[Wire]:
    return tags.list_on(account, account.find(account.state.products, idproduct))


def add_tag(account: Account, idproduct: int, body: Wire) -> list[Wire]:
    return tags.put_on(account, account.find(account.state.products, idproduct), body)


def remove_tag(account: Account, idproduct: int, idtag: int) -> None:
    tags.take_off(account.find(account.state.products, idproduct), idtag)


def _filters(account: Account) -> Filters:
    """Return the filters of the list of products."""
    state = account.state
    key, separator = account.productcode_key, account.options.idproducts_separator
    return {
        "productcode": lambda product, wanted: key(product.productcode) == key(wanted),
        "search": contains("productcode", "name", "barcode"),
        "idproducts": lambda product, wanted: str(product.idproduct) in wanted.split(separator),
        "tag": lambda product, title: title in (state.tags[idtag].title for idtag in product.tags),
        "type": equals("type"),
        "idsupplier": equals("idsupplier"),
        "idfulfilment_customer": equals("idfulfilment_customer"),
    }


def _values(account: Account, body: Wire) -> Wire:
    """Check the fields in the body."""
    values = read(account.options, body, READERS, also=OTHER_FIELDS)
    # `unlimitedstock` is the older name of a product type.
    if "unlimitedstock" in body and "type" not in body:
        unlimited = boolean("unlimitedstock", body["unlimitedstock"])
        values["type"] = "unlimited_stock" if unlimited else "normal"
    if body.get("productfields"):
        values["productfields"] = _read_fields(account, body["productfields"])
    idvatgroup = values.get("idvatgroup")
    if idvatgroup is not None and idvatgroup not in account.state.vatgroups:
        raise ApiError(UNKNOWN_VATGROUP)
    return values


def _read_fields(account: Account, entries: list[Wire]) -> dict[int, str]:
    """Check the custom fields in the body."""
    values = {entry.get("idproductfield"): text("value", entry.get("value")) for entry in entries}
    for idproductfield in values:
        if idproductfield not in account.state.productfields:
            raise ApiError(NOT_FOUND, "Unknown product field")
    return {int(key): value for key, value in values.items() if key is not None}


def _fields_wire(account: Account, product: Product) -> list[Wire]:
    """Return the custom fields of a product as JSON."""
    definitions = account.state.productfields
    return [
        {"idproductfield": key, "title": definitions[key].title, "value": value}
        for key, value in product.productfields.items()
    ]


def _standard_vatgroup(account: Account) -> int:
    """Return the id of the standard VAT group; raise ApiError 14 without such a group."""
    for vatgroup in account.state.vatgroups.values():
        if vatgroup.standard:
            return vatgroup.idvatgroup
    raise ApiError(UNKNOWN_VATGROUP)


def _check_code_is_free(account: Account, productcode: str, own_id: int | None) -> None:
    """Raise ApiError if another product has the product code."""
    taken_by = account.productcodes.get(account.productcode_key(productcode))
    if taken_by not in (None, own_id):
        raise ApiError(
            account.options.duplicate_productcode_code, "This product code is taken already"
        )


def _check_type_can_change(product: Product) -> None:
    """Raise ApiError 21 or 5 if the product has stock or parts."""
    # Stock would lose its meaning under another type.
    if any(numbers.stock or numbers.reserved for numbers in product.stock.values()):
        raise ApiError(WRONG_STATUS, "The type cannot change while there is stock")
    if product.parts or product.part_of:
        raise ApiError(MISSING_PARAMETER, "The type cannot change while there are parts")


def _index(account: Account, product: Product) -> None:
    """Add the product to the index of product codes."""
    account.productcodes[account.productcode_key(product.productcode)] = product.idproduct


def _changed(account: Account, product: Product) -> Wire:
    """Record a change of the product and emit its event."""
    product.updated = account.clock.stamp()
    account.emit("products.changed", wire(account, product))
    return wire(account, product)
