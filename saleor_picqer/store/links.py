"""What of ours mirrors what of Picqer's, and the webhook secrets."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from saleor_picqer.domain.stock import RemoteWarehouse
from saleor_picqer.models import (
    ChannelSecret,
    CustomerLink,
    FulfilmentLink,
    ProductLink,
    WarehouseLink,
)


class WarehouseLinks:
    """`sync.ports.state.WarehouseLinks` for one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def all(self) -> dict[int, str]:
        rows = WarehouseLink.objects.filter(account=self._account)
        return dict(rows.values_list("remote_id", "warehouse_pk"))

    def pk_for(self, warehouse: RemoteWarehouse) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"picqer:{self._account}/{warehouse.id}"))

    def link(self, warehouse: RemoteWarehouse, pk: str) -> None:
        WarehouseLink.objects.update_or_create(
            account=self._account,
            remote_id=warehouse.id,
            defaults={"warehouse_pk": pk, "name": warehouse.name},
        )


class ProductLinks:
    """`sync.ports.state.ProductLinks` for one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def ids(self, skus: Collection[str]) -> dict[str, int]:
        rows = ProductLink.objects.filter(account=self._account, sku__in=list(skus))
        return dict(rows.values_list("sku", "remote_id"))

    def link(self, products: Mapping[str, int]) -> None:
        """Two statements, and one per product whose id has changed."""
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


class CustomerLinks:
    """`sync.ports.state.CustomerLinks` for one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def get(self, customer_pk: str) -> int | None:
        rows = self._rows().filter(customer_pk=customer_pk)
        return rows.values_list("remote_id", flat=True).first()

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


class FulfilmentLinks:
    """`sync.ports.state.FulfilmentLinks` for one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def recorded(self, picklist_ids: Collection[int]) -> Set[int]:
        rows = FulfilmentLink.objects.filter(
            account=self._account, picklist_id__in=list(picklist_ids)
        )
        return frozenset(rows.values_list("picklist_id", flat=True))

    @contextmanager
    def once(self, order_pk: str, picklist_id: int) -> Iterator[bool]:
        # The unique row is the lock: a second worker waits here for the first one's commit.
        with transaction.atomic():
            yield self._insert(order_pk, picklist_id)

    def _insert(self, order_pk: str, picklist_id: int) -> bool:
        try:
            with transaction.atomic():
                FulfilmentLink.objects.create(
                    account=self._account, picklist_id=picklist_id, order_pk=order_pk
                )
        except IntegrityError:
            return False
        return True


class Links:
    """`sync.ports.Links` for one Picqer account."""

    def __init__(self, account: str) -> None:
        self.warehouses = WarehouseLinks(account)
        self.products = ProductLinks(account)
        self.customers = CustomerLinks(account)
        self.fulfilments = FulfilmentLinks(account)


class Secrets:
    """`sync.ports.Secrets` on the table `ChannelSecret`."""

    def current(self, channel: str) -> str:
        row, _ = ChannelSecret.objects.get_or_create(
            channel=channel, defaults={"current": secrets.token_urlsafe(32)}
        )
        return row.current

    def accepted(self, channel: str) -> list[str]:
        """Secrets whose signatures count: none for a channel that never registered a hook."""
        row = ChannelSecret.objects.filter(channel=channel).first()
        return [s for s in (row.current, row.previous) if s] if row else []
