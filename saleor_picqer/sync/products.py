"""Send a product to Picqer."""

from __future__ import annotations

from saleor_picqer.domain.mapping.products import (
    ProductRequest,
    product_changes,
    product_request,
)
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.errors import InvalidRequestError
from saleor_picqer.sync.ports import Context


def push_variant(context: Context, variant: Variant, remote: RemoteProduct | None) -> str:
    """Send the differences in at most 1 request; return `created`, `updated` or `unchanged`.

    Takes up to 3 more requests for a product that was created since Picqer's products were listed.
    """
    request = product_request(
        variant, context.picqer.reference.vat_group, context.settings.default_vat_rate
    )
    if remote is None:
        remote = _create(context, request)
        if remote is None:
            return "created"
    if changed := product_changes(request, remote):
        context.picqer.products.update(remote.id, changed)
        return "updated"
    return "unchanged"


def _create(context: Context, request: ProductRequest) -> RemoteProduct | None:
    """Create a product, or return the one that Picqer has already."""
    existing: RemoteProduct | None = None
    try:
        created = context.picqer.products.create(request)
    except InvalidRequestError:
        # An order may have created it meanwhile, or a worker that was killed afterwards.
        existing = context.picqer.products.find(request.code)
        if existing is None:
            raise
        created = existing
    context.links.products.link({created.sku: created.id})
    return existing
