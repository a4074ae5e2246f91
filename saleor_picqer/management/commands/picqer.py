"""`manage.py picqer …`: the work of the tasks, in this process, for people and for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand

from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Action
from saleor_picqer.management.actions.check import Check
from saleor_picqer.management.actions.order_list import Orders
from saleor_picqer.management.actions.orders import Push, Retry, Skip
from saleor_picqer.management.actions.sweep import Sweep
from saleor_picqer.management.actions.sync import Sync

ACTIONS: Final[tuple[type[Action], ...]] = (Sweep, Sync, Check, Orders, Push, Retry, Skip)


class Command(BaseCommand):
    help = "Works on the integration with Picqer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for action in ACTIONS:
            action.add_arguments(actions.add_parser(action.name, help=action.help))

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        (chosen,) = (one for one in ACTIONS if one.name == action)
        with host().access.allow_db():
            chosen(self.stdout, self.stderr).run(options)
