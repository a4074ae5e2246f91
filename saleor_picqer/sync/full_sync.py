"""Copy all products of a channel to Picqer, then all warehouses and stock to Saleor.

A full sync may take hours. Each call works for a short time and saves how far it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import batched
from typing import Final

from saleor_picqer.domain.full_sync import Phase, Position
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import (
    AccountSetupError,
    DataError,
    RefusedError,
    SettingsError,
    UnknownVatGroupError,
)
from saleor_picqer.sync import products, warehouses
from saleor_picqer.sync.ports import Context, FullSyncRun

# Errors that concern a single product, such as a tax rate that Picqer has no VAT group for.
_ABOUT_ONE_PRODUCT: Final = (
    AccountSetupError,
    DataError,
    RefusedError,
    SettingsError,
    UnknownVatGroupError,
)
# Variants that are compared between two saves, when none differs.
_BATCH: Final = 100


def carry_on(context: Context, run: FullSyncRun) -> None:
    """Work on a run until it is complete or its time is up.

    A run of a channel that has moved to another Picqer account begins again.
    """
    if run.account != context.account:
        run.start(context.account, context.shop.catalogue.count(context.channel))
    while run.position.phase is not Phase.DONE:
        run.save(_STEPS[run.position.phase](context, run))
        if run.time_is_up():
            return


def _start(context: Context, run: FullSyncRun) -> Position:
    return Position(Phase.ACTIVE_PRODUCTS)


def _list_active(context: Context, run: FullSyncRun) -> Position:
    return _list(context, run, active=True, then=Phase.INACTIVE_PRODUCTS)


def _list_inactive(context: Context, run: FullSyncRun) -> Position:
    return _list(context, run, active=False, then=Phase.PUSH)


def _list(context: Context, run: FullSyncRun, *, active: bool, then: Phase) -> Position:
    """Read one page of Picqer's products, and keep the products until they are compared."""
    page = context.picqer.products.page(run.position.offset, active=active)
    has_new = run.keep_products(page.items)
    context.links.products.link({product.sku: product.id for product in page.items})
    if page.next_offset is None or not has_new:
        return Position(then)
    return replace(run.position, offset=page.next_offset)


def _push(context: Context, run: FullSyncRun) -> Position:
    """Compare Saleor's products with Picqer's. A refused product does not stop the others."""
    position = run.position
    variants = context.shop.catalogue.variants(context.channel, position.after)
    for batch in batched(variants, _BATCH):
        remote = run.products([normalize(variant.sku) for variant in batch])
        for variant in batch:
            outcome = _push_or_report(context, run, variant, remote.get(normalize(variant.sku)))
            run.count(outcome)
            position = replace(position, after=variant.pk)
            if outcome != "unchanged":
                # Saved after each request, so that it is not sent again.
                run.save(position)
            if run.time_is_up():
                return position
        run.save(position)
    return Position(Phase.WAREHOUSES)


def _push_or_report(
    context: Context, run: FullSyncRun, variant: Variant, remote: RemoteProduct | None
) -> str:
    try:
        return products.push_variant(context, variant, remote)
    except _ABOUT_ONE_PRODUCT as error:
        run.problem(f'SKU "{variant.sku}": {error.explain()}')
        return "failed"


def _mirror_warehouses(context: Context, run: FullSyncRun) -> Position:
    mirrored = warehouses.mirror_warehouses(context)
    for report in mirrored.reports:
        run.problem(report)
    return Position(Phase.STOCK, warehouses=tuple(mirrored.selling.items()))


def _pull_stock(context: Context, run: FullSyncRun) -> Position:
    """Read one page of a warehouse's stock, and write the complete stock after the last page."""
    (warehouse_id, pk), *others = run.position.warehouses
    page = context.picqer.stock.page_of_warehouse(warehouse_id, run.position.offset)
    has_new = run.keep_levels(warehouse_id, page.items)
    if page.next_offset is not None and has_new:
        return replace(run.position, offset=page.next_offset)
    levels = run.levels(warehouse_id)
    context.shop.stock.set_stocks(pk, levels, context.reservations.reserved, complete=True)
    return Position(Phase.STOCK if others else Phase.DONE, warehouses=tuple(others))


_STEPS: Final[Mapping[Phase, Callable[[Context, FullSyncRun], Position]]] = {
    Phase.START: _start,
    Phase.ACTIVE_PRODUCTS: _list_active,
    Phase.INACTIVE_PRODUCTS: _list_inactive,
    Phase.PUSH: _push,
    Phase.WAREHOUSES: _mirror_warehouses,
    Phase.STOCK: _pull_stock,
}
