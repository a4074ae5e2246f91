"""The plugin's part of Saleor's GraphQL schema."""

from __future__ import annotations

from saleor.graphql.api import schema

from saleor_picqer.graphql.sdl import SCHEMA_FILE, print_schema


def test_schema_is_the_committed_one_on_every_line() -> None:
    assert print_schema(schema) == SCHEMA_FILE.read_text(), "run `make schema` and commit the file"
