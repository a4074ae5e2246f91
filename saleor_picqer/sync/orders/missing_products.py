"""Create the products of an order in Picqer when missing: 1 request each."""

from __future__ import annotations

from collections.abc import Sequence

from saleor_picqer.domain.mapping.products import ProductRequest
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import DataError, InvalidRequestError, PicqerApiError, SettingsError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.products import build_request, record_created


def create_suspects(context: Context, order: Order, error: PicqerApiError) -> None:
    """Create the probably missing products, without asking Picqer for each SKU first.

    Suspects are SKUs without a link; without any, SKUs in the text of Picqer's refusal. Raises
    DataError with the SKU when a product cannot be created.
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
    """Ask Picqer for each SKU of the order, and create the missing products."""
    missing = [sku for sku in _skus(order) if not _exists(context, sku)]
    if missing and not context.settings.create_missing_products:
        raise DataError(texts.creating_is_off(missing[0]))
    _create_all(context, missing)


def _skus(order: Order) -> list[str]:
    return sorted({normalize(line.sku) for line in order.shippable_lines})


def _create_all(context: Context, skus: Sequence[str]) -> None:
    variants = context.shop.catalogue.variants_by_sku(context.channel, skus)
    # All requests are built before the first is sent: a missing price stops them all.
    requests = {sku: _build(context, sku, variants[sku]) for sku in skus if sku in variants}
    for sku in skus:
        if sku in requests:
            _create(context, sku, variants[sku], requests[sku])
        elif not _exists(context, sku):
            raise DataError(texts.unknown_everywhere(sku))


def _build(context: Context, sku: str, variant: Variant) -> ProductRequest:
    try:
        return build_request(context, variant)
    except SettingsError as error:
        raise SettingsError(error.setting, f'SKU "{sku}": {error.message}') from error


def _create(context: Context, sku: str, variant: Variant, request: ProductRequest) -> None:
    try:
        created = context.picqer.products.create(request)
    except InvalidRequestError:
        # Picqer refuses a SKU that was created by hand meanwhile.
        if not _exists(context, sku):
            raise
    else:
        record_created(context, variant, request, created.id)


def _exists(context: Context, sku: str) -> bool:
    """Ask Picqer for a product, and link the product. Raises DataError for an inactive product."""
    product = context.picqer.products.find(sku)
    if product is None:
        return False
    if not product.active:
        raise DataError(texts.inactive(sku))
    context.links.products.link({sku: product.id})
    return True
