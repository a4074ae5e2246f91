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
    request = build_request(context, variant)
    if remote is None:
        remote = _create(context, request)
        if remote is None:
            return "created"
    if changed := product_changes(request, remote):
        context.picqer.products.update(remote.id, changed)
        return "updated"
    return "unchanged"


def build_request(context: Context, variant: Variant) -> ProductRequest:
    """Map a variant as `product_request` does, with the channel's settings."""
    return product_request(
        variant, context.settings.product_policy, context.picqer.reference.vat_group
    )


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
