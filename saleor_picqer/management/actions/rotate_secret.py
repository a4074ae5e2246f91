"""`manage.py picqer rotate-secret`: sign Picqer's webhooks with a new secret."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from saleor_picqer import tasks, wiring
from saleor_picqer.management.actions.base import ChannelSubcommand


class RotateSecret(ChannelSubcommand):
    name = "rotate-secret"
    help = "replace the secret with which Picqer signs webhooks, and register the webhooks again"
    failure = "The webhooks could not be replaced yet, and the sweeper tries again, in"

    _leaked = False

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--leaked",
            action="store_true",
            help="refuse former secrets at once, also for deliveries that Picqer repeats",
        )

    def run(self, options: Mapping[str, Any]) -> None:
        self._leaked = options["leaked"]
        super().run(options)

    def run_in(self, channel: str, slug: str) -> bool:
        account = wiring.watermark.account(channel)
        wiring.hook_registrations.mark_stale(channel, account)
        if self._leaked:
            wiring.hook_registrations.replace_leaked(channel, account)
        else:
            wiring.hook_registrations.rotate(channel, account)
        registration = wiring.hook_registrations.open(channel, account)
        tasks.sync_hooks(registration.pk)
        done = wiring.hook_registrations.get(registration.pk) is None
        if done:
            self.stdout.write(f"{slug}: the webhooks have a new secret")
        return done
