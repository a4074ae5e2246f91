"""Ports stay small: a use case sees what one topic needs."""

from __future__ import annotations

import inspect

import pytest

from saleor_picqer.sync.ports import catalogue, context, picqer, runs, shop, state

LARGEST = 9
PORTS = [
    port
    for module in (catalogue, context, picqer, runs, shop, state)
    for _, port in inspect.getmembers(module, inspect.isclass)
    if port.__module__ == module.__name__ and getattr(port, "_is_protocol", False)
]


def test_ports_are_found() -> None:
    assert len(PORTS) > 5


@pytest.mark.parametrize("port", PORTS, ids=lambda port: str(port.__name__))
def test_port_has_at_most_nine_methods(port: type) -> None:
    methods = [name for name, member in vars(port).items() if inspect.isfunction(member)]

    assert len([name for name in methods if not name.startswith("_")]) <= LARGEST
