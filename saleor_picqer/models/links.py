"""Pairs of Saleor and Picqer objects, by Picqer account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class WarehouseLink(models.Model):
    """A Picqer warehouse and its mirror in Saleor."""

    account = models.CharField(max_length=255)
    remote_id = models.BigIntegerField()
    warehouse_pk = models.CharField(max_length=36, unique=True)
    # `domain.warehouses.LinkedWarehouse` explains these columns.
    names = models.JSONField(default=list)
    adopted = models.BooleanField(default=False)
    zones = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "remote_id"], name="picqer_warehouse_once")
        ]

    def __str__(self) -> str:
        return f"warehouse {self.remote_id} of {self.account}"


class ProductLink(models.Model):
    """A product known to exist in Picqer."""

    account = models.CharField(max_length=255)
    sku = models.CharField(max_length=255)
    remote_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "sku"], name="picqer_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.sku} ({self.account}: {self.remote_id})"


class CustomerLink(models.Model):
    """A registered Saleor customer and the customer record in Picqer."""

    account = models.CharField(max_length=255)
    customer_pk = models.CharField(max_length=36)
    # Empty while a worker looks for the record or creates it.
    remote_id = models.BigIntegerField(null=True)
    reserved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "customer_pk"], name="picqer_customer_once")
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_pk} ({self.account}: {self.remote_id})"


class FulfilmentLink(models.Model):
    """A closed Picqer picklist that has become a Saleor fulfilment."""

    account = models.CharField(max_length=255)
    picklist_id = models.BigIntegerField()
    order_pk = models.CharField(max_length=36)
    # Picqer's id of the order.
    remote_id = models.BigIntegerField()
    # The picked amounts by SKU.
    picked = models.JSONField(default=dict)
    # [{"id": 7, "parcels": [{"carrier": "PostNL", "code": "3S1", "link": "https://…"}]}]
    # The parcels, by which carriers show addresses, are dropped after the retention time.
    shipments = models.JSONField(default=list)
    forgotten = models.BooleanField(default=False)
    # Pks of the fulfilments in Saleor that show the parcels: made by the plugin, or by others.
    created = models.JSONField(default=list)
    adopted = models.JSONField(default=list)
    # When Saleor's e-mail to the customer is due that is held back.
    notify_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order_pk"], name="picqer_fulfilment_order"),
            models.Index(
                fields=["notify_at"],
                condition=models.Q(notify_at__isnull=False),
                name="picqer_fulfilment_notify",
            ),
            # Parcels whose retention time is over.
            models.Index(
                fields=["created_at"],
                condition=models.Q(forgotten=False),
                name="picqer_fulfilment_parcels",
            ),
        ]
        constraints: ClassVar = [
            # The unique row is what keeps two workers from fulfilling the same picklist.
            models.UniqueConstraint(fields=["account", "picklist_id"], name="picqer_picklist_once")
        ]

    def __str__(self) -> str:
        return f"picklist {self.picklist_id} of order {self.order_pk}"
