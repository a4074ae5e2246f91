"""PostgreSQL, Redis and the processes beside them: real servers that need nothing installed. Use:

with Supervisor("demo") as supervisor:
    environment = start_services(supervisor)  # {"DATABASE_URL": ..., "REDIS_URL": ...}
    supervisor.start("worker", ["celery", ...], env=environment)
"""

from devtools import postgres, redis
from devtools.instance import ServiceError
from devtools.processes import Supervisor

__all__ = ["ServiceError", "Supervisor", "start_services"]


def start_services(supervisor: Supervisor) -> dict[str, str]:
    """Start both, or take what DATABASE_URL and REDIS_URL name; return these two variables.

    Raises ServiceError.
    """
    return {
        "DATABASE_URL": postgres.start(supervisor),
        "REDIS_URL": redis.start(supervisor),
    }
