"""Run a command with PostgreSQL and Redis, which stop when it ends. Use:

    python -m devtools [--name NAME] -- COMMAND...
    python -m devtools [--name NAME] --stop

The command finds them in DATABASE_URL and REDIS_URL; what these name already is used as it is.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from devtools import ServiceError, Supervisor, start_services
from devtools.instance import stop
from devtools.processes import die_with_parent


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parse(arguments)
    if options.stop:
        stop(options.name or "*")
        return 0
    try:
        with Supervisor(options.name or "shell") as supervisor:
            status = _run(options.command, start_services(supervisor))
            supervisor.check()
            return status
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m devtools",
        description="Run a command with PostgreSQL and Redis, and stop them afterwards.",
    )
    parser.add_argument("--name", help="whose data and logs (default: shell)")
    parser.add_argument("--stop", action="store_true", help="stop what runs (under this name)")
    parser.add_argument("command", nargs="*", help="after --")
    options = parser.parse_args(arguments)
    if not options.stop and not options.command:
        parser.error("give a command after --")
    return options


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run in our own process group, which a terminal's Ctrl-C reaches; return the status."""
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - we have no threads
    ) as popen:
        try:
            status = popen.wait()
        except KeyboardInterrupt:
            popen.wait()
            raise
        except SystemExit:
            popen.terminate()
            raise
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
