"""The actions of staff on products, for GraphQL and the command line alike: push and read stock.

The number of statements does not depend on the number of variants.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from saleor_picqer import tasks, wiring
from saleor_picqer.domain.product_situation import ProductRefusal
from saleor_picqer.domain.skus import compare_key
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.products import ShopVariant
from saleor_picqer.store import catalogue
from saleor_picqer.store.readings import readings_of


@dataclass(frozen=True, slots=True)
class ProductResult:
    """Number of variants that an action has accepted, or why it refused the product."""

    count: int = 0
    refused: ProductRefusal | None = None
    # The Picqer accounts concerned.
    accounts: tuple[str, ...] = ()


def push(product_pk: str) -> ProductResult:
    """Have all fields of a product's variants sent again, whatever was sent before.

    Workers send them: a moment later, in one go with what else has changed.
    """
    product = host().products.get(product_pk)
    if product is None:
        return ProductResult(refused=ProductRefusal.NOT_FOUND)
    if not product.ships:
        return ProductResult(refused=ProductRefusal.DIGITAL)
    owners = wiring.catalogue_owners()
    if not owners:
        return ProductResult(refused=ProductRefusal.NO_SENDER)
    accounts = sorted(catalogue.begun(owners.keys()))
    if not accounts:
        return ProductResult(refused=ProductRefusal.NOT_BEGUN)
    count = host().products.count_with_sku(product_pk)
    if not count:
        return ProductResult(refused=ProductRefusal.NO_SKU)
    catalogue.send_anew(accounts, host().catalogue.of_products([product_pk]))
    tasks.enqueue_products(accounts)
    return ProductResult(count, accounts=tuple(accounts))


def read_stock(product_pks: Collection[str]) -> dict[str, ProductResult]:
    """Have the stock of products read from Picqer, gathered with what webhooks told of.

    Returns the outcome for each product.
    """
    active = set(wiring.active_channels())
    used = [one for one in wiring.accounts_in_use() if active & {*one.channels}]
    names = [one.name for one in used]
    variants = host().products.variants_by_product(product_pks)
    everything = [variant for found in variants.values() for variant in found]
    known = _remote_ids(names, everything)
    results = {pk: _outcome(variants.get(pk), known, has_account=bool(used)) for pk in product_pks}
    for name in names:
        wiring.build_readings(name).request({id_ for account, _, id_ in known if account == name})
    return results


def _outcome(
    variants: Collection[ShopVariant] | None,
    known: Collection[tuple[str, str, int]],
    *,
    has_account: bool,
) -> ProductResult:
    if variants is None:
        return ProductResult(refused=ProductRefusal.NOT_FOUND)
    if not has_account:
        return ProductResult(refused=ProductRefusal.SWITCHED_OFF)
    pks = {variant.pk for variant in variants}
    found = [(account, pk) for account, pk, _ in known if pk in pks]
    if not found:
        return ProductResult(refused=ProductRefusal.NOT_IN_PICQER)
    accounts = sorted({account for account, _ in found})
    return ProductResult(len({pk for _, pk in found}), accounts=tuple(accounts))


def _remote_ids(
    accounts: Collection[str], variants: Collection[ShopVariant]
) -> set[tuple[str, str, int]]:
    """Return account, variant pk and Picqer's id of each variant that Picqer has."""
    rows = catalogue.of_variants(accounts, [variant.pk for variant in variants])
    found = {(account, pk, row.remote_id) for (account, pk), row in rows.items() if row.remote_id}
    readings = readings_of(accounts, [variant.sku for variant in variants if variant.sku])
    for variant in variants:
        for account in accounts:
            for reading in readings.get((account, compare_key(variant.sku)), ()):
                if reading.product_id is not None:
                    found.add((account, variant.pk, reading.product_id))
    return found
