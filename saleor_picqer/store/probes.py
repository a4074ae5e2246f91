"""Probes of the public address that are under way: rows that no other database has."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from saleor_picqer.models import PeriodicTask as Row

# A probe is a task of seconds: its row lies among those of other tasks.
_PREFIX: Final = "probe "
_LIFETIME: Final = timedelta(minutes=1)


def begin(nonce: str) -> None:
    """Note a probe, and remove probes of killed processes."""
    now = timezone.now()
    Row.objects.filter(name__startswith=_PREFIX, enqueued_at__lt=now - _LIFETIME).delete()
    Row.objects.create(name=_PREFIX + nonce, enqueued_at=now)


def is_under_way(nonce: str) -> bool:
    since = timezone.now() - _LIFETIME
    return Row.objects.filter(name=_PREFIX + nonce, enqueued_at__gte=since).exists()


def end(nonce: str) -> None:
    Row.objects.filter(name=_PREFIX + nonce).delete()
