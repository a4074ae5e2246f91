"""The README's generated parts, and the tables behind these parts."""

from __future__ import annotations

import re

from picqer_simulator import documentation
from picqer_simulator.http.fulfilment_keys import ALLOWED
from picqer_simulator.http.routes import NOT_SIMULATED, ROUTES


def test_generated_parts_of_the_readme_are_current() -> None:
    readme = documentation.README.read_text()

    assert documentation.render(readme) == readme


def test_readme_begins_with_the_limits_of_the_simulator() -> None:
    headings = re.findall(r"^#+ (.*)$", documentation.README.read_text(), flags=re.MULTILINE)

    assert headings[1] == "What it does not do"


def test_endpoints_are_listed_once() -> None:
    names = [route.name for route in ROUTES] + list(NOT_SIMULATED)

    assert len(set(names)) == len(names)


def test_fulfilment_keys_name_existing_endpoints() -> None:
    assert {route.name for route in ROUTES} >= ALLOWED
