"""`manage.py picqer check`: what Picqer says of the key, its rights and our webhooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from saleor_picqer import wiring
from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.errors import IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import ChannelAction
from saleor_picqer.picqer.inspection import inspect


class Check(ChannelAction):
    name = "check"
    help = "who the API key is, what it may not do, hooks"

    def run(self, options: Mapping[str, Any]) -> None:
        self.for_each(options["channel"], self._check, "Not in order:")

    def _check(self, channel: str) -> bool:
        """True when the key works and lacks no right, and every hook is active."""
        try:
            found = inspect(wiring.build_account(wiring.load_settings(channel)))
        except IntegrationError as error:
            self.stderr.write(f"{channel}: {error.explain()}")
            return False
        address = host().channels.webhook_url(channel)
        active = {hook.event for hook in found.hooks if hook.address == address and hook.active}
        missing_hooks = [event for event in EVENTS if event not in active]
        self.stdout.write(f"{channel}: key of {found.user or 'somebody it may not tell'}")
        self.stdout.write(f"  limit    {found.limit} requests per minute, {found.remaining} left")
        self.stdout.write(f"  rights   {_listed('missing: ', found.missing) or 'all there'}")
        self.stdout.write(f"  webhooks {_listed('missing: ', missing_hooks) or 'all active'}")
        return not found.missing and not missing_hooks


def _listed(prefix: str, items: Collection[str]) -> str:
    return prefix + ", ".join(items) if items else ""
