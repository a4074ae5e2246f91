"""Write saleor_picqer/graphql/schema.graphql, the plugin's part of Saleor's GraphQL schema."""

import os

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
    django.setup()
    # Importable only once Django is set up.
    from saleor.graphql.api import schema  # noqa: PLC0415

    from saleor_picqer.graphql.sdl import SCHEMA_FILE, print_schema  # noqa: PLC0415

    SCHEMA_FILE.write_text(print_schema(schema))


if __name__ == "__main__":
    main()
