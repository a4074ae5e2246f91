"""Signal handlers of Saleor 2.10 for changes of products, of which it has no hooks."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from saleor.product.models import Product, ProductImage, ProductVariant, VariantImage

from saleor_picqer.hosts.common.host import Changed


def connect(
    products_changed: Changed, variants_changed: Changed, variants_deleted: Changed
) -> None:
    """Have these functions called when products, variants or their images change."""
    # Model -> what to call when a row is saved, and deleted, with which of its fields.
    for model, saved, deleted, field in (
        (Product, products_changed, None, "pk"),
        (ProductImage, products_changed, products_changed, "product_id"),
        (ProductVariant, variants_changed, variants_deleted, "pk"),
        (VariantImage, variants_changed, variants_changed, "variant_id"),
    ):
        for signal, changed in ((post_save, saved), (post_delete, deleted)):
            if changed is not None:
                # Not weak: nothing else keeps the handler.
                signal.connect(
                    _handler(changed, field),
                    sender=model,
                    weak=False,
                    dispatch_uid=f"picqer-products-{model.__name__}",
                )


def _handler(changed: Changed, field: str) -> Any:
    def handler(instance: Any, *, raw: bool = False, **_: Any) -> None:
        # Fixtures are loaded raw.
        if not raw:
            changed([getattr(instance, field)])

    return handler
