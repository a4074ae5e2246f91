"""Run the demo: `python -m example_project.demo [--check]`."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from devtools import ServiceError, Supervisor
from example_project.demo.console import DemoConsole
from example_project.demo.report import show_failure
from example_project.demo.run import run_demo
from example_project.demo.setup import ExistingAccount


def main() -> int:
    """Run the demo and return the exit status."""
    options, console = _options(), Console()
    try:
        account = ExistingAccount.from_environment()
        with Supervisor(account.data_name if account else "demo") as supervisor:
            demo_console = DemoConsole(console, supervisor.check)
            return run_demo(supervisor, demo_console, account, keep_running=not options.check)
    except KeyboardInterrupt:
        console.print("Stopped before the demo was complete.", style="bold")
        return 130
    except ServiceError as error:
        show_failure(console, error)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m example_project.demo",
        description="Start a shop with the plugin and a simulated Picqer, and follow an order.",
        epilog="PICQER_ENDPOINT and PICQER_API_KEY name an account to use instead of the"
        " simulator; PUBLIC_URL is the address at which Picqer reaches this shop.",
    )
    parser.add_argument("--check", action="store_true", help="stop after the checks")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
