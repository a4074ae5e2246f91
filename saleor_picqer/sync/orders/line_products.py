"""Picqer's products of an order's lines, by the variant of each line.

The SKU of a line stays as it was when the order was placed. The SKU of the variant, and with it
Picqer's product code, may have changed since, and another variant may have got the former SKU.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from saleor_picqer.domain.catalogue import CatalogueEntry
from saleor_picqer.domain.orders import Order, OrderLine
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.ports import Context


def with_products(context: Context, order: Order) -> Order:
    """Return the order with the Picqer product of each line's variant: 2 statements."""
    linked = _linked(context, order)
    ids = {pk: entry.remote_id for pk, entry in linked.items()}
    lines = (replace(line, product_id=ids.get(line.variant)) for line in order.lines)
    return replace(order, lines=tuple(lines))


def with_own_skus(context: Context, order: Order, names: Mapping[int, str]) -> Order:
    """Return the order in which lines of different products have different SKUs.

    `names` are the SKUs of lines in Picqer, by product. Takes 2 statements if lines of different
    variants have the same SKU, else none.
    """
    variants: dict[str, set[str]] = defaultdict(set)
    for line in order.lines:
        variants[compare_key(line.sku)].add(line.variant)
    shared = {pk for pks in variants.values() if len(pks) > 1 for pk in pks}
    if not shared:
        return order
    linked = _linked(context, order)
    own = {pk: entry for pk, entry in linked.items() if pk in shared}
    skus = {pk: entry.sku for pk, entry in own.items()}
    if all(entry.remote_id in names for entry in own.values()):
        # A later change of the variant's SKU changes the product code, but not these names.
        skus = {pk: names[entry.remote_id or 0] for pk, entry in own.items()}
    lines = (replace(line, sku=skus.get(line.variant, line.sku)) for line in order.lines)
    return replace(order, lines=tuple(lines))


def _linked(context: Context, order: Order) -> dict[str, CatalogueEntry]:
    """Return the catalogue entries of the lines' variants with a linked product."""
    entries = context.catalogue.get({line.variant for line in order.lines if line.variant})
    linked = {pk: entry for pk, entry in entries.items() if entry.remote_id is not None}
    codes = [entry.sku for entry in linked.values()]
    read: dict[str, set[int | None]] = defaultdict(set)
    for reading in context.readings.of_skus(codes) if codes else ():
        read[compare_key(reading.sku)].add(reading.product_id)
    # Picqer's staff may have given the code to another product, whose stock the shop offers then.
    return {
        pk: entry
        for pk, entry in linked.items()
        if read[compare_key(entry.sku)] <= {entry.remote_id, None}
    }


def skus_by_product(order: Order) -> dict[int, str]:
    """Return the SKUs of lines by the product of their variants, where known."""
    return {line.product_id: line.sku for line in order.lines if line.product_id is not None}


def check_codes(context: Context, order: Order) -> None:
    """Make sure that no line would order the product of another variant by its former SKU.

    Takes no statement for lines with a product, else 2. Raises TryLaterError.
    """
    lines = [line for line in order.shippable_lines if line.variant and line.product_id is None]
    taken = _taken(context, lines) if lines else {}
    # The product of a deleted variant belongs to the variant that has the SKU now.
    present = context.shop.catalogue.existing([*taken.values()]) if taken else ()
    for sku, owner in sorted(taken.items()):
        if owner in present:
            # The other variant's new SKU has to be sent first.
            context.catalogue.touch([owner])
            raise TryLaterError(texts.sku_of_another(sku))


def _taken(context: Context, lines: Iterable[OrderLine]) -> dict[str, str]:
    """Return the SKUs whose product in Picqer belongs to another variant, and that variant."""
    variants = {normalize(line.sku): line.variant for line in lines}
    products = context.links.products.ids([*variants])
    owners = context.catalogue.owners(products.values()) if products else {}
    found = {sku: owners.get(id_, variants[sku]) for sku, id_ in products.items()}
    return {sku: owner for sku, owner in found.items() if owner != variants[sku]}
