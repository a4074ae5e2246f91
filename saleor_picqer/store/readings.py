"""Kept stock readings of a Picqer account, and products with stock to be read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection

from saleor_picqer.domain.skus import compare_key
from saleor_picqer.domain.stock import Reading, StockLevel
from saleor_picqer.models import StockReading, StockRequest

# An older reading never replaces a newer one, whichever is written last. A product whose code was
# changed counts under its new code only. Of two products whose codes differ in case, the one
# spelled as in Saleor counts.
_KEEP: Final = """
    INSERT INTO saleor_picqer_stockreading AS kept
        (account, warehouse_id, sku_key, sku, product_id, free, claimed, read_at, written_at)
    SELECT %(account)s, warehouse_id, sku_key, sku, product_id, free, claimed, %(read_at)s,
        clock_timestamp()
    FROM unnest(%(warehouses)s::bigint[], %(keys)s::text[], %(skus)s::text[],
        %(products)s::bigint[], %(free)s::bigint[], %(claimed)s::bigint[])
        AS found (warehouse_id, sku_key, sku, product_id, free, claimed)
    WHERE NOT EXISTS (
        SELECT 1 FROM saleor_picqer_stockreading AS later
        WHERE later.account = %(account)s AND later.product_id = found.product_id
            AND later.sku_key <> found.sku_key
            AND (later.read_at >= %(read_at)s OR NOT %(give_up)s)
    )
    ORDER BY sku_key, warehouse_id
    ON CONFLICT (account, sku_key, warehouse_id) DO UPDATE
    SET sku = excluded.sku, product_id = excluded.product_id, free = excluded.free,
        claimed = excluded.claimed, read_at = excluded.read_at, written_at = excluded.written_at
    WHERE kept.read_at < excluded.read_at AND (
        kept.product_id = excluded.product_id
        OR kept.product_id IS NULL OR excluded.product_id IS NULL
        OR excluded.sku = ANY (%(spellings)s::text[])
        OR kept.sku <> ALL (%(spellings)s::text[])
    )
"""
_FORGET_OLD_CODES: Final = """
    UPDATE saleor_picqer_stockreading AS kept
    SET free = 0, claimed = 0, product_id = NULL, read_at = %(read_at)s,
        written_at = clock_timestamp()
    FROM unnest(%(products)s::bigint[], %(keys)s::text[]) AS found (product_id, sku_key)
    WHERE kept.account = %(account)s AND kept.product_id = found.product_id
        AND kept.sku_key <> found.sku_key AND kept.read_at < %(read_at)s
    RETURNING kept.sku, found.product_id
"""
_OLD_CODES: Final = """
    SELECT kept.sku, kept.product_id
    FROM saleor_picqer_stockreading AS kept
    JOIN unnest(%(products)s::bigint[], %(keys)s::text[]) AS found (product_id, sku_key)
        ON kept.product_id = found.product_id AND kept.sku_key <> found.sku_key
    WHERE kept.account = %(account)s AND kept.read_at < %(read_at)s
"""
_REQUEST: Final = """
    INSERT INTO saleor_picqer_stockrequest (account, product_id, requested_at)
    SELECT %(account)s, product_id, clock_timestamp()
    FROM unnest(%(products)s::bigint[]) AS found (product_id)
    ORDER BY product_id
    ON CONFLICT (account, product_id) DO UPDATE SET requested_at = excluded.requested_at
"""


class StockReadings:
    """Stock readings of an account: implements `sync.ports.StockReadings`.

    `announce` is called with the account once products were requested.
    """

    def __init__(self, account: str, announce: Callable[[str], object]) -> None:
        self._account = account
        self._announce = announce

    def clock(self) -> datetime:
        return database_clock()

    def keep(
        self,
        levels: Iterable[StockLevel],
        read_at: datetime,
        spellings: Collection[str],
        *,
        give_up: bool = True,
    ) -> dict[str, int]:
        """Keep the levels that are newer than what is kept, and return former SKUs."""
        levels = _one_for_each_sku(levels, spellings)
        self._execute(
            _KEEP,
            read_at=read_at,
            warehouses=[level.warehouse_id for level in levels],
            keys=[compare_key(level.sku) for level in levels],
            skus=[level.sku for level in levels],
            products=[level.product_id for level in levels],
            free=[level.free for level in levels],
            claimed=[level.claimed for level in levels],
            spellings=list(spellings),
            give_up=give_up,
        )
        codes = {(level.product_id, compare_key(level.sku)) for level in levels}
        codes = {code for code in codes if code[0] is not None}
        rows = self._execute(
            _FORGET_OLD_CODES if give_up else _OLD_CODES,
            read_at=read_at,
            products=[product_id for product_id, _ in codes],
            keys=[key for _, key in codes],
        )
        return dict(sorted(rows))

    def of_skus(self, skus: Collection[str]) -> list[Reading]:
        rows = self._rows().filter(sku_key__in={compare_key(sku) for sku in skus})
        return [Reading(*row) for row in rows.values_list(*_READING)]

    def forget(self, product_ids: Collection[int], read_at: datetime) -> None:
        rows = self._rows().filter(product_id__in=list(product_ids))
        rows.filter(read_at__lt=read_at).delete()

    # --- products to be read again

    def request(self, product_ids: Collection[int]) -> None:
        if product_ids:
            self._execute(_REQUEST, products=sorted({*product_ids}))
            self._announce(self._account)

    def requested(self, limit: int) -> list[int]:
        """Return the products requested first."""
        rows = self._requests().order_by("requested_at", "pk")
        return list(rows.values_list("product_id", flat=True)[:limit])

    def settle(self, product_ids: Collection[int], read_at: datetime) -> None:
        """Drop the requests that a reading has answered, which began at the given moment."""
        rows = self._requests().filter(product_id__in=list(product_ids))
        rows.filter(requested_at__lt=read_at).delete()

    def _rows(self) -> Any:
        return StockReading.objects.filter(account=self._account)

    def _requests(self) -> Any:
        return StockRequest.objects.filter(account=self._account)

    def _execute(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"account": self._account, **values})
            return cursor.fetchall() if cursor.description else []


def _one_for_each_sku(levels: Iterable[StockLevel], spellings: Collection[str]) -> list[StockLevel]:
    """Return one level of each warehouse and SKU, if possible the level spelled as in Saleor."""
    found: dict[tuple[str, int], StockLevel] = {}
    for level in levels:
        key = (compare_key(level.sku), level.warehouse_id)
        if key not in found or level.sku in spellings:
            found[key] = level
    return [*found.values()]


_READING: Final = ("warehouse_id", "sku", "free", "product_id", "read_at", "claimed")


def database_clock() -> datetime:
    """Return the database's clock, which goes on within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def readings_of(
    accounts: Collection[str], skus: Collection[str], using: str = "default"
) -> dict[tuple[str, str], list[Reading]]:
    """Return the readings of SKUs by account and key of the SKU, in one statement."""
    rows = StockReading.objects.using(using).filter(account__in=accounts)
    rows = rows.filter(sku_key__in={compare_key(sku) for sku in skus}).order_by("warehouse_id")
    found: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for account, key, *reading in rows.values_list("account", "sku_key", *_READING):
        found[account, key].append(Reading(*reading))
    return found


def accounts_with_requests() -> list[str]:
    """Return the accounts of which products are to be read again."""
    rows = StockRequest.objects.order_by("account").values_list("account", flat=True)
    return list(rows.distinct())
