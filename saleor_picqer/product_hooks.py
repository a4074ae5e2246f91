"""What Saleor's hooks about products do: record the change, enqueue a task, return.

None of it sends a request or raises an exception.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.db import transaction

from saleor_picqer import capture, tasks

if TYPE_CHECKING:
    from saleor.product.models import Product, ProductMedia, ProductVariant

logger = logging.getLogger(__name__)


def products_changed(product_pks: Collection[Any]) -> None:
    """Record that products changed, in two statements."""
    _record(lambda: capture.capture_products(product_pks=product_pks))


def variants_changed(variant_pks: Collection[Any]) -> None:
    """Record that variants changed, in two statements."""
    _record(lambda: capture.capture_products(variant_pks=variant_pks))


def variants_deleted(variant_pks: Collection[Any]) -> None:
    """Record that variants were deleted, in two statements."""
    _record(lambda: capture.capture_deleted(variant_pks))


def _record(capture_changes: Callable[[], list[str]]) -> None:
    # An exception would lose the hooks of other plugins. The savepoint keeps Saleor's transaction
    # usable.
    try:
        with transaction.atomic():
            accounts = capture_changes()
        tasks.enqueue_products(accounts)
    except Exception:
        logger.exception("Products could not be recorded for Picqer; the sweeper will do it")


class ProductHooks:
    """The hooks of a plugin that Saleor 3 calls for products, without a channel."""

    # Which hook was called does not matter: a worker reads the variants themselves. Changes of a
    # channel's prices call the hook of the variant, and publishing calls that of the product.

    def product_created(self, product: Product, previous_value: Any = None, **_: Any) -> Any:
        products_changed([product.pk])
        return previous_value

    def product_updated(self, product: Product, previous_value: Any = None, **_: Any) -> Any:
        products_changed([product.pk])
        return previous_value

    def product_metadata_updated(
        self, product: Product, previous_value: Any = None, **_: Any
    ) -> Any:
        products_changed([product.pk])
        return previous_value

    def product_deleted(
        self, product: Product, variants: Collection[int], previous_value: Any = None, **_: Any
    ) -> Any:
        variants_deleted(variants)
        return previous_value

    def product_media_created(
        self, media: ProductMedia, previous_value: Any = None, **_: Any
    ) -> Any:
        products_changed([media.product_id])
        return previous_value

    def product_media_updated(
        self, media: ProductMedia, previous_value: Any = None, **_: Any
    ) -> Any:
        products_changed([media.product_id])
        return previous_value

    def product_variant_created(
        self, variant: ProductVariant, previous_value: Any = None, **_: Any
    ) -> Any:
        variants_changed([variant.pk])
        return previous_value

    def product_variant_updated(
        self, variant: ProductVariant, previous_value: Any = None, **_: Any
    ) -> Any:
        variants_changed([variant.pk])
        return previous_value

    def product_variant_metadata_updated(
        self, variant: ProductVariant, previous_value: Any = None, **_: Any
    ) -> Any:
        variants_changed([variant.pk])
        return previous_value

    def product_variant_deleted(
        self, variant: ProductVariant, previous_value: Any = None, **_: Any
    ) -> Any:
        variants_deleted([variant.pk])
        return previous_value
