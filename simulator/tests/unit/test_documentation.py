from __future__ import annotations

import re

from picqer_simulator import documentation
from picqer_simulator.http.fulfilment_keys import ALLOWED
from picqer_simulator.http.routes import NOT_SIMULATED, ROUTES


def test_the_generated_parts_of_the_readme_are_current() -> None:
    readme = documentation.README.read_text()

    assert documentation.render(readme) == readme


def test_the_first_thing_the_readme_says_is_what_the_simulator_does_not_do() -> None:
    headings = re.findall(r"^#+ (.*)$", documentation.README.read_text(), flags=re.MULTILINE)

    assert headings[1] == "What it does not do"


def test_no_endpoint_is_listed_twice() -> None:
    names = [route.name for route in ROUTES] + list(NOT_SIMULATED)

    assert len(set(names)) == len(names)


def test_the_fulfilment_list_names_existing_endpoints() -> None:
    assert {route.name for route in ROUTES} >= ALLOWED
