"""Closed picklists of a Picqer account with fulfilments in Saleor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from saleor_picqer.domain.fulfilments import ShippedPicklist
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.parcels import Parcel, Shipment
from saleor_picqer.models import FulfilmentLink, OutboxOrder
from saleor_picqer.store.outbox_rows import entry_of


class DueEmail(NamedTuple):
    """An e-mail of Saleor that is due: the order's channel, and the picklist of an account."""

    channel: str
    account: str
    picklist_id: int


class FulfilmentLinks:
    """Closed picklists that have become fulfilments."""

    def __init__(self, account: str) -> None:
        self._account = account

    def recorded(self, picklist_ids: Collection[int]) -> Set[int]:
        rows = FulfilmentLink.objects.filter(
            account=self._account, picklist_id__in=list(picklist_ids)
        )
        return frozenset(rows.values_list("picklist_id", flat=True))

    def get(self, picklist_id: int) -> ShippedPicklist | None:
        row = self._rows(picklist_id).first()
        return None if row is None else _picklist_of(row)

    def of_order(self, order_pk: str) -> list[ShippedPicklist]:
        rows = FulfilmentLink.objects.filter(account=self._account, order_pk=order_pk)
        return [_picklist_of(row) for row in rows.order_by("picklist_id")]

    @contextmanager
    def once(self, picklist: ShippedPicklist) -> Iterator[bool]:
        """Open a transaction and yield True to the first caller only."""
        # The unique row is the lock: inserting it waits for the commit of another worker.
        with transaction.atomic():
            yield self._insert(picklist)

    def _insert(self, picklist: ShippedPicklist) -> bool:
        try:
            with transaction.atomic():
                FulfilmentLink.objects.create(
                    account=self._account,
                    picklist_id=picklist.id,
                    order_pk=picklist.order_pk,
                    remote_id=picklist.remote_id,
                    picked=dict(picklist.picked),
                    shipments=_shipments_as_json(picklist.shipments),
                )
        except IntegrityError:
            return False
        return True

    def attach(
        self,
        picklist_id: int,
        *,
        created: Sequence[str],
        adopted: Sequence[str],
        hold: timedelta | None,
    ) -> None:
        self._rows(picklist_id).update(
            created=list(created),
            adopted=list(adopted),
            notify_at=None if hold is None else timezone.now() + hold,
        )

    @contextmanager
    def replace_shipments(
        self, picklist: ShippedPicklist, shipments: Sequence[Shipment]
    ) -> Iterator[bool]:
        """Open a transaction and yield False where another worker has replaced them meanwhile."""
        known = _shipments_as_json(picklist.shipments)
        with transaction.atomic():
            rows = self._rows(picklist.id).filter(shipments=known)
            yield bool(rows.update(shipments=_shipments_as_json(shipments), forgotten=False))

    @contextmanager
    def release(self, account: str, picklist_id: int) -> Iterator[ShippedPicklist | None]:
        """Open a transaction and yield the picklist whose e-mail is due, or None."""
        with transaction.atomic():
            # A worker that is killed leaves the e-mail due; a second worker does not wait for it.
            rows = FulfilmentLink.objects.filter(account=account, picklist_id=picklist_id)
            due = rows.filter(notify_at__lte=timezone.now())
            row = due.select_for_update(skip_locked=True).first()
            yield None if row is None else _picklist_of(row)
            if row is not None:
                rows.update(notify_at=None)

    def _rows(self, picklist_id: int) -> QuerySet[FulfilmentLink]:
        return FulfilmentLink.objects.filter(account=self._account, picklist_id=picklist_id)


def due_emails(channels: Collection[str], limit: int) -> list[DueEmail]:
    """Return the due e-mails about shipments, the oldest first, in one statement."""
    channel = OutboxOrder.objects.filter(order_pk=OuterRef("order_pk")).values("channel")
    rows = FulfilmentLink.objects.filter(notify_at__lte=timezone.now())
    rows = rows.annotate(channel=Subquery(channel)).filter(channel__in=channels)
    found = rows.order_by("notify_at").values_list("channel", "account", "picklist_id")
    return [DueEmail(*row) for row in found[:limit]]


def has_recorded(account: str, since: datetime) -> bool:
    """Return whether a picklist of the account has become a fulfilment since then."""
    rows = FulfilmentLink.objects.filter(account=account).order_by("-picklist_id")
    latest = rows.values_list("created_at", flat=True).first()
    return latest is not None and latest >= since


def shown_in(
    channel: str, account: str, picklist_ids: Collection[int]
) -> list[tuple[Entry, ShippedPicklist]]:
    """Return the picklists of a channel's orders with fulfilments in Saleor, in 2 statements."""
    rows = FulfilmentLink.objects.filter(account=account, picklist_id__in=picklist_ids)
    picklists = [_picklist_of(row) for row in rows.order_by("picklist_id")]
    pks = {picklist.order_pk for picklist in picklists if picklist.fulfilments}
    orders = OutboxOrder.objects.filter(channel=channel, order_pk__in=pks)
    entries = {row.order_pk: entry_of(row) for row in orders}
    return [(entries[one.order_pk], one) for one in picklists if one.order_pk in entries]


def postpone_email(email: DueEmail, delay: timedelta) -> None:
    """Have an e-mail that was not sent come after the others."""
    now = timezone.now()
    rows = FulfilmentLink.objects.filter(account=email.account, picklist_id=email.picklist_id)
    # Unless another worker has sent the e-mail meanwhile.
    rows.filter(notify_at__lte=now).update(notify_at=now + delay)


def _picklist_of(row: FulfilmentLink) -> ShippedPicklist:
    return ShippedPicklist(
        id=row.picklist_id,
        order_pk=row.order_pk,
        remote_id=row.remote_id,
        picked=row.picked,
        shipments=tuple(
            Shipment(one["id"], tuple(Parcel(**parcel) for parcel in one["parcels"]))
            for one in row.shipments
        ),
        created=tuple(row.created),
        adopted=tuple(row.adopted),
        is_forgotten=row.forgotten,
        is_held=row.notify_at is not None,
    )


def _shipments_as_json(shipments: Iterable[Shipment]) -> list[dict[str, Any]]:
    return [asdict(shipment) for shipment in shipments]
