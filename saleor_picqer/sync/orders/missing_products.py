"""Creating the products of an order that Picqer lacks: one request each, none for the others."""

from __future__ import annotations

from collections.abc import Iterable

from saleor_picqer.domain.mapping.products import ProductRequest, product_request
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import DataError, InvalidRequestError, UnknownProductError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.ports import Context


def create(context: Context, order: Order, error: UnknownProductError) -> None:
    """Creates what Picqer probably lacks: what it is not known to have, or names in its refusal.

    Raises DataError naming the SKU that cannot be created.
    """
    skus = _skus(order)
    known = context.links.products.ids(skus)
    suspects = [sku for sku in skus if sku not in known]
    suspects = suspects or [sku for sku in skus if sku in error.text] or skus
    if context.settings.create_missing_products:
        _create_all(context, suspects)
    else:
        create_unknown(context, order)


def create_unknown(context: Context, order: Order) -> None:
    """Asks Picqer for each SKU of the order and creates those that it does not know."""
    missing = [sku for sku in _skus(order) if not _exists(context, sku)]
    if missing and not context.settings.create_missing_products:
        raise DataError(texts.creating_is_off(missing[0]))
    _create_all(context, missing)


def _skus(order: Order) -> list[str]:
    return sorted({normalize(line.sku) for line in order.shippable_lines})


def _create_all(context: Context, skus: Iterable[str]) -> None:
    wanted = list(skus)
    variants = context.shop.catalogue.variants_by_sku(context.channel, wanted)
    rate = context.settings.default_vat_rate
    requests = {
        sku: product_request(variants[sku], context.picqer.reference.vat_group, rate)
        for sku in wanted
        if sku in variants
    }
    for sku in wanted:
        if sku in requests:
            _create(context, sku, requests[sku])
        elif not _exists(context, sku):
            raise DataError(texts.unknown_everywhere(sku))


def _create(context: Context, sku: str, request: ProductRequest) -> None:
    """A refusal may mean that somebody else was quicker."""
    try:
        created = context.picqer.products.create(request)
    except InvalidRequestError:
        if not _exists(context, sku):
            raise
    else:
        context.links.products.link({sku: created.id})


def _exists(context: Context, sku: str) -> bool:
    product = context.picqer.products.find(sku)
    if product is None:
        return False
    if not product.active:
        raise DataError(texts.inactive(sku))
    context.links.products.link({sku: product.id})
    return True
