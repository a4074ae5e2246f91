"""Stock of Saleor 2.10, which checkouts lock line by line."""

from __future__ import annotations

import random
import time
from typing import Final

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from saleor.warehouse.models import Stock as SaleorStock

from saleor_picqer.hosts.common import stock_levels
from saleor_picqer.hosts.common.stock import Stock

# PostgreSQL's code of an error.
_LOCK_NOT_AVAILABLE: Final = "55P03"
_ATTEMPTS: Final = 40
# Seconds.
_LONGEST_PAUSE: Final = 0.2


def without_waiting(stocks: QuerySet[SaleorStock]) -> list[SaleorStock]:
    """Lock stocks, all at once or none: never wait for a lock while holding another.

    A checkout of Saleor 2.10 locks the stocks of one line after the other, in the sequence of the
    lines. A worker that held one of these locks and waited for another could block the checkout,
    and PostgreSQL would end one of the two with an error, perhaps the customer's. Saleor 3 locks
    all stocks of a checkout in the sequence of their primary keys.
    """
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return list(stocks.order_by("pk").select_for_update(of=("self",), nowait=True))
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != _LOCK_NOT_AVAILABLE:
                raise
        time.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311 - no secret
    # Under a load that never lets all of them free.
    return stock_levels.in_sequence(stocks)


class Saleor2Stock(Stock):
    def _lock(self, stocks: QuerySet[SaleorStock]) -> list[SaleorStock]:
        return without_waiting(stocks)
