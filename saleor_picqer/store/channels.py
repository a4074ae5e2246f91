"""Circuit breaker and watermark of the channels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Max, Q
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from saleor_picqer.domain.outbox import open_duration
from saleor_picqer.models import ChannelState

# By how much the clocks of Saleor's processes and of the database may differ.
CLOCK_SKEW: Final = timedelta(minutes=10)


class CircuitBreaker:
    """Stops pushes to a channel's Picqer account while it does not answer.

    Closed: `allowance` is the usual number of orders. Open: none. Half open, after the waiting
    time: one order, whose outcome closes or opens the circuit.
    """

    def is_open(self, channel: str) -> bool:
        return ChannelState.objects.filter(channel=channel, open_until__gt=timezone.now()).exists()

    def open_until(self, channels: Collection[str]) -> datetime | None:
        """Return until when the circuit of one of the channels is open; None if all are closed."""
        rows = ChannelState.objects.filter(channel__in=channels, open_until__gt=timezone.now())
        until: datetime | None = rows.aggregate(until=Max("open_until"))["until"]
        return until

    def allowance(self, channel: str, usual: int) -> int:
        """Return how many orders may be pushed now."""
        rows = ChannelState.objects.filter(channel=channel, open_until__isnull=False)
        until = rows.values_list("open_until", flat=True).first()
        if until is None:
            return usual
        return 0 if until > timezone.now() else 1

    def last_failed(self, channel: str) -> str:
        """Return the pk of the order that got no answer last; empty after a success."""
        rows = ChannelState.objects.filter(channel=channel)
        return rows.values_list("last_failed_order", flat=True).first() or ""

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
            failing_since=Coalesce("failing_since", timezone.now()),
        )

    def record_success(self, channel: str) -> bool:
        """Close the circuit; True if the circuit was open. Takes one statement after a success."""
        failing = Q(consecutive_failures__gt=0) | Q(open_until__isnull=False)
        state = ChannelState.objects.filter(failing, channel=channel).first()
        if state is None:
            return False
        ChannelState.objects.filter(pk=state.pk).update(
            consecutive_failures=0, last_failed_order="", open_until=None, failing_since=None
        )
        return state.open_until is not None


class Watermark:
    """The start of Picqer's responsibility for a channel, and the time of the last sweep."""

    def start(self, channel: str, public_address: str, account: str) -> None:
        """Set both times to now, unless the plugin was active in the channel before."""
        # While the plugin is off nothing is swept, so switching it on again loses no change.
        now = timezone.now()
        present = {"account": account, "public_address": public_address}
        _, is_new = ChannelState.objects.get_or_create(
            channel=channel, defaults={**present, "orders_from": now, "swept_until": now}
        )
        if not is_new:
            ChannelState.objects.filter(channel=channel).update(**present)

    def orders_from(self, channel: str) -> datetime | None:
        """Return the moment from which on Picqer handles the channel's orders."""
        rows = ChannelState.objects.filter(channel=channel)
        return rows.values_list("orders_from", flat=True).first()

    def switched_on_at(self, channel: str) -> datetime | None:
        """Return when the plugin was first switched on in the channel."""
        rows = ChannelState.objects.filter(channel=channel)
        return rows.values_list("created_at", flat=True).first()

    def unseen_since(self, channel: str, public_address: str) -> datetime:
        """Return the earliest time stamp that a change not seen yet can have."""
        now = timezone.now()
        # A plugin that was switched on without saving its settings has no row yet.
        state, _ = ChannelState.objects.get_or_create(
            channel=channel,
            defaults={"public_address": public_address, "orders_from": now, "swept_until": now},
        )
        return state.swept_until - CLOCK_SKEW

    def set_swept_until(self, channel: str, until: datetime) -> None:
        ChannelState.objects.filter(channel=channel).update(swept_until=until)

    def reach_back(self, channel: str, until: datetime) -> None:
        """Have changes since an earlier moment looked at again."""
        rows = ChannelState.objects.filter(channel=channel)
        rows.update(swept_until=Least("swept_until", until))

    def addresses(self) -> Mapping[str, str]:
        """Return the public address at which the plugin was switched on, by channel."""
        return dict(ChannelState.objects.values_list("channel", "public_address"))

    def account(self, channel: str) -> str:
        """Return the Picqer account of the channel's last saved settings, or an empty text."""
        rows = ChannelState.objects.filter(channel=channel)
        return rows.values_list("account", flat=True).first() or ""

    def forget(self, channel: str) -> None:
        """Delete the state of a channel that no longer exists."""
        ChannelState.objects.filter(channel=channel).delete()


def oldest_open_transaction() -> datetime:
    """Return when the oldest open transaction began, or the present without one.

    Every change with an earlier time stamp is visible, as far as clocks agree.
    """
    # Times of other users' transactions are hidden from this one; Saleor uses a single user.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        moment: datetime = cursor.fetchone()[0]
    return moment


def read_state(channel: str, using: str) -> ChannelState | None:
    """Return the state of a channel; None if the plugin was never active in the channel."""
    return ChannelState.objects.using(using).filter(channel=channel).first()
