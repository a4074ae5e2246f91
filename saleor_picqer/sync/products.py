"""Copy all products of a channel to Picqer, then all warehouses and stock to Saleor."""

from __future__ import annotations

import logging

from saleor_picqer.domain.mapping.products import product_changes, product_request
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import IntegrationError, Remedy
from saleor_picqer.sync import stock
from saleor_picqer.sync.ports import Context, Progress

logger = logging.getLogger(__name__)


def full_sync(context: Context, progress: Progress) -> None:
    """Push every product, then pull the stock. A refused product does not stop the others."""
    progress.start(context.shop.catalogue.count(context.channel))
    remote = {product.sku: product for product in context.picqer.products.list()}
    context.links.products.link({code: product.id for code, product in remote.items()})
    for variant in context.shop.catalogue.variants(context.channel):
        _push_or_report(context, progress, variant, remote.get(normalize(variant.sku)))
    stock.pull(context)


def _push_or_report(
    context: Context, progress: Progress, variant: Variant, remote: RemoteProduct | None
) -> None:
    try:
        progress.count(push_variant(context, variant, remote))
    except IntegrationError as error:
        if error.remedy is not Remedy.GIVE_UP:
            raise
        progress.count("failed")
        progress.problem(f'SKU "{variant.sku}": {error.explain()}')


def push_variant(context: Context, variant: Variant, remote: RemoteProduct | None) -> str:
    """Send the differences in at most 1 request; return `created`, `updated` or `unchanged`."""
    request = product_request(
        variant, context.picqer.reference.vat_group, context.settings.default_vat_rate
    )
    if remote is None:
        created = context.picqer.products.create(request)
        context.links.products.link({created.sku: created.id})
        return "created"
    if changed := product_changes(request, remote):
        context.picqer.products.update(remote.id, changed)
        return "updated"
    return "unchanged"
