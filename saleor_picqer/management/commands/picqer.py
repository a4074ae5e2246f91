"""`manage.py picqer …`: the plugin's work in this process, for operators and for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand

from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand
from saleor_picqer.management.actions.confirm_address import ConfirmAddress
from saleor_picqer.management.actions.deliveries import Deliveries
from saleor_picqer.management.actions.doctor import Doctor
from saleor_picqer.management.actions.explain import Explain
from saleor_picqer.management.actions.orders import Orders
from saleor_picqer.management.actions.product import Product
from saleor_picqer.management.actions.products import Products
from saleor_picqer.management.actions.push import Push
from saleor_picqer.management.actions.reconcile import Reconcile
from saleor_picqer.management.actions.replay import Replay
from saleor_picqer.management.actions.retry import Retry
from saleor_picqer.management.actions.rotate_secret import RotateSecret
from saleor_picqer.management.actions.skip import Skip
from saleor_picqer.management.actions.sweep import Sweep
from saleor_picqer.management.actions.sync import Sync
from saleor_picqer.management.actions.warehouses import WarehousesPreview

SUBCOMMANDS: Final[tuple[type[Subcommand], ...]] = (
    Doctor,
    Sync,
    WarehousesPreview,
    Orders,
    Explain,
    Product,
    Products,
    Push,
    Retry,
    Skip,
    Reconcile,
    Deliveries,
    Replay,
    Sweep,
    RotateSecret,
    ConfirmAddress,
)


class Command(BaseCommand):
    help = "Checks and operates the integration of Saleor with Picqer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        subparsers = parser.add_subparsers(dest="subcommand", required=True)
        for subcommand in SUBCOMMANDS:
            subcommand.add_arguments(subparsers.add_parser(subcommand.name, help=subcommand.help))

    def handle(self, *_: Any, subcommand: str, **options: Any) -> None:
        (chosen,) = (one for one in SUBCOMMANDS if one.name == subcommand)
        with host().access.allow_db():
            chosen(self.stdout, self.stderr).run(options)
