"""What Picqer has reserved for orders, for one Picqer account."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from saleor_picqer.domain.skus import compare_key
from saleor_picqer.domain.stock import Reservation
from saleor_picqer.models import StockReading, StockReservation

# No reading is written so long after it began.
_KEEP_FOR: Final = timedelta(days=1)

# What was shipped before stays part of the amount.
_RECORD: Final = """
    INSERT INTO saleor_picqer_stockreservation AS kept
        (account, order_pk, remote_id, sku_key, sku, product_id, amount, remaining, reserved_at,
        bound_at)
    SELECT %(account)s, %(order_pk)s, %(remote_id)s, sku_key, sku, product_id, amount, amount,
        moment, CASE WHEN %(bound)s THEN moment END
    FROM unnest(%(keys)s::text[], %(skus)s::text[], %(products)s::bigint[], %(amounts)s::int[])
        AS found (sku_key, sku, product_id, amount), (SELECT clock_timestamp() AS moment) AS clock
    ORDER BY sku_key
    ON CONFLICT (account, remote_id, sku_key) DO UPDATE
    SET amount = kept.amount - kept.remaining + excluded.amount, remaining = excluded.amount,
        reserved_at = excluded.reserved_at, bound_at = excluded.bound_at,
        product_id = coalesce(excluded.product_id, kept.product_id)
"""
_SHIP: Final = """
    UPDATE saleor_picqer_stockreservation AS kept
    SET remaining = greatest(0, kept.remaining - found.amount)
    FROM unnest(%(keys)s::text[], %(amounts)s::int[]) AS found (sku_key, amount)
    WHERE kept.account = %(account)s AND kept.remote_id = %(remote_id)s
        AND kept.sku_key = found.sku_key
"""
# What was shipped before, amount minus remaining, stays part of the amount.
_LOWER: Final = """
    UPDATE saleor_picqer_stockreservation AS kept
    SET amount = greatest(
            kept.amount - kept.remaining, coalesce((found.most ->> kept.sku_key)::int, 0)
        ),
        remaining = greatest(
            0, coalesce((found.most ->> kept.sku_key)::int, 0) - (kept.amount - kept.remaining)
        )
    FROM unnest(%(remote_ids)s::bigint[], %(most)s::jsonb[]) AS found (remote_id, most)
    WHERE kept.account = %(account)s AND kept.remote_id = found.remote_id AND kept.remaining > 0
        AND kept.amount > coalesce((found.most ->> kept.sku_key)::int, 0)
    RETURNING kept.remote_id, kept.sku
"""


class StockReservations:
    """Reservations of an account: implements `sync.ports.Reservations`."""

    def __init__(self, account: str) -> None:
        self._account = account

    @transaction.atomic
    def record(
        self,
        order_pk: str,
        remote_id: int,
        amounts: Mapping[str, int],
        since: datetime | None,
        *,
        bound: bool = True,
        products: Mapping[str, int] = MappingProxyType({}),
    ) -> list[str]:
        """Record what Picqer has reserved; return the SKUs to read again, as the port says."""
        by_key = _by_key(amounts)
        ids = {compare_key(sku): id_ for sku, id_ in products.items()}
        goods = {key: (sku, ids.get(key)) for key, (sku, _) in by_key.items()}
        again = self._to_read_again(goods, since)
        self._execute(
            _RECORD,
            order_pk=order_pk,
            remote_id=remote_id,
            keys=[*by_key],
            skus=[sku for sku, _ in by_key.values()],
            products=[ids.get(key) for key in by_key],
            amounts=[amount for _, amount in by_key.values()],
            bound=bound,
        )
        return again

    @transaction.atomic
    def bind(self, remote_id: int, since: datetime | None) -> list[str]:
        rows = self._rows().filter(remote_id=remote_id, bound_at=None, remaining__gt=0)
        found = rows.values_list("sku_key", "sku", "product_id")
        again = self._to_read_again({key: (sku, id_) for key, sku, id_ in found}, since)
        rows.update(bound_at=_Clock())
        return again

    def ship(self, remote_id: int, amounts: Mapping[str, int]) -> None:
        by_key = _by_key(amounts)
        self._execute(
            _SHIP,
            remote_id=remote_id,
            keys=[*by_key],
            amounts=[amount for _, amount in by_key.values()],
        )

    def close(self, remote_id: int) -> None:
        self._rows().filter(remote_id=remote_id).update(remaining=0)

    def lower(self, orders: Mapping[int, Mapping[str, int]]) -> dict[int, list[str]]:
        most = [
            json.dumps({key: amount for key, (_, amount) in _by_key(amounts).items()})
            for amounts in orders.values()
        ]
        lowered: dict[int, list[str]] = defaultdict(list)
        for remote_id, sku in sorted(self._execute(_LOWER, remote_ids=[*orders], most=most)):
            lowered[remote_id].append(sku)
        return dict(lowered)

    def release(self, remote_id: int) -> bool:
        rows = self._rows().filter(remote_id=remote_id, remaining__gt=0)
        return bool(rows.update(amount=F("amount") - F("remaining"), remaining=0))

    def holds(self, remote_id: int) -> bool:
        return bool(self._rows().filter(remote_id=remote_id, remaining__gt=0).exists())

    def of_goods(
        self, skus: Collection[str], product_ids: Collection[int] = ()
    ) -> list[Reservation]:
        wanted = Q(sku_key__in={compare_key(sku) for sku in skus})
        rows = self._rows().filter(wanted | Q(product_id__in=list(product_ids)))
        rows = rows.exclude(amount=0).order_by("pk")
        return [Reservation(*row) for row in rows.values_list(*_RESERVATION)]

    def skus_of(self, order_pks: Collection[str]) -> list[str]:
        rows = self._rows().filter(order_pk__in=list(order_pks))
        return sorted({*rows.values_list("sku", flat=True)})

    def _to_read_again(
        self, goods: Mapping[str, tuple[str, int | None]], since: datetime | None
    ) -> list[str]:
        """Return the SKUs to read again, given with their products, by key."""
        # Locking the readings waits for workers that write them: these see the reservation, or
        # their readings are found.
        keys = {id_: key for key, (_, id_) in goods.items() if id_ is not None}
        wanted = Q(sku_key__in=[*goods]) | Q(product_id__in=[*keys])
        readings = StockReading.objects.filter(wanted, account=self._account)
        rows = readings.order_by("sku_key", "warehouse_id").select_for_update()
        written = rows.values_list("written_at", "sku_key", "product_id")
        # The SKU of a product may have been changed since the order was placed.
        latest = {
            keys.get(id_ or 0, key): moment for moment, key, id_ in sorted(written, key=_moment)
        }
        return [
            sku
            for key, (sku, _) in goods.items()
            if since is None or key not in latest or latest[key] >= since
        ]

    def _rows(self) -> Any:
        return StockReservation.objects.filter(account=self._account)

    def _execute(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"account": self._account, **values})
            return cursor.fetchall() if cursor.description else []


_RESERVATION: Final = (
    *("order_pk", "sku", "amount", "remaining", "reserved_at", "bound_at", "product_id"),
)


def _moment(row: Sequence[Any]) -> datetime:
    moment: datetime = row[0]
    return moment


class _Clock(Func):
    """The database's clock, which goes on within a transaction."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def _by_key(amounts: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Return spelling and total amount of each SKU, by the form in which SKUs are compared."""
    totals: dict[str, tuple[str, int]] = {}
    for sku, amount in amounts.items():
        _, before = totals.get(compare_key(sku), (sku, 0))
        totals[compare_key(sku)] = (sku, before + amount)
    return totals


def accounts_of(order_pks: Collection[str]) -> list[str]:
    """Return the accounts with reserved goods of the orders."""
    rows = StockReservation.objects.filter(order_pk__in=list(order_pks)).order_by("account")
    return list(rows.values_list("account", flat=True).distinct())


def prune() -> None:
    """Delete, in one statement, what is shipped or released and known to all readings."""
    older = StockReading.objects.filter(
        Q(sku_key=OuterRef("sku_key")) | Q(product_id=OuterRef("product_id")),
        account=OuterRef("account"),
        read_at__lt=Coalesce(OuterRef("bound_at"), OuterRef("reserved_at")),
    )
    closed = Q(remaining=0, reserved_at__lt=timezone.now() - _KEEP_FOR)
    StockReservation.objects.filter(closed, ~Exists(older)).delete()
