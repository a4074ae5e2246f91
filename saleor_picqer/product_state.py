"""Stock and state of a product in Picqer, for GraphQL and the command line, without a request.

The number of statements depends on the number of Picqer accounts, not of variants or warehouses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from saleor_picqer import wiring
from saleor_picqer.domain.product_situation import (
    ProductCode,
    ProductSituation,
    WarehouseStock,
    find_code,
)
from saleor_picqer.domain.skus import compare_key
from saleor_picqer.domain.stock import Reading
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.products import ShopProduct, ShopVariant
from saleor_picqer.store import catalogue
from saleor_picqer.store.links import Mirror, mirrors_of
from saleor_picqer.store.readings import readings_of
from saleor_picqer.wiring import AccountInUse


@dataclass(frozen=True, slots=True)
class VariantInAccount:
    """A variant in one Picqer account; `row` is None before the variant was ever due."""

    account: AccountInUse
    code: ProductCode
    remote_id: int | None
    row: Any | None
    stock: tuple[WarehouseStock, ...]


@dataclass(frozen=True, slots=True)
class VariantState:
    """A variant, with stock and state in each Picqer account."""

    variant: ShopVariant
    accounts: tuple[VariantInAccount, ...]


def read_product(pk: str, using: str = "default") -> ShopProduct | None:
    """Return the product; None if there is none."""
    return host().products.get(pk, using)


def read_variants(
    product: ShopProduct, after: str, limit: int, using: str = "default"
) -> list[VariantState]:
    """Return what Picqer has of the product's variants, those after a primary key.

    Takes 7 statements, and one more for each Picqer account.
    """
    variants = host().products.variants_of(product.pk, after, limit, using)
    books = _Books(product, variants, using)
    return [books.state(variant) for variant in variants]


class _Books:
    """Rows of the tables of the plugin and of Saleor about some variants of a product."""

    def __init__(self, product: ShopProduct, variants: Sequence[ShopVariant], using: str) -> None:
        self._product = product
        self._accounts = wiring.accounts_in_use(using)
        names = [account.name for account in self._accounts]
        pks = [variant.pk for variant in variants]
        self._begun = catalogue.begun(names, using)
        self._rows = catalogue.of_variants(names, pks, using)
        self._readings = readings_of(names, [variant.sku for variant in variants], using)
        self._mirrors = mirrors_of(names, using)
        mirrors = [mirror.pk for mirror in self._mirrors]
        self._offered = host().offers.of_variants(mirrors, pks, using)
        self._listed = {one.name: _listed(one, pks, using) for one in self._accounts}

    def state(self, variant: ShopVariant) -> VariantState:
        return VariantState(variant, tuple(self._in(one, variant) for one in self._accounts))

    def _in(self, account: AccountInUse, variant: ShopVariant) -> VariantInAccount:
        row = self._rows.get((account.name, variant.pk))
        readings = self._readings.get((account.name, compare_key(variant.sku)), [])
        if not variant.sku.strip():
            readings = []
        remote_id = row.remote_id if row else None
        if remote_id is None:
            # A product that was made in Picqer, and never sent.
            remote_id = next((one.product_id for one in readings if one.product_id), None)
        return VariantInAccount(
            account,
            find_code(self._situation(account, variant, row)),
            remote_id,
            row,
            tuple(self._stock(account, variant, readings)),
        )

    def _situation(
        self, account: AccountInUse, variant: ShopVariant, row: Any | None
    ) -> ProductSituation:
        is_busy = row is not None and (row.leased_until or timezone.now()) > timezone.now()
        return ProductSituation(
            sku=variant.sku,
            ships=self._product.ships,
            has_sender=bool(account.sources),
            has_begun=account.name in self._begun,
            is_listed=variant.pk in self._listed[account.name],
            remote_id=row.remote_id if row else None,
            is_due=row.dirty if row else False,
            is_busy=is_busy,
            last_error=row.last_error if row else "",
        )

    def _stock(
        self, account: AccountInUse, variant: ShopVariant, readings: Iterable[Reading]
    ) -> Iterator[WarehouseStock]:
        """Yield the stock in each mirrored warehouse, and in each other one that was read."""
        mirrors: Mapping[int, Mirror] = {
            mirror.remote_id: mirror for mirror in self._mirrors if mirror.account == account.name
        }
        found = {reading.warehouse_id: reading for reading in readings}
        for warehouse_id in sorted({*mirrors, *found}):
            mirror, reading = mirrors.get(warehouse_id), found.get(warehouse_id)
            yield WarehouseStock(
                warehouse_id,
                mirror.name if mirror else "",
                reading.free if reading else None,
                reading.read_at if reading else None,
                self._offered.get((mirror.pk, variant.pk)) if mirror else None,
            )


def _listed(account: AccountInUse, pks: Sequence[str], using: str) -> Set[str]:
    if not account.sources:
        return frozenset()
    sender, *others = account.sources
    return host().catalogue.shared_with(others).listed(sender, pks, using)
