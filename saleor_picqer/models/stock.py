"""Stock of Picqer as last read, and what Picqer has reserved for orders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StockReading(models.Model):
    """The last level read of a Picqer warehouse and SKU."""

    # `domain.stock.Reading` explains the columns that it shares with this table.

    account = models.CharField(max_length=255)
    warehouse_id = models.BigIntegerField()
    # The SKU in the form in which SKUs are compared.
    sku_key = models.CharField(max_length=255)
    sku = models.CharField(max_length=255)
    product_id = models.BigIntegerField(null=True)
    free = models.BigIntegerField()
    claimed = models.BigIntegerField(default=0)
    read_at = models.DateTimeField()
    # When the reading was kept: Picqer answered before.
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "stock reading"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "sku_key", "warehouse_id"], name="picqer_reading_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "product_id"], name="picqer_reading_product")
        ]

    def __str__(self) -> str:
        return f"{self.free} x {self.sku} ({self.account}: {self.warehouse_id})"


class StockReservation(models.Model):
    """What Picqer has reserved of a SKU for an order."""

    # `domain.stock.Reservation` explains the columns that it shares with this table.

    order_pk = models.CharField(max_length=36)
    account = models.CharField(max_length=255)
    # Picqer's id of the order.
    remote_id = models.BigIntegerField()
    sku_key = models.CharField(max_length=255)
    sku = models.CharField(max_length=255)
    product_id = models.BigIntegerField(null=True)
    amount = models.IntegerField()
    remaining = models.IntegerField()
    reserved_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "stock reserved for an order"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "remote_id", "sku_key"], name="picqer_reserved_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "sku_key"], name="picqer_reserved_sku"),
            models.Index(fields=["account", "product_id"], name="picqer_reserved_product"),
            models.Index(fields=["order_pk"], name="picqer_reserved_order"),
        ]

    def __str__(self) -> str:
        return f"{self.remaining} of {self.amount} x {self.sku} for order {self.order_pk}"


class StockRecount(models.Model):
    """An account of which all stock is counted anew, since settings have changed."""

    account = models.CharField(max_length=255, unique=True)
    # The last SKU counted anew, in the form in which SKUs are compared.
    after = models.CharField(max_length=255, default="")
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = "requested count of stock"

    def __str__(self) -> str:
        return f"all stock of {self.account}"


class StockRequest(models.Model):
    """A product whose stock is to be read again."""

    account = models.CharField(max_length=255)
    product_id = models.BigIntegerField()
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = "requested stock reading"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "product_id"], name="picqer_stock_request_once"
            )
        ]

    def __str__(self) -> str:
        return f"stock of product {self.product_id} ({self.account})"
