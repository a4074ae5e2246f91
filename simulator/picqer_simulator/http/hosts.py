"""The Host header check: protection against DNS rebinding."""

from __future__ import annotations

import re
from collections.abc import Collection

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:/@\[\]]+?))\.?(?::\d*)?")


def is_allowed(header: str, extra: Collection[str] = ()) -> bool:
    """Return whether a Host header holds a loopback name or a name in `extra`, with any port."""
    # A web page cannot choose the Host header of its requests: the browser sends the name in the
    # page's own address, also where an attacker's DNS server has pointed the name to 127.0.0.1.
    found = _HOST.fullmatch(header.lower())
    if found is None:
        return False
    name = found[1] or found[2]
    return name in LOOPBACK or name in {host.lower() for host in extra}


def refusal_text(header: str) -> str:
    """Return the message for a refused host name."""
    return (
        f"The simulator does not answer to the host name {header!r}. Use localhost or 127.0.0.1, "
        "or start the simulator with --allow-host NAME.\n"
    )
