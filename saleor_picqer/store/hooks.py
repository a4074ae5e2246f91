"""Webhooks of the channels in Picqer, and the secrets of their signatures."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone

from saleor_picqer.domain.outbox import retry_delay
from saleor_picqer.models import HookRegistration

Registration = HookRegistration

# After so many failed attempts, about two days, hooks of a former account are left behind.
MAX_ATTEMPTS: Final = 60


class HookRegistrations:
    """The webhooks of the channels: implements `sync.ports.HookRegistrations`."""

    def open(self, channel: str, account: str) -> HookRegistration:
        """Return the channel's registration in an account, with a random secret at first."""
        row, _ = HookRegistration.objects.get_or_create(
            channel=channel, account=account, defaults={"current": _random_secret()}
        )
        return row

    def mark_stale(self, channel: str, account: str) -> None:
        """Have a worker bring the channel's webhooks in Picqer in step with the settings."""
        self.open(channel, account)
        self._rows(channel, account).update(
            stale=True, attempts=0, not_before=None, former_settings={}
        )

    def leave(self, channel: str, account: str, settings: Mapping[str, Any]) -> None:
        """Have a worker remove the channel's webhooks from an account, with these settings."""
        # An account in which nothing was registered has no row.
        self._rows(channel, account).update(
            stale=True, attempts=0, not_before=None, former_settings=dict(settings)
        )

    def rotate(self, channel: str, account: str) -> None:
        """Replace the secret; the present one is accepted until its hooks are replaced."""
        rows = self._rows(channel, account).filter(previous="")
        rows.update(previous=F("current"), current=_random_secret())

    def disown(self, channel: str, account: str) -> None:
        """Forget the hooks, which belong to the original of a copied database, and their secret."""
        self._rows(channel, account).update(hook_ids=[], current=_random_secret(), previous="")

    def record(self, channel: str, account: str, hook_ids: Collection[int]) -> None:
        """Add the ids of the hooks that Picqer has now.

        Former hooks stay known: Picqer repeats a delivery for hours, also of a removed hook.
        """
        row = self.open(channel, account)
        known = {*row.hook_ids, *hook_ids}
        HookRegistration.objects.filter(pk=row.pk).update(hook_ids=sorted(known))

    def mark_registered(self, registration: HookRegistration) -> None:
        """Note that Picqer's hooks are as the settings require: no other hook signs any more."""
        # Settings that were saved meanwhile have marked the row stale for another secret.
        HookRegistration.objects.filter(
            pk=registration.pk,
            current=registration.current,
            former_settings=registration.former_settings,
        ).update(stale=False, previous="", attempts=0, not_before=None, former_settings={})

    def postpone(self, registration: HookRegistration) -> bool:
        """Plan another attempt; False when hooks of a former account are left behind."""
        row = HookRegistration.objects.filter(pk=registration.pk)
        if registration.former_settings and registration.attempts + 1 >= MAX_ATTEMPTS:
            row.update(stale=False, former_settings={})
            return False
        delay = retry_delay(registration.attempts, slowly=True)
        row.update(attempts=F("attempts") + 1, not_before=timezone.now() + delay)
        return True

    def due(self) -> list[int]:
        """Return pks of the registrations to bring in step now."""
        ready = Q(not_before=None) | Q(not_before__lte=timezone.now())
        rows = HookRegistration.objects.filter(ready, stale=True).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def get(self, pk: int) -> HookRegistration | None:
        return HookRegistration.objects.filter(pk=pk, stale=True).first()

    def of_channel(self, channel: str) -> Sequence[HookRegistration]:
        """Return the channel's registrations in all accounts, whose secrets sign deliveries."""
        return list(HookRegistration.objects.filter(channel=channel))

    def is_ours(self, channel: str, account: str, hook_id: int | None) -> bool | None:
        """Return whether a hook is one of ours; None while hooks are being registered."""
        row = self._rows(channel, account).first()
        if row is None or hook_id in row.hook_ids:
            return row is not None
        return None if row.stale and not row.former_settings else False

    def _rows(self, channel: str, account: str) -> Any:
        return HookRegistration.objects.filter(channel=channel, account=account)


def _random_secret() -> str:
    return secrets.token_urlsafe(32)
