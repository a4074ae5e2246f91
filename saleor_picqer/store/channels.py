"""Circuit breaker, watermark, hook registrations and webhook secrets of the channels."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from saleor_picqer.domain.outbox import open_duration
from saleor_picqer.models import ChannelSecret, ChannelState


class CircuitBreaker:
    """Stops pushes to a channel's Picqer account while it does not answer.

    Closed: `allowance` is the usual number of orders. Open: none. Half open, after the waiting
    time: one order, whose outcome closes or opens the circuit.
    """

    def is_open(self, channel: str) -> bool:
        return ChannelState.objects.filter(channel=channel, open_until__gt=timezone.now()).exists()

    def allowance(self, channel: str, usual: int) -> int:
        """Return how many orders may be pushed now."""
        rows = ChannelState.objects.filter(channel=channel, open_until__isnull=False)
        until = rows.values_list("open_until", flat=True).first()
        if until is None:
            return usual
        return 0 if until > timezone.now() else 1

    def record_failure(self, channel: str, order_pk: str) -> None:
        """Count an order without an answer from Picqer; later attempts at it do not count."""
        # Otherwise a single order that Picqer cannot handle would stop all others.
        rows = ChannelState.objects.filter(channel=channel).exclude(last_failed_order=order_pk)
        state = rows.first()
        if state is None:
            return
        duration = open_duration(state.consecutive_failures + 1)
        ChannelState.objects.filter(pk=state.pk).update(
            consecutive_failures=state.consecutive_failures + 1,
            last_failed_order=order_pk,
            open_until=None if duration is None else timezone.now() + duration,
        )

    def record_success(self, channel: str) -> bool:
        """Close the circuit; True if the circuit was open. Takes one statement after a success."""
        failing = Q(consecutive_failures__gt=0) | Q(open_until__isnull=False)
        state = ChannelState.objects.filter(failing, channel=channel).first()
        if state is None:
            return False
        ChannelState.objects.filter(pk=state.pk).update(
            consecutive_failures=0, last_failed_order="", open_until=None
        )
        return state.open_until is not None


class Watermark:
    """The start of Picqer's responsibility for a channel, and the time of the last sweep."""

    def start(self, channel: str) -> None:
        """Set both times to now, unless the plugin was active in the channel before."""
        # While the plugin is off nothing is swept, so switching it on again loses no order.
        now = timezone.now()
        ChannelState.objects.get_or_create(
            channel=channel, defaults={"orders_from": now, "swept_until": now}
        )

    def orders_from(self, channel: str) -> datetime | None:
        """Return the moment from which on Picqer handles the channel's orders."""
        rows = ChannelState.objects.filter(channel=channel)
        return rows.values_list("orders_from", flat=True).first()

    def swept_until(self, channel: str) -> datetime:
        """Return the moment before which every change has been seen."""
        self.start(channel)
        return ChannelState.objects.get(channel=channel).swept_until

    def set_swept_until(self, channel: str, until: datetime) -> None:
        ChannelState.objects.filter(channel=channel).update(swept_until=until)


class HookRegistrations:
    """Channels whose webhooks still have to be registered or removed in Picqer."""

    def mark_stale(self, channel: str) -> None:
        """Have a worker register the channel's webhooks in Picqer, or remove them."""
        # A channel in which the plugin was never active has no row, and no webhooks either.
        ChannelState.objects.filter(channel=channel).update(hooks_stale=True)

    def mark_registered(self, channel: str) -> None:
        ChannelState.objects.filter(channel=channel).update(hooks_stale=False)

    def stale_channels(self) -> list[str]:
        rows = ChannelState.objects.filter(hooks_stale=True).order_by("channel")
        return list(rows.values_list("channel", flat=True))


class Secrets:
    """Webhook secrets: implements `sync.ports.Secrets`."""

    def current(self, channel: str) -> str:
        """Return the channel's secret, created at random on first use."""
        row, _ = ChannelSecret.objects.get_or_create(
            channel=channel, defaults={"current": secrets.token_urlsafe(32)}
        )
        return row.current

    def accepted(self, channel: str) -> list[str]:
        """Return the secrets for checking signatures; none if no hook was ever registered."""
        row = ChannelSecret.objects.filter(channel=channel).first()
        return [secret for secret in (row.current, row.previous) if secret] if row else []
