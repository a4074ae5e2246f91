"""Whether Saleor tracks the inventory of a variant."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q
from saleor.product.models import ProductVariant

from saleor_picqer import extensions

# Key of the private metadata of a variant whose tracking the plugin has switched off.
_UNTRACKED: Final = "untracked"


@transaction.atomic
def set_tracking(*, on: Collection[str], off: Collection[str]) -> None:
    """Switch tracking off, and on again where it was switched off before; by exact SKU."""
    key = extensions.metadata_prefix() + _UNTRACKED
    rows = ProductVariant.objects.select_for_update(of=("self",)).order_by("pk")
    marked = Q(sku__in=list(on), private_metadata__has_key=key)
    tracked = Q(sku__in=list(off), track_inventory=True)
    for variant in rows.filter(marked | tracked):
        is_off = variant.track_inventory
        metadata = {name: v for name, v in (variant.private_metadata or {}).items() if name != key}
        variant.private_metadata = metadata | ({key: "true"} if is_off else {})
        variant.track_inventory = not is_off
        variant.save(update_fields=["track_inventory", "private_metadata"])
