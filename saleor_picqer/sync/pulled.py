"""Take fields of Picqer's products back into Saleor's variants, as the shop's callable says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from saleor_picqer.domain.mapping.products import product_changes
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.errors import SettingsError
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.products import ABOUT_ONE_PRODUCT, build_request


def apply_pulled(context: Context, products: Sequence[RemoteProduct]) -> dict[str, str]:
    """Write what the callable takes from the products; return problems by SKU.

    Takes no statement without a callable, else a fixed number for a page and one for each variant
    that changes. Calls no hook, and what was taken is not sent back.
    """
    problems: dict[str, str] = {}
    pulled: dict[str, Mapping[str, Any]] = {}
    for product in products:
        try:
            fields = context.shop.catalogue.pulled({**product.fields, "idproduct": product.id})
        except SettingsError as error:
            problems[product.sku] = error.explain()
            continue
        if fields:
            pulled[product.sku] = fields
    if pulled:
        _write(context, {product.sku: product for product in products}, pulled)
    return problems


def _write(
    context: Context,
    products: Mapping[str, RemoteProduct],
    pulled: Mapping[str, Mapping[str, Any]],
) -> None:
    catalogue = context.shop.catalogue
    variants = catalogue.variants_by_sku(context.channel, list(pulled))
    fields = {variant.pk: pulled[sku] for sku, variant in variants.items()}
    remotes = {variant.pk: products[sku] for sku, variant in variants.items()}
    changed = catalogue.write_pulled(fields)
    for pk, variant in catalogue.variants_by_pk(context.channel, changed).items():
        entry = context.catalogue.get([pk]).get(pk)
        try:
            request = build_request(context, variant)
        except ABOUT_ONE_PRODUCT:
            continue  # reported when the variant is compared
        if entry is not None:
            # What equals Picqer's value counts as sent.
            differing = product_changes(request, remotes[pk], entry.sent_digests).body
            equal = {key: sent for key, sent in request.digests.items() if key not in differing}
            context.catalogue.save(replace(entry, sent_digests={**entry.sent_digests, **equal}))
