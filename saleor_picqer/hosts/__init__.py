"""Adapters to Saleor, one folder per line. Only this package may ask for Saleor's version."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saleor_picqer.hosts.common.host import Host


@cache
def host() -> Host:
    """Return the adapter to the installed Saleor. Call only after Django has loaded its models."""
    # A module that exists in Saleor 3 only: cheaper than reading and parsing the version.
    if find_spec("saleor.permission") is not None:
        from saleor_picqer.hosts.saleor3.host import build_host
    else:
        from saleor_picqer.hosts.saleor2.host import build_host
    return build_host()
