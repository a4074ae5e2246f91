"""Run PostgreSQL, Redis and other processes for tests and demo, without installing servers.

with Supervisor("demo") as supervisor:
    environment = start_services(supervisor)  # {"DATABASE_URL": ..., "REDIS_URL": ...}
    supervisor.start("worker", ["celery", ...], env=environment)
"""

from __future__ import annotations

from devtools import postgres, redis
from devtools.instance import ServiceError
from devtools.processes import Supervisor

__all__ = ["ServiceError", "Supervisor", "start_services"]


def start_services(supervisor: Supervisor) -> dict[str, str]:
    """Start PostgreSQL and Redis; return their addresses as environment variables.

    A server named by DATABASE_URL or REDIS_URL is used instead. Raises ServiceError.
    """
    return {
        "DATABASE_URL": postgres.start(supervisor),
        "REDIS_URL": redis.start(supervisor),
    }
