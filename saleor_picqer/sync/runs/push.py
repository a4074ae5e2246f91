"""Compare Saleor's products with those read from Picqer, and send the differences."""

from __future__ import annotations

from dataclasses import replace
from itertools import batched
from typing import Final

from saleor_picqer.domain.catalogue import CatalogueEntry
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.runs import Position
from saleor_picqer.domain.skus import normalize
from saleor_picqer.sync import products
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.runs import dry_run

_NOT_SENT: Final = (
    "This run sent no products: another channel of the Picqer account sends the products of all, or"
    ' the setting "Send products" says never.'
)
# Variants that are compared between two saves, when none differs.
_BATCH: Final = 100


def compare(context: Context, run: Run) -> Position | None:
    """Send the products that differ. A refused product does not stop the others."""
    position = run.position
    pushes = run.kind.pushes_products and context.sends_products
    if run.kind.pushes_products and not pushes and not position.after:
        run.problem(_NOT_SENT)
    variants = context.shop.catalogue.variants(context.channel, position.after)
    for batch in batched(variants, _BATCH):
        known = run.products.get([normalize(variant.sku) for variant in batch])
        sent = products.entries(context, batch)
        for variant in batch:
            position = replace(position, after=variant.pk)
            remote = known.get(normalize(variant.sku))
            _count(run, remote)
            # A dry run of the stock only counts the products.
            if not pushes:
                continue
            if _push_or_report(context, run, variant, remote, sent[variant.pk]) != "unchanged":
                # Saved after each request, so that it is not sent again.
                run.save(position)
            if run.time_is_up():
                return position
        run.save(position)
    return None


def _count(run: Run, remote: RemoteProduct | None) -> None:
    if remote is not None:
        run.count("known")
        run.count("with_stock", remote.unlimited or any(level.free > 0 for level in remote.levels))


def _push_or_report(
    context: Context,
    run: Run,
    variant: Variant,
    remote: RemoteProduct | None,
    sent: CatalogueEntry,
) -> str:
    """Send a product; return and count the outcome."""
    outcome = "unchanged"
    try:
        if run.dry_run:
            outcome = dry_run.told_product(context, run, variant, remote)
        else:
            outcome = products.push_variant(context, variant, remote, sent)
    except products.ABOUT_ONE_PRODUCT as error:
        run.problem(error.explain(), variant.sku)
        outcome = "failed"
    run.count(outcome)
    return outcome
