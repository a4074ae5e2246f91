"""Fields of variants that come from Picqer."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from django.db import transaction
from measurement.measures import Weight
from saleor.product.models import ProductVariant


def write_pulled(fields: Mapping[str, Mapping[str, Any]]) -> Set[str]:
    """Write fields by variant, and return the variants that have changed.

    A limit of quantities, which Saleor 2.10 does not have, is left out there.
    """
    changed: dict[str, ProductVariant] = {}
    columns: set[str] = set()
    # Locked, so that no other change of metadata is lost.
    with transaction.atomic():
        rows = ProductVariant.objects.select_for_update().filter(pk__in=list(map(int, fields)))
        for variant in rows.order_by("pk"):
            wanted = _columns(variant, fields[str(variant.pk)])
            differing = {key: each for key, each in wanted.items() if getattr(variant, key) != each}
            for key, value in differing.items():
                setattr(variant, key, value)
            if differing:
                changed[str(variant.pk)] = variant
                columns |= differing.keys()
        if changed:
            # Neither a signal nor a hook: the change comes from Picqer.
            ProductVariant.objects.bulk_update(changed.values(), sorted(columns))
    return frozenset(changed)


def _columns(variant: ProductVariant, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by the names of Saleor's columns."""
    columns: dict[str, Any] = {
        name: fields[name] for name in ("name", "track_inventory") if name in fields
    }
    if "weight" in fields:
        grams = fields["weight"]
        columns["weight"] = None if grams is None else Weight(g=grams)
    if "quantity_limit" in fields and hasattr(variant, "quantity_limit_per_customer"):
        columns["quantity_limit_per_customer"] = fields["quantity_limit"]
    for name in ("metadata", "private_metadata"):
        if fields.get(name):
            columns[name] = {**(getattr(variant, name) or {}), **fields[name]}
    return columns
