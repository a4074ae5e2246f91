"""Alarms: which are raised, and which staff were told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Q

from saleor_picqer.domain.alarms import Alarm, AlarmKey
from saleor_picqer.models import AlarmState

# An alarm that comes and goes is told of at most once in this time.
_QUIET: Final = timedelta(hours=1)
# A raised alarm is told of again after this time.
_REMIND: Final = timedelta(days=1)
# An alarm counts as over when its cause was over for so long.
_OVER: Final = timedelta(minutes=10)


class Changes(NamedTuple):
    """The alarms that the caller alone has raised or cleared."""

    raised: Sequence[Alarm]
    cleared: Sequence[Alarm]


def save(found: Iterable[Alarm], now: datetime) -> Changes:
    """Save which alarms hold now: 1 statement where nothing has changed."""
    known = {(row.key, row.channel): row for row in AlarmState.objects.all()}
    holding = {(alarm.key.value, alarm.channel): alarm for alarm in found}
    raised = [alarm for key, alarm in holding.items() if _raise(known.get(key), alarm, now)]
    over = [row for key, row in known.items() if key not in holding and row.cleared_at is None]
    return Changes(raised, [to_alarm(row) for row in over if _clear(row, now)])


def raised(channels: Collection[str], using: str = "default") -> list[Alarm]:
    """Return the raised alarms of the channels, those of the whole shop included."""
    rows = AlarmState.objects.using(using).filter(cleared_at=None, channel__in=["", *channels])
    return [to_alarm(row) for row in rows.order_by("since", "pk")]


def to_tell(now: datetime) -> list[AlarmState]:
    """Return the alarms of which staff have to be told by mail."""
    is_new = Q(announced=False) & (Q(notified_at=None) | Q(notified_at__lte=now - _QUIET))
    is_old = Q(announced=True, notified_at__lte=now - _REMIND)
    is_over = Q(announced=True, cleared_at__lte=now - _OVER)
    rows = AlarmState.objects.filter((Q(cleared_at=None) & (is_new | is_old)) | is_over)
    return list(rows.order_by("since", "pk"))


def claim_telling(row: AlarmState, now: datetime) -> bool:
    """Claim the mail about an alarm; False if another worker sends the mail."""
    rows = AlarmState.objects.filter(
        pk=row.pk, announced=row.announced, notified_at=row.notified_at
    )
    return bool(rows.update(announced=row.cleared_at is None, notified_at=now))


def take_back(row: AlarmState) -> None:
    """Note that staff could not be told after all."""
    AlarmState.objects.filter(pk=row.pk).update(
        announced=row.announced, notified_at=row.notified_at
    )


def to_alarm(row: AlarmState) -> Alarm:
    return Alarm(AlarmKey(row.key), row.channel, row.count, row.message, row.since)


def _raise(row: AlarmState | None, alarm: Alarm, now: datetime) -> bool:
    """Save a raised alarm; True for the first worker to do so."""
    values: dict[str, Any] = {"count": alarm.count, "message": alarm.message}
    if row is None:
        _, is_new = AlarmState.objects.get_or_create(
            key=alarm.key.value, channel=alarm.channel, defaults={**values, "since": now}
        )
        return is_new
    if row.cleared_at is not None:
        rows = AlarmState.objects.filter(pk=row.pk, cleared_at__isnull=False)
        return bool(rows.update(**values, since=now, cleared_at=None))
    if (row.count, row.message) != (alarm.count, alarm.message):
        AlarmState.objects.filter(pk=row.pk).update(**values)
    return False


def _clear(row: AlarmState, now: datetime) -> bool:
    return bool(AlarmState.objects.filter(pk=row.pk, cleared_at=None).update(cleared_at=now))
