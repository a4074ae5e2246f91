"""Pairs of Saleor and Picqer objects, for one Picqer account."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import UNSURE
from saleor_picqer.domain.stock import RemoteWarehouse, StockLimits
from saleor_picqer.domain.warehouses import LinkedWarehouse
from saleor_picqer.models import CustomerLink, ProductLink, WarehouseLink
from saleor_picqer.store.fulfilment_links import FulfilmentLinks


class WarehouseLinks:
    """Picqer warehouses and their mirrors in Saleor."""

    def __init__(self, account: str) -> None:
        self._account = account

    def all(self) -> dict[int, str]:
        rows = WarehouseLink.objects.filter(account=self._account)
        return dict(rows.values_list("remote_id", "warehouse_pk"))

    def of_other_accounts(self) -> list[str]:
        rows = WarehouseLink.objects.exclude(account=self._account)
        return list(rows.values_list("warehouse_pk", flat=True))

    def pk_for(self, warehouse: RemoteWarehouse) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"picqer:{self._account}/{warehouse.id}"))

    def read(self) -> dict[int, LinkedWarehouse]:
        return {
            row.remote_id: LinkedWarehouse(
                pk=row.warehouse_pk,
                names=tuple(row.names),
                adopted=row.adopted,
                zones=row.zones,
                limits={channel: StockLimits(*pair) for channel, pair in row.limits.items()},
            )
            for row in WarehouseLink.objects.filter(account=self._account)
        }

    @transaction.atomic
    def save(self, remote_id: int, link: LinkedWarehouse) -> None:
        others = WarehouseLink.objects.filter(account=self._account, warehouse_pk=link.pk)
        others.exclude(remote_id=remote_id).delete()
        WarehouseLink.objects.update_or_create(
            account=self._account,
            remote_id=remote_id,
            defaults={
                "warehouse_pk": link.pk,
                "names": list(link.names),
                "adopted": link.adopted,
                "zones": {channel: list(pks) for channel, pks in link.zones.items()},
                "limits": {
                    channel: [limits.buffer, limits.cap] for channel, limits in link.limits.items()
                },
            },
        )

    @transaction.atomic
    def forget_channel(self, pk: str, channel: str) -> None:
        for row in WarehouseLink.objects.select_for_update().filter(warehouse_pk=pk):
            row.zones.pop(channel, None)
            row.limits.pop(channel, None)
            row.save(update_fields=["zones", "limits"])


class Mirror(NamedTuple):
    """A Picqer warehouse, and the warehouse in Saleor that mirrors it."""

    account: str
    remote_id: int
    pk: str
    name: str


def mirrors_of(accounts: Collection[str], using: str = "default") -> list[Mirror]:
    """Return the mirrored warehouses of accounts by id, in one statement."""
    rows = WarehouseLink.objects.using(using).filter(account__in=accounts)
    return [
        Mirror(row.account, row.remote_id, row.warehouse_pk, row.names[-1] if row.names else "")
        for row in rows.order_by("account", "remote_id")
    ]


class ProductLinks:
    """Products known to exist in Picqer."""

    def __init__(self, account: str) -> None:
        self._account = account

    def ids(self, skus: Collection[str]) -> dict[str, int]:
        rows = ProductLink.objects.filter(account=self._account, sku__in=list(skus))
        return dict(rows.values_list("sku", "remote_id"))

    def link(self, products: Mapping[str, int]) -> None:
        """Add products and correct changed ids, with one statement for each of the latter."""
        known = self.ids(products)
        ProductLink.objects.bulk_create(
            [
                ProductLink(account=self._account, sku=sku, remote_id=remote_id)
                for sku, remote_id in products.items()
                if sku not in known
            ],
            batch_size=1000,
            ignore_conflicts=True,
        )
        for sku, remote_id in products.items():
            if known.get(sku, remote_id) != remote_id:
                rows = ProductLink.objects.filter(account=self._account, sku=sku)
                rows.update(remote_id=remote_id)

    def unlink(self, sku: str) -> None:
        ProductLink.objects.filter(account=self._account, sku=sku).delete()


class CustomerLinks:
    """Registered Saleor customers and the customer records in Picqer."""

    def __init__(self, account: str) -> None:
        self._account = account

    def get(self, customer_pk: str) -> int | None:
        rows = self._rows().filter(customer_pk=customer_pk)
        return rows.values_list("remote_id", flat=True).first()

    def reserve(self, customer_pk: str) -> bool:
        now = timezone.now()
        try:
            # The unique row is the lock.
            with transaction.atomic():
                CustomerLink.objects.create(
                    account=self._account, customer_pk=customer_pk, reserved_at=now
                )
        except IntegrityError:
            # The reservation of a worker that was killed, or whose request got no answer, expires.
            rows = self._rows().filter(customer_pk=customer_pk, remote_id=None)
            return bool(rows.filter(reserved_at__lt=now - UNSURE).update(reserved_at=now))
        return True

    def link(self, customer_pk: str, remote_id: int) -> bool:
        if self._rows().filter(remote_id=remote_id).exclude(customer_pk=customer_pk).exists():
            return False
        CustomerLink.objects.update_or_create(
            account=self._account, customer_pk=customer_pk, defaults={"remote_id": remote_id}
        )
        return True

    def unlink(self, customer_pk: str) -> None:
        self._rows().filter(customer_pk=customer_pk).delete()

    def _rows(self) -> QuerySet[CustomerLink]:
        return CustomerLink.objects.filter(account=self._account)


class Links:
    """Links of one Picqer account: implements `sync.ports.Links`."""

    def __init__(self, account: str) -> None:
        self.warehouses = WarehouseLinks(account)
        self.products = ProductLinks(account)
        self.customers = CustomerLinks(account)
        self.fulfilments = FulfilmentLinks(account)
