"""Create the products of an order in Picqer when missing: 1 request each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.products import ProductRequest
from saleor_picqer.domain.products import Variant
from saleor_picqer.errors import DataError, InvalidRequestError, PicqerApiError, SettingsError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.products import build_request, record_created


def create_suspects(
    context: Context, lines: Sequence[LineRequest], error: PicqerApiError
) -> tuple[LineRequest, ...]:
    """Create the probably missing products, without asking Picqer for each SKU first.

    Suspects are SKUs without a link; without any, SKUs in the text of Picqer's refusal. Where all
    lines name products by id, those that Picqer no longer has are forgotten. Returns the lines to
    send. Raises DataError with the SKU when a product cannot be created.
    """
    skus = _skus(lines)
    if not skus:
        return _without_gone(context, lines)
    known = context.links.products.ids(skus)
    suspects = [sku for sku in skus if sku not in known]
    suspects = suspects or [sku for sku in skus if sku in error.text] or skus
    if context.settings.create_missing_products:
        _create_all(context, suspects)
    else:
        return create_unknown(context, lines)
    return tuple(lines)


def create_unknown(context: Context, lines: Sequence[LineRequest]) -> tuple[LineRequest, ...]:
    """Ask Picqer for each product of the lines, and create the missing ones."""
    lines = _without_gone(context, lines)
    missing = [sku for sku in _skus(lines) if not _exists(context, sku)]
    if missing and not context.settings.create_missing_products:
        raise DataError(texts.creating_is_off(missing[0]))
    _create_all(context, missing)
    return lines


def _without_gone(context: Context, lines: Sequence[LineRequest]) -> tuple[LineRequest, ...]:
    """Return the lines without the ids of products that Picqer no longer has: 1 request each."""
    return tuple(replace(line, product_id=_present(context, line)) for line in lines)


def _present(context: Context, line: LineRequest) -> int | None:
    if line.product_id is None:
        return None
    product = context.picqer.products.find_id(line.product_id)
    if product is not None and not product.active:
        raise DataError(texts.inactive(line.sku))
    if product is None and (owner := context.catalogue.owners([line.product_id])):
        # Picqer cannot delete products, but an account can be set up anew.
        context.catalogue.forget(owner[line.product_id])
    return None if product is None else product.id


def _skus(lines: Iterable[LineRequest]) -> list[str]:
    """Return the SKUs of lines that name no product by id."""
    return sorted({line.sku for line in lines if line.product_id is None})


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
