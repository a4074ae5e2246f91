"""Since when a channel's orders are ours, how far they were looked through, whether its Picqer
account can be reached at all, and whether its webhooks are in order there.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from saleor_picqer.domain.outbox import pause_after
from saleor_picqer.models import ChannelState


class Channels:
    """The states of the channels on the table `ChannelState`."""

    def switched_on(self, channel: str) -> None:
        """Orders count from the first time that the plugin is switched on.

        While it is off nothing is looked through, so that switching it on again loses none.
        """
        now = timezone.now()
        ChannelState.objects.get_or_create(
            channel=channel, defaults={"orders_from": now, "orders_seen": now}
        )

    def orders_from(self, channel: str) -> datetime | None:
        rows = ChannelState.objects.filter(channel=channel)
        return rows.values_list("orders_from", flat=True).first()

    def orders_seen(self, channel: str) -> datetime:
        """Everything that happened before has been looked through."""
        self.switched_on(channel)
        return ChannelState.objects.get(channel=channel).orders_seen

    def saw_orders(self, channel: str, until: datetime) -> None:
        ChannelState.objects.filter(channel=channel).update(orders_seen=until)

    def paused(self, channel: str) -> bool:
        """Whether Picqer has been silent so often that it is left alone for now."""
        return ChannelState.objects.filter(
            channel=channel, paused_until__gt=timezone.now()
        ).exists()

    def room(self, channel: str, usual: int) -> int:
        """How many orders may be taken up now: none in a pause, then one to see whether it is over,
        and the usual number once Picqer has answered that.
        """
        rows = ChannelState.objects.filter(channel=channel, paused_until__isnull=False)
        until = rows.values_list("paused_until", flat=True).first()
        if until is None:
            return usual
        return 0 if until > timezone.now() else 1

    def heard_nothing(self, channel: str, order_pk: str) -> None:
        """Picqer was silent on this order; several attempts at one order count once.

        Otherwise an order that Picqer stumbles over would hold up all the others.
        """
        state = ChannelState.objects.filter(channel=channel).exclude(silent_for=order_pk).first()
        if state is None:
            return
        pause = pause_after(state.silences + 1)
        ChannelState.objects.filter(pk=state.pk).update(
            silences=state.silences + 1,
            silent_for=order_pk,
            paused_until=None if pause is None else timezone.now() + pause,
        )

    def heard(self, channel: str) -> bool:
        """Picqer answered; whether that ends a pause. One statement where it was not silent."""
        silent = Q(silences__gt=0) | Q(paused_until__isnull=False)
        state = ChannelState.objects.filter(silent, channel=channel).first()
        if state is None:
            return False
        ChannelState.objects.filter(pk=state.pk).update(
            silences=0, silent_for="", paused_until=None
        )
        return state.paused_until is not None

    def want_hooks(self, channel: str) -> None:
        """Somebody has to see to the channel's webhooks; nothing where it never was switched on."""
        ChannelState.objects.filter(channel=channel).update(hooks_due=True)

    def have_hooks(self, channel: str) -> None:
        """They are in order."""
        ChannelState.objects.filter(channel=channel).update(hooks_due=False)

    def wanting_hooks(self) -> list[str]:
        rows = ChannelState.objects.filter(hooks_due=True).order_by("channel")
        return list(rows.values_list("channel", flat=True))
