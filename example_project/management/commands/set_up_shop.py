"""`django-admin set_up_shop`: migrate the database and fill the example shop."""

from __future__ import annotations

from typing import Any

from django.contrib.sites.models import Site
from django.core.management import call_command
from django.core.management.base import BaseCommand

from example_project.seed import seed
from saleor_picqer.store import runs


class Command(BaseCommand):
    help = "Migrate the database, then create missing data of the example shop. Safe to repeat."
    # The checks would build Saleor's GraphQL schema, which takes seconds.
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", stdout=self.stdout)
        # The migrations have cached a site object without the columns of later migrations.
        Site.objects.clear_cache()
        self.stdout.write("Filling the shop")
        seed()
        # No worker runs yet: a full sync that is marked as running was interrupted.
        runs.abandon_running()
