"""Saleor starts, with the plugin's types if possible, when another app builds the schema first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SETTINGS = "tests.integration.support.early_settings"
# Starts Saleor, asks the schema of its GraphQL endpoint, and prints what it found as the last line.
PROGRAM = """
import json
import django

django.setup()

from django.core import checks
from django.urls import resolve, reverse
from saleor.graphql import api, views
from saleor_picqer.graphql.sdl import SCHEMA_FILE, print_schema

ASK = '{ __type(name: "Mutation") { fields { name } } }'
answer = resolve(reverse("api")).func.view_initkwargs["schema"].execute(ASK)
names = {field["name"] for field in answer.data["__type"]["fields"]}
found = {
    "saleor": "checkoutComplete" in names,
    "plugin": "picqerPushOrders" in names,
    "one_schema": getattr(views, "schema", api.schema) is api.schema,
    "checks": [message.id for message in checks.run_checks(tags=["picqer"])],
}
if found["plugin"]:
    found["complete"] = print_schema(api.schema) == SCHEMA_FILE.read_text()
print(json.dumps(found))
"""


def start_saleor(early_app: str) -> tuple[dict[str, Any], str]:
    """Return what the program found, and the log."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "EARLY_APP": early_app}
    command = [sys.executable, "-c", PROGRAM]
    result = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False, timeout=280
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found, result.stdout + result.stderr


def test_types_join_the_schema_when_it_is_built_before() -> None:
    """Failure mode F88."""
    found, log = start_saleor("builds the schema")

    assert found == {
        "saleor": True,
        "plugin": True,
        "complete": True,
        "one_schema": True,
        "checks": [],
    }
    assert "could not be built again" not in log


@pytest.mark.delivery  # each start of Saleor 3 takes half a minute
@pytest.mark.parametrize("early_app", ["prevents a second build", "serves its own schema"])
def test_saleor_starts_and_says_so_when_no_type_can_join(early_app: str) -> None:
    """Failure mode F88."""
    found, log = start_saleor(early_app)

    assert (found["saleor"], found["plugin"]) == (True, False)
    assert found["checks"] == ["saleor_picqer.W002"]
    if early_app == "prevents a second build":
        assert "starts without the plugin's queries and mutations" in log


def test_system_check_finds_nothing_when_the_schema_is_served() -> None:
    from saleor_picqer.apps import check_schema

    assert check_schema() == []
