"""Apply every migration, Saleor's and ours, to an empty database; no model may lack one."""

import os

import django
from django.core.management import call_command
from django.db import connection


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
    django.setup()
    call_command("makemigrations", "saleor_picqer", check_changes=True, dry_run=True)
    database = connection.settings_dict["NAME"]
    connection.creation.create_test_db(autoclobber=True, serialize=False)
    connection.creation.destroy_test_db(database)


if __name__ == "__main__":
    main()
