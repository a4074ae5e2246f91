"""Requests for a product in Picqer, made from the mapping table (Picqer API: products)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from saleor_picqer.domain.digests import digest
from saleor_picqer.domain.mapping.fields import check_callable
from saleor_picqer.domain.mapping.inputs import VatGroupFor
from saleor_picqer.domain.mapping.product_fields import (
    ACTIVE,
    CODE,
    PRODUCT,
    ProductField,
    ProductInput,
    ProductPolicy,
)
from saleor_picqer.domain.products import RemoteProduct, Variant


@dataclass(frozen=True, slots=True)
class ProductRequest:
    """A product as it should be in Picqer: every field of the table, None for a blank one."""

    fields: Mapping[str, Any]

    @property
    def code(self) -> str:
        return str(self.fields[CODE])

    @property
    def active(self) -> bool:
        return bool(self.fields[ACTIVE])

    @property
    def body(self) -> dict[str, Any]:
        """Fields that are not blank, by Picqer's names."""
        return {name: value for name, value in self.fields.items() if value is not None}

    @property
    def digests(self) -> dict[str, str]:
        """A short digest of each field's value that is not blank."""
        return {name: digest(value) for name, value in self.body.items()}


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """New values of a product in Picqer, by Picqer's names; None clears a field."""

    body: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.body)


def product_request(
    variant: Variant, policy: ProductPolicy, vat_group_for: VatGroupFor
) -> ProductRequest:
    """Map a variant.

    Raises DataError or SettingsError naming the SKU, the setting or the metadata's key, and the
    errors of `vat_group_for`.
    """
    if variant.problem is not None:
        raise variant.problem
    source = ProductInput(variant, policy, vat_group_for)
    check_callable(variant.extra, PRODUCT, source.label)
    return ProductRequest({row.name: row.fill(source) for row in PRODUCT})


def product_changes(
    request: ProductRequest, remote: RemoteProduct, sent: Mapping[str, str] | None = None
) -> ProductChanges:
    """Compare a product with Picqer's; the result is false for equal products.

    `sent` has the digests of the last push: what was sent then and is blank now is cleared. Other
    fields that are blank in Saleor keep Picqer's value, which the warehouse may have entered.
    """
    cleared = {row.name: row.kind.blank for row in _lost(request, sent or {})}
    return ProductChanges(
        {
            row.name: value
            for row, value in _filled(request)
            if row.comparison.differs(value, remote.fields.get(row.name))
        }
        | {name: blank for name, blank in cleared.items() if remote.fields.get(name)}
    )


def changes_since(request: ProductRequest, sent: Mapping[str, str]) -> ProductChanges:
    """Return the fields with another digest than that of the last push; false without any."""
    return ProductChanges(
        {row.name: value for row, value in _filled(request) if digest(value) != sent.get(row.name)}
        | {row.name: row.kind.blank for row in _lost(request, sent)}
    )


def _filled(request: ProductRequest) -> Iterator[tuple[ProductField, Any]]:
    for row in PRODUCT:
        if (value := request.fields[row.name]) is not None:
            yield row, value


def _lost(request: ProductRequest, sent: Mapping[str, str]) -> Iterator[ProductField]:
    """Yield the fields that were sent, are blank now and can be cleared in Picqer."""
    for row in PRODUCT:
        if request.fields[row.name] is None and row.name in sent and not row.sticky:
            yield row
