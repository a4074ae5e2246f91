"""Products on their way to Picqer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CatalogueProduct(models.Model):
    """A variant of Saleor in one Picqer account: its product there, and what was sent last."""

    # `domain.catalogue.CatalogueEntry` explains the columns that it shares with this table.

    account = models.CharField(max_length=255)
    variant_pk = models.BigIntegerField()
    sku = models.CharField(max_length=255, blank=True, default="")
    remote_id = models.BigIntegerField(null=True)
    sent_digests = models.JSONField(default=dict)
    image = models.CharField(max_length=255, blank=True, default="")
    # When Picqer last accepted the product.
    sent_at = models.DateTimeField(null=True)
    # Whether the variant may have changed in Saleor since a worker read it.
    dirty = models.BooleanField(default=False)
    # The setting `inactivate_products` under which a variant that is gone was handled.
    retired = models.CharField(max_length=16, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    # No worker claims the row before this time.
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")
    lease = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "product in Picqer"
        verbose_name_plural = "products in Picqer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "variant_pk"], name="picqer_catalogue_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "not_before"],
                condition=models.Q(dirty=True),
                name="picqer_catalogue_dirty",
            ),
            models.Index(
                fields=["leased_until"],
                condition=models.Q(leased_until__isnull=False),
                name="picqer_catalogue_leased",
            ),
            models.Index(fields=["account", "remote_id"], name="picqer_catalogue_remote"),
            models.Index(
                fields=["account", "-updated_at"],
                condition=~models.Q(last_error=""),
                name="picqer_catalogue_failing",
            ),
        ]

    def __str__(self) -> str:
        return f"variant {self.variant_pk} ({self.account}: {self.remote_id})"


class CatalogueState(models.Model):
    """How far the sweeper has come with the products of a Picqer account."""

    account = models.CharField(max_length=255, unique=True)
    # When a run first brought all products to Picqer: from then on they are kept in step.
    begun_at = models.DateTimeField(null=True)
    # Changes with an earlier time stamp have been seen.
    swept_until = models.DateTimeField()
    # The last variant that was compared with what was sent; the comparison begins again at 0.
    compared_until = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "state of an account's products"
        verbose_name_plural = "states of accounts' products"

    def __str__(self) -> str:
        return f"products of {self.account}"
