"""Whether Saleor tracks the inventory of a variant."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q
from saleor.product.models import ProductVariant

from saleor_picqer import extensions
from saleor_picqer.domain.skus import BySku, compare_key
from saleor_picqer.hosts.common.catalogue import SHIPS
from saleor_picqer.hosts.common.queries import with_skus

# Key of the private metadata of a variant whose tracking the plugin has switched off.
_UNTRACKED: Final = "untracked"


@transaction.atomic
def set_tracking(*, on: Collection[str], off: Collection[str]) -> None:
    """Switch tracking off, and on again where it was switched off before.

    Takes up to 3 statements, besides those of changed variants.
    """
    key = extensions.metadata_prefix() + _UNTRACKED
    wanted = BySku(dict.fromkeys(on, True) | dict.fromkeys(off, False))
    tracked = {pk: wanted.get(sku) for pk, sku in _variants({*on, *off})}
    marked = Q(pk__in=[pk for pk, is_on in tracked.items() if is_on], private_metadata__has_key=key)
    to_untrack = Q(pk__in=[pk for pk, is_on in tracked.items() if not is_on], track_inventory=True)
    rows = ProductVariant.objects.select_for_update(of=("self",)).order_by("pk")
    for variant in rows.filter(marked | to_untrack):
        is_on = bool(tracked[variant.pk])
        metadata = {name: v for name, v in (variant.private_metadata or {}).items() if name != key}
        variant.private_metadata = metadata | ({} if is_on else {key: "true"})
        variant.track_inventory = is_on
        variant.save(update_fields=["track_inventory", "private_metadata"])


def _variants(skus: Collection[str]) -> list[tuple[int, str]]:
    """Return pk and SKU of goods; other spellings only of SKUs that no variant has."""
    columns, goods = ("pk", "sku"), ProductVariant.objects.filter(**SHIPS)
    found = list(goods.filter(sku__in=list(skus)).values_list(*columns))
    known = {compare_key(sku) for _, sku in found}
    if missing := [sku for sku in skus if compare_key(sku) not in known]:
        found += with_skus(goods, missing).values_list(*columns)
    return found
