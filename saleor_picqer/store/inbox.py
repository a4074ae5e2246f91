"""The inbox: authentic webhook deliveries, each stored once and handled by a worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import RECHECK, retry_delay
from saleor_picqer.models import InboxEvent
from saleor_picqer.store.periodic import PeriodicTask

Delivery = InboxEvent
EventStatus = InboxEvent.Status
Topic = InboxEvent.Topic

# After so many failed attempts, about a day, a delivery is a dead letter.
MAX_ATTEMPTS: Final = 100
# How long a killed worker can keep others from an account's deliveries: a slice and a request.
_LEASE: Final = timedelta(seconds=90)
_SWITCHED_OFF: Final = "The plugin is switched off in the order's channel."
_FORMER_ACCOUNT: Final = "The channel has moved to another Picqer account."
_OPEN: Final = (InboxEvent.Status.RECEIVED, InboxEvent.Status.HANDLING)
_READ: Final = (
    "topic",
    "event",
    "triggered_at",
    "object_id",
    "status",
    "last_error",
    "not_before",
    "handled_at",
)


class Inbox:
    """Webhook deliveries from Picqer, worked off by one worker at a time for each account."""

    def task(self, account: str) -> PeriodicTask:
        """Return the task that works off the deliveries of an account."""
        return PeriodicTask(task_name(account), _LEASE)

    def turn(self, account: str) -> AbstractContextManager[bool]:
        """Lease the account's deliveries; yields False while another worker has the lease."""
        return self.task(account).run()

    # --- reading

    def unread(self, account: str, limit: int) -> Iterator[InboxEvent]:
        """Yield deliveries whose body no worker has read yet, oldest first."""
        rows = due().filter(account=account, topic=Topic.UNREAD).order_by("pk")[:limit]
        # A body may have megabytes.
        return rows.iterator(chunk_size=20)

    def unread_exist(self, account: str) -> bool:
        """Tell whether a delivery can be read now."""
        return due().filter(account=account, topic=Topic.UNREAD).exists()

    def save_read(self, deliveries: Iterable[InboxEvent]) -> None:
        """Save what was read in the bodies, in one statement for a hundred deliveries."""
        rows = list(deliveries)
        for row in rows:
            row.event, row.triggered_at = column(row.event, 64), column(row.triggered_at, 32)
        if rows:
            InboxEvent.objects.bulk_update(rows, _READ, batch_size=100)

    # --- handling

    def subjects(self, account: str, topic: str, limit: int) -> list[int]:
        """Return ids of orders or products with due deliveries, the longest waiting first."""
        rows = due().filter(account=account, topic=topic).values_list("object_id")
        found = rows.annotate(first=Min("pk")).order_by("first")[:limit]
        return [object_id for object_id, _ in found]

    def take(self, account: str, topic: str, object_ids: Collection[int]) -> None:
        """Mark all due deliveries about some orders or products as being handled.

        The caller has the account's turn. What a killed worker had taken is taken again.
        """
        rows = due().filter(account=account, topic=topic, object_id__in=object_ids)
        rows.update(status=InboxEvent.Status.HANDLING, not_before=None)

    def close_taken(self, account: str, topic: str, object_ids: Collection[int]) -> int:
        """Mark taken deliveries as done; return their number."""
        rows = _taken(account, topic, object_ids)
        return rows.update(status=InboxEvent.Status.DONE, handled_at=timezone.now(), last_error="")

    def claim(self, account: str, topic: str, object_id: int) -> list[InboxEvent]:
        """Take all due deliveries about an order or product, and return them, oldest first."""
        self.take(account, topic, [object_id])
        return list(_taken(account, topic, [object_id]).order_by("pk"))

    def close(self, deliveries: Sequence[InboxEvent], *, acted: bool) -> None:
        """Mark deliveries as done, or as ignored if they needed no action."""
        status = InboxEvent.Status.DONE if acted else InboxEvent.Status.IGNORED
        _rows(deliveries).update(status=status, handled_at=timezone.now(), last_error="")

    def postpone(
        self, deliveries: Sequence[InboxEvent], reason: str, delay: timedelta | None = None
    ) -> None:
        """Plan another attempt, by default with a growing delay."""
        for delivery in deliveries:
            delivery.attempts += 1
            self._put_back(delivery, reason, delay or retry_delay(delivery.attempts - 1))

    def wait(self, deliveries: Sequence[InboxEvent], reason: str, delay: timedelta) -> None:
        """Plan another attempt at deliveries that could not be tried; no attempt counts."""
        for delivery in deliveries:
            self._put_back(delivery, reason, delay)

    def put_back(self, deliveries: Sequence[InboxEvent]) -> None:
        """Let deliveries wait until their channel is switched on."""
        self.wait(deliveries, _SWITCHED_OFF, RECHECK)

    def waiting(self) -> list[tuple[str, str]]:
        """Return the channels and accounts for which deliveries wait."""
        rows = InboxEvent.objects.filter(status__in=_OPEN).order_by("channel", "account")
        return list(rows.values_list("channel", "account").distinct())

    def set_aside(self, channel: str, account: str) -> int:
        """Ignore what waits for a channel that has left the account; return the number."""
        rows = InboxEvent.objects.filter(account=account, channel=channel, status__in=_OPEN)
        return rows.update(**_set_aside())

    def set_aside_taken(self, deliveries: Sequence[InboxEvent]) -> None:
        """Ignore deliveries about an order of a channel that has left the account."""
        _rows(deliveries).update(**_set_aside())

    def _put_back(self, delivery: InboxEvent, reason: str, delay: timedelta) -> None:
        delivery.status = InboxEvent.Status.RECEIVED
        delivery.last_error = reason
        delivery.not_before = timezone.now() + delay
        try:
            with transaction.atomic():
                delivery.save(update_fields=["attempts", "last_error", "not_before", "status"])
        except IntegrityError:
            # The same body has come again meanwhile, and waits instead of this one.
            self.close([delivery], acted=False)

    def fail(self, deliveries: Sequence[InboxEvent], reason: str) -> None:
        """Make deliveries dead letters."""
        _rows(deliveries).update(
            status=InboxEvent.Status.FAILED,
            last_error=reason,
            attempts=F("attempts") + 1,
            handled_at=timezone.now(),
        )

    def pause(self, account: str, topic: str, until: datetime) -> None:
        """Let due deliveries of a topic wait until a moment, in one statement."""
        due().filter(account=account, topic=topic).update(not_before=until)

    # --- what is left

    def wake(self, account: str) -> None:
        """Make deliveries due that wait until the channel is switched on."""
        rows = InboxEvent.objects.filter(account=account, last_error=_SWITCHED_OFF)
        rows.filter(status=InboxEvent.Status.RECEIVED).update(not_before=None)

    def to_enqueue(self, accounts: Iterable[str]) -> list[str]:
        """Return accounts with due deliveries for which no message waits, and note their tasks."""
        rows = due().filter(account__in=accounts).order_by("account")
        found = rows.values_list("account", flat=True).distinct()
        return [account for account in found if self.task(account).may_enqueue()]

    def seconds_until_due(self, account: str) -> float | None:
        """Return in how many seconds a delivery is due, 0 for at once; None if none waits."""
        rows = InboxEvent.objects.filter(account=account, status__in=_OPEN)
        found = rows.order_by(F("not_before").asc(nulls_first=True)).values_list(
            "not_before", flat=True
        )[:1]
        for moment in found:
            return 0.0 if moment is None else max(0.0, (moment - timezone.now()).total_seconds())
        return None


def task_name(account: str) -> str:
    """Return the name of the task that works off the deliveries of an account."""
    return f"inbox {account}"


def count_by_status(channel: str, using: str) -> Mapping[str, int]:
    """Return the number of the channel's deliveries with each status that has any."""
    rows = InboxEvent.objects.using(using).filter(channel=channel).values_list("status")
    return dict(rows.annotate(number=Count("*")).order_by("status"))


def last_received(channel: str) -> datetime | None:
    """Return when Picqer's last delivery for the channel came: 1 statement."""
    rows = InboxEvent.objects.filter(channel=channel).order_by("-pk")
    return rows.values_list("received_at", flat=True).first()


def column(text: str, length: int) -> str:
    """Return the text as PostgreSQL can store it, cut off at the column's length."""
    # PostgreSQL's text refuses NUL and halves of surrogate pairs.
    return text.replace("\x00", "").encode(errors="replace").decode()[:length]


def due() -> QuerySet[InboxEvent]:
    """Return the deliveries to handle now."""
    # A delivery that is being handled belongs to the worker with the account's turn, or to one
    # that was killed.
    return InboxEvent.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()), status__in=_OPEN
    )


def _set_aside() -> dict[str, Any]:
    return {
        "status": InboxEvent.Status.IGNORED,
        "last_error": _FORMER_ACCOUNT,
        "handled_at": timezone.now(),
    }


def _rows(deliveries: Iterable[InboxEvent]) -> QuerySet[InboxEvent]:
    return InboxEvent.objects.filter(pk__in=[delivery.pk for delivery in deliveries])


def _taken(account: str, topic: str, object_ids: Collection[int]) -> QuerySet[InboxEvent]:
    return InboxEvent.objects.filter(
        account=account,
        topic=topic,
        object_id__in=object_ids,
        status=InboxEvent.Status.HANDLING,
    )
