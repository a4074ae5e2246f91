"""`django-admin set_up_shop`: a migrated database with the example shop in it."""

from typing import Any

from django.contrib.sites.models import Site
from django.core.management import call_command
from django.core.management.base import BaseCommand

from example_project.seed import seed
from saleor_picqer.models import SyncRun


class Command(BaseCommand):
    help = "Migrate, then add what the example shop still lacks. Running it again is harmless."
    # They build Saleor's GraphQL schema, which this command has no use for.
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", stdout=self.stdout)
        # The migrations have left the site there as they know it, not as the shop does.
        Site.objects.clear_cache()
        self.stdout.write("Filling the shop")
        seed()
        # No worker runs yet: a full sync that says it is under way was interrupted.
        SyncRun.objects.filter(status=SyncRun.Status.RUNNING).update(status=SyncRun.Status.FAILED)
