"""Webhooks of the channels in Picqer, and the secrets of their signatures."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from saleor_picqer.domain.outbox import retry_delay
from saleor_picqer.models import HookRegistration
from saleor_picqer.store.inbox_endpoint import REPEATED_FOR

Registration = HookRegistration

# After so many failed attempts, about two days, hooks of a former account are left behind.
MAX_ATTEMPTS: Final = 60
# How often Picqer's list is compared, and when again after a failure.
CHECK_EVERY: Final = timedelta(hours=1)
_CHECK_AGAIN: Final = timedelta(minutes=10)
# Values of a registration whose hooks were removed, or left behind.
_REMOVED: Final[Mapping[str, Any]] = {"leaving": False, "credentials": "", "public_address": ""}
# Values of a registration whose former secrets count no more.
_FORGOTTEN: Final[Mapping[str, Any]] = {"previous": "", "former": ""}
# The settings that are needed to remove hooks.
_CREDENTIALS: Final = ("endpoint", "api_key", "storefront", "contact_email")


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
        self._ask(self._rows(channel, account), leaving=False)

    def leave(self, channel: str, account: str, settings: Mapping[str, Any]) -> None:
        """Have a worker remove the channel's webhooks from an account, with these settings."""
        # An account in which nothing was registered has no row.
        credentials = _credentials(settings)
        self._ask(self._rows(channel, account), leaving=True, credentials=credentials)

    def follow(self, accounts: Mapping[str, str | None], public_address: str) -> None:
        """Have webhooks registered or removed wherever the switches and settings say so.

        `accounts` has the account of each channel in which the plugin is switched on, None where
        the settings do not tell. Finds what no saving of settings told of: a key that was emptied
        before the plugin was switched off, a change in the database, a new `SECRET_KEY`.
        """
        rows = list(HookRegistration.objects.order_by("pk"))
        _drop_former_secrets(rows)
        wanted = {(channel, account) for channel, account in accounts.items() if account}
        registered = {(row.channel, row.account) for row in rows if _is_registered(row)}
        for channel, account in sorted(wanted - registered):
            self.mark_stale(channel, account)
            self._renew_unreadable(channel, account)
        # A copied database must not remove the webhooks of the shop, which has another address.
        for row in rows:
            is_left = accounts.get(row.channel, "") not in (None, row.account)
            if is_left and row.public_address == public_address and not row.leaving:
                self._ask(HookRegistration.objects.filter(pk=row.pk), leaving=True)

    def rotate(self, channel: str, account: str) -> None:
        """Replace the secret.

        The former secret is accepted until the hooks are replaced, and then as long as Picqer
        repeats their deliveries.
        """
        rows = self._rows(channel, account).filter(previous="")
        rows.update(previous=F("current"), current=_random_secret(), version=F("version") + 1)

    def replace_leaked(self, channel: str, account: str) -> None:
        """Replace the secret at once: no secret before counts any more.

        Picqer's deliveries are refused until the hooks are replaced; what they told is read again.
        """
        self._rows(channel, account).update(
            current=_random_secret(),
            version=F("version") + 1,
            lost_at=timezone.now(),
            **_FORGOTTEN,
        )

    def disown(self, channel: str, account: str) -> None:
        """Forget the hooks, which belong to the original of a copied database, and their secret."""
        self._rows(channel, account).update(hook_ids=[], current=_random_secret(), **_FORGOTTEN)

    def record(
        self,
        registration: HookRegistration,
        hook_ids: Collection[int],
        settings: Mapping[str, Any],
        public_address: str,
    ) -> None:
        """Add the ids of the hooks that Picqer has now, and keep how they can be removed.

        Former hooks stay known: Picqer repeats a delivery for hours, also of a removed hook.
        """
        row = HookRegistration.objects.get(pk=registration.pk)
        HookRegistration.objects.filter(pk=row.pk).update(
            hook_ids=sorted({*row.hook_ids, *hook_ids}),
            credentials=_credentials(settings),
            public_address=public_address,
        )

    def mark_lost(self, channel: str, account: str) -> None:
        """Note that deliveries were lost, until stock and orders are queued to be read again."""
        self._rows(channel, account).update(lost_at=timezone.now())

    def clear_lost(self, channel: str, account: str, lost_at: datetime | None) -> None:
        """Remove the note with this time; a later note stays."""
        self._rows(channel, account).filter(lost_at=lost_at).update(lost_at=None)

    def mark_registered(self, registration: HookRegistration) -> None:
        """Note that Picqer's hooks are as the settings require.

        No other hook signs any more, but Picqer repeats what it could not deliver.
        """
        # Settings that were saved meanwhile have asked for something else.
        rows = HookRegistration.objects.filter(
            pk=registration.pk, version=registration.version, leaving=registration.leaving
        )
        done: dict[str, Any] = {"stale_since": None, "attempts": 0, "not_before": None}
        if registration.leaving:
            done |= _REMOVED
        rows.update(previous="", former=_with_previous(registration), **done, **_checked())

    def postpone(self, registration: HookRegistration) -> bool:
        """Plan another attempt; False when hooks of a former account are left behind."""
        row = HookRegistration.objects.filter(pk=registration.pk)
        if registration.leaving and registration.attempts + 1 >= MAX_ATTEMPTS:
            row.update(stale_since=None, **_REMOVED)
            return False
        delay = retry_delay(registration.attempts, slowly=True)
        row.update(attempts=F("attempts") + 1, not_before=timezone.now() + delay)
        return True

    def due(self) -> list[int]:
        """Return pks of the registrations to bring in step now."""
        ready = Q(not_before=None) | Q(not_before__lte=timezone.now())
        rows = HookRegistration.objects.filter(ready, stale_since__isnull=False).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def get(self, pk: int) -> HookRegistration | None:
        return HookRegistration.objects.filter(pk=pk, stale_since__isnull=False).first()

    # --- the check on schedule

    def accounts_to_check(self) -> list[str]:
        """Return the accounts with webhooks that were not looked at for an hour."""
        rows = _to_check().order_by("account").values_list("account", flat=True)
        return list(rows.distinct())

    def claim_check(self, account: str, channels: Collection[str]) -> list[HookRegistration]:
        """Return the registrations of an account to check now, for the calling worker alone."""
        rows = _to_check().filter(account=account)
        pks = list(rows.values_list("pk", flat=True))
        if not rows.update(check_at=timezone.now() + CHECK_EVERY):
            return []
        return list(HookRegistration.objects.filter(pk__in=pks, channel__in=channels))

    def record_check(self, registrations: Collection[HookRegistration]) -> None:
        """Note that the hooks of the registrations are right."""
        pks = [registration.pk for registration in registrations]
        HookRegistration.objects.filter(pk__in=pks, stale_since=None).update(**_checked())

    def record_failure(
        self, registrations: Collection[HookRegistration], reason: str, *, refused: bool
    ) -> None:
        """Note that Picqer's list could not be read, perhaps because Picqer refuses the key."""
        now = timezone.now()
        HookRegistration.objects.filter(pk__in=[one.pk for one in registrations]).update(
            check_at=now + _CHECK_AGAIN,
            last_error=reason,
            refused_since=Coalesce("refused_since", now) if refused else None,
        )

    def set_compared_until(self, channel: str, account: str, remote_id: int) -> None:
        """Keep where the next check for silent webhooks goes on."""
        self._rows(channel, account).update(compared_until=remote_id)

    # --- deliveries

    def of_channel(self, channel: str) -> Sequence[HookRegistration]:
        """Return the channel's registrations in all accounts, whose secrets sign deliveries."""
        return list(HookRegistration.objects.filter(channel=channel))

    def is_ours(self, channel: str, account: str, hook_id: int | None) -> bool | None:
        """Return whether a hook is one of ours; None while hooks are being registered."""
        row = self._rows(channel, account).first()
        if row is None or hook_id in row.hook_ids:
            return row is not None
        return None if row.stale_since and not row.leaving else False

    def _ask(self, rows: Any, **changes: Any) -> None:
        """Have a worker do what the rows say now, and forget earlier failures."""
        rows.update(
            stale_since=Coalesce("stale_since", timezone.now()),
            version=F("version") + 1,
            attempts=0,
            not_before=None,
            **changes,
        )

    def _renew_unreadable(self, channel: str, account: str) -> None:
        for row in self._rows(channel, account):
            if not row.current:
                row.current = _random_secret()
                HookRegistration.objects.filter(pk=row.pk).update(current=row.current, **_FORGOTTEN)

    def _rows(self, channel: str, account: str) -> Any:
        return HookRegistration.objects.filter(channel=channel, account=account)


def _is_registered(row: HookRegistration) -> bool:
    """Return whether the row is as an active channel's should be, or will be."""
    return not row.leaving and bool(row.current and (row.stale_since or row.public_address))


def credentials_of(registration: HookRegistration) -> Mapping[str, Any]:
    """Return the settings with which the hooks can be removed; empty where there are none."""
    found: Mapping[str, Any] = json.loads(registration.credentials or "{}")
    return found


def _credentials(settings: Mapping[str, Any]) -> str:
    return json.dumps({name: settings.get(name) for name in _CREDENTIALS})


def _with_previous(registration: HookRegistration) -> str:
    """Return the valid former secrets, and the secret of the replaced hooks."""
    former = dict(registration.former_secrets())
    if registration.previous:
        former[registration.previous] = (timezone.now() + REPEATED_FOR).isoformat()
    return _dumped(former)


def _drop_former_secrets(rows: Iterable[HookRegistration]) -> None:
    """Drop secrets with which Picqer repeats nothing any more."""
    for row in rows:
        kept = _dumped(row.former_secrets())
        if kept != row.former:
            HookRegistration.objects.filter(pk=row.pk, version=row.version).update(former=kept)


def _dumped(former: Mapping[str, str]) -> str:
    return json.dumps(former) if former else ""


def _to_check() -> Any:
    due = Q(check_at=None) | Q(check_at__lte=timezone.now())
    rows = HookRegistration.objects.filter(due, stale_since=None, leaving=False)
    return rows.exclude(public_address="")


def _checked() -> dict[str, Any]:
    now = timezone.now()
    return {
        "checked_at": now,
        "check_at": now + CHECK_EVERY,
        "last_error": "",
        "refused_since": None,
    }


def _random_secret() -> str:
    return secrets.token_urlsafe(32)
