"""`manage.py picqer confirm-address`: let the plugin work at a new public address of the shop."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from saleor_picqer import connection, tasks, wiring
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand


class ConfirmAddress(Subcommand):
    name = "confirm-address"
    help = "let the plugin work at the present public address of Saleor"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--moved",
            action="store_true",
            help="the shop has moved: remove the webhooks of the former address from Picqer",
        )
        which.add_argument(
            "--copy",
            action="store_true",
            help="this is a copy that may use the same Picqer account: leave the original alone",
        )

    def run(self, options: Mapping[str, Any]) -> None:
        addresses, slugs = wiring.watermark.addresses(), host().channels.slugs()
        channels = [pk for pk in addresses if pk in slugs and wiring.is_copy(pk)]
        if not channels:
            raise CommandError("The plugin works at this public address already.")
        for channel in channels:
            connection.confirm_address(channel, moved=options["moved"])
            self.stdout.write(f"{slugs[channel]}: {host().channels.public_address()}")
        for pk in wiring.hook_registrations.due():
            tasks.enqueue(tasks.sync_hooks, pk)
