"""Run a command with PostgreSQL and Redis, and stop both servers when the command ends.

    python -m devtools [--name NAME] -- COMMAND...
    python -m devtools [--name NAME] --stop

The command gets the addresses in DATABASE_URL and REDIS_URL. If a variable is set already, the
server that it names is used.
"""

from __future__ import annotations

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
    """Run or stop, as the arguments say; return the exit status."""
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
    parser.add_argument("--name", help="name of the data and log folders (default: shell)")
    parser.add_argument(
        "--stop", action="store_true", help="stop the run with the name, or all runs"
    )
    parser.add_argument("command", nargs="*", help="the command to run, after --")
    options = parser.parse_args(arguments)
    if not options.stop and not options.command:
        parser.error("Give a command after --, or --stop.")
    return options


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command and return its exit status."""
    # The command stays in the process group of this process, which a terminal's Ctrl-C reaches.
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
