"""Saleor, one adapter per line behind one port (`sync.ports.Shop` and `hosts.base.Host`).

Nothing outside this package asks which line it runs in.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saleor_picqer.hosts.common.host import Host

_IS_SALEOR_3 = find_spec("saleor.permission") is not None


@cache
def host() -> Host:
    """The adapter for the Saleor that is installed; importable once Django's models are."""
    if _IS_SALEOR_3:
        from saleor_picqer.hosts.saleor3.host import Saleor3

        return Saleor3()
    from saleor_picqer.hosts.saleor2.host import Saleor2

    return Saleor2()


def plugin_hooks() -> type[Any]:
    """Mixin with the hooks that only some lines have, in terms of `PicqerPlugin`'s own methods."""
    if _IS_SALEOR_3:
        from saleor_picqer.hosts.saleor3.hooks import Saleor3Hooks

        return Saleor3Hooks
    from saleor_picqer.hosts.saleor2.signals import Saleor2Hooks

    return Saleor2Hooks
