"""Check that no model lacks a migration, and apply all migrations to an empty database."""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from django.db import connection


def main() -> None:
    """Run both checks. Raises an exception or exits when one fails."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
    django.setup()
    call_command("makemigrations", "saleor_picqer", check_changes=True, dry_run=True)
    database = connection.settings_dict["NAME"]
    connection.creation.create_test_db(autoclobber=True, serialize=False)
    connection.creation.destroy_test_db(database)


if __name__ == "__main__":
    main()
