"""A shop with products in Picqer, and later changes of the products."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.product.models import ProductVariant

from saleor_picqer import product_hooks, tasks, wiring
from saleor_picqer.models import CatalogueProduct
from saleor_picqer.sync.products import build_request
from tests.integration.support.api import commit_hooks
from tests.integration.support.catalogue_edits import CatalogueApi
from tests.integration.support.connected_shop import ConnectedShop


@dataclass
class ProductShop:
    """The connected shop as seen by those who work with products."""

    connected: ConnectedShop
    edit: CatalogueApi

    def variant(self, sku: str) -> ProductVariant:
        return ProductVariant.objects.get(sku=sku)

    def row(self, variant: ProductVariant) -> CatalogueProduct:
        return CatalogueProduct.objects.get(variant_pk=variant.pk)

    def tell_variants(self, *variants: ProductVariant) -> None:
        """Call the hook of each variant."""
        for variant in variants:
            with commit_hooks():
                product_hooks.variants_changed([variant.pk])

    def tell_products(self, *variants: ProductVariant) -> None:
        """Call the hook of each variant's product."""
        for variant in variants:
            with commit_hooks():
                product_hooks.products_changed([variant.product_id])

    def run(self) -> dict[str, int]:
        """Run the tasks that changes have queued; return the requests by route."""
        self.connected.reset_requests()
        self.connected.worker.run_later()
        self.connected.run_until_idle()
        return self.products_requests()

    def sweep(self) -> dict[str, int]:
        """End all waiting times, sweep as if every message was lost; return the requests."""
        self.connected.worker.later.clear()
        self.connected.worker.queue.clear()
        # A lost message holds back others for a minute.
        cache.clear()
        CatalogueProduct.objects.update(not_before=None)
        CatalogueProduct.objects.exclude(leased_until=None).update(leased_until=timezone.now())
        self.connected.reset_requests()
        tasks.sweep()
        self.connected.run_until_idle()
        return self.products_requests()

    def products_requests(self) -> dict[str, int]:
        found = self.connected.requests()
        return {route: count for route, count in found.items() if "/products" in route}

    def make_again(self, sku: str) -> ProductVariant:
        """Make a new variant, of a new product, with a SKU that another had."""
        shop = self.connected.shop
        made = shop.create_product(f"New {sku}", "new", "10.00", published=True, ships=True)
        return shop.create_variant(made, sku, "10.00", track_inventory=True)

    def add_known_variants(self, count: int) -> list[ProductVariant]:
        """Add variants recorded as sent to Picqer."""
        made = self.connected.shop.add_variants(self.variant("TEA").product, count)
        channel = self.connected.shop.channel_pk
        context = wiring.context_for_channel(channel)
        rows = [
            CatalogueProduct(
                account=context.account,
                variant_pk=int(variant.pk),
                sku=variant.sku,
                remote_id=10_000 + number,
                sent_digests=build_request(context, variant).digests,
            )
            for number, variant in enumerate(context.shop.catalogue.variants(channel))
            if variant.sku.startswith("MANY-")
        ]
        CatalogueProduct.objects.filter(variant_pk__in=[row.variant_pk for row in rows]).delete()
        CatalogueProduct.objects.bulk_create(rows)
        self.connected.worker.later.clear()
        cache.clear()
        # Reading the VAT groups again is no part of what is counted.
        context.picqer.reference.vat_group(Decimal(21))
        self.connected.reset_requests()
        return made

    def count_tasks(self) -> int:
        """Run the queued pushes of products to the end."""
        worker, count = self.connected.worker, 0
        while worker.later or worker.queue:
            worker.queue.extend(worker.later)
            worker.later.clear()
            count += sum(message.task.endswith("push_products") for message in worker.queue)
            worker.run(only=len(worker.queue))
        return count

    def product(self, sku: str, *, active: bool = True) -> dict[str, Any]:
        """Return the only product with the SKU in Picqer, which is active or not."""
        query = f"/products?productcode={sku}" + ("" if active else "&inactive=true")
        (found,) = self.connected.picqer_api("GET", query)
        return dict(found)

    def codes(self, *, active: bool = True) -> list[str]:
        query = "/products" + ("" if active else "?inactive=true")
        return sorted(found["productcode"] for found in self.connected.picqer_api("GET", query))


@pytest.fixture
def products(connected_shop: ConnectedShop) -> ProductShop:
    """Return a shop with BEANS and TEA, after a full sync."""
    for sku in ("BEANS", "TEA"):
        connected_shop.shop.product(sku, name="Coffee")
    connected_shop.full_sync()
    connected_shop.worker.later.clear()
    # A message that is lost holds back others for a minute.
    cache.clear()
    CatalogueProduct.objects.update(dirty=False)
    return ProductShop(connected_shop, CatalogueApi(connected_shop.shop))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the plugin's statements, without savepoints."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements += [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]
