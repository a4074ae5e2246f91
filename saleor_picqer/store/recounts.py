"""Accounts of which all stock is to be counted anew from the kept readings."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.models import StockReading, StockRecount


def request(account: str) -> None:
    """Have all stock of an account counted anew, from the beginning."""
    changes = {"after": "", "requested_at": timezone.now()}
    StockRecount.objects.update_or_create(account=account, defaults=changes)


def due() -> list[str]:
    """Return the accounts with stock to count anew."""
    return list(StockRecount.objects.order_by("account").values_list("account", flat=True))


class Slice:
    """The next SKUs to count anew; `skus` is empty at the end."""

    def __init__(self, account: str, requested_at: datetime, after: str) -> None:
        # Requested once more meanwhile, the count begins again.
        self._row = StockRecount.objects.filter(account=account, requested_at=requested_at)
        rows = StockReading.objects.filter(account=account, sku_key__gt=after)
        names = rows.order_by("sku_key").values_list("sku_key", "sku").distinct()
        found = dict(names[:BATCH_SIZE])
        self._last = max(found, default=after)
        self.skus = [*found.values()]

    def finish(self) -> None:
        """Note that the SKUs are counted; after the last ones, that nothing is left to do."""
        if self.skus:
            self._row.update(after=self._last)
        else:
            self._row.delete()


def next_slice(account: str) -> Slice | None:
    """Return the next SKUs; None if nothing is to be counted anew."""
    row = StockRecount.objects.filter(account=account).first()
    return Slice(account, row.requested_at, row.after) if row else None
