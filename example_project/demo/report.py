"""Report the result of the demo: checks, logs of failures, addresses and logins."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from devtools import ServiceError
from example_project import people
from example_project.demo.console import DemoConsole
from example_project.demo.setup import Demo, Servers
from example_project.demo.shipping import MAILS

LOG_LINES = 25


def report_checks(demo: Demo, logs: Path, *, completed: bool) -> bool:
    """Print all checks, and the logs after a failure. Return True if everything has passed."""
    checks, console = demo.checks, demo.console
    checks.equal("Tracebacks in the logs", "none", tracebacks(logs) or "none")
    console.heading("Results")
    console.rich.print(checks.table())
    if checks.failed:
        console.rich.print(f"[bold red]{len(checks.failed)} of {len(checks.done)} checks failed.")
    else:
        console.rich.print(f"[bold green]All {len(checks.done)} checks passed.")
    passed = completed and not checks.failed
    if not passed:
        show_logs(console, logs)
    return passed


def show_logs(console: DemoConsole, folder: Path) -> None:
    """Print the last lines of every log."""
    for log in sorted(folder.glob("*.log")):
        console.heading(f"Last lines of {log}")
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        console.rich.print(Text("\n".join(lines)), soft_wrap=True)


def show_failure(console: Console, error: ServiceError) -> None:
    """Print the error: the first line of its message in red, the rest as an excerpt of a log."""
    what, _, details = str(error).partition("\n")
    console.print(Text(f"\n{what}", "bold red"), soft_wrap=True)
    console.print(Text(details), soft_wrap=True)


def tracebacks(folder: Path) -> str:
    """Return the names of logs with a traceback, e.g. "web.log, worker.log"."""
    logs = sorted(folder.glob("*.log"))
    return ", ".join(log.name for log in logs if "Traceback" in log.read_text(errors="replace"))


def show_addresses(console: DemoConsole, servers: Servers, logs: Path) -> None:
    """Print the addresses, logins and folders of the running demo."""
    console.heading("Running now")
    table = Table(show_header=False, box=None)
    for name, address in _addresses(servers, logs).items():
        table.add_row(Text(name, "bold"), Text(address))
    console.rich.print(table)
    console.rich.print("\nPress Ctrl-C to stop everything.", style="bold")


def _addresses(servers: Servers, logs: Path) -> dict[str, str]:
    logins = {
        person.name: f"{person.email} / {person.password}"
        for person in (people.OWNER, people.WAREHOUSE_HAND, *people.CUSTOMERS)
    }
    # The key of an existing account is a secret; the simulator's key opens nothing else.
    simulator = {
        "Simulator's API key": servers.account.api_key,
        "Simulator's controls": f"{servers.account.endpoint}/_simulator/",
    }
    return {
        "Shop, GraphQL": f"{servers.shop_url}/graphql/",
        "Picqer in the shop": f"{servers.pages_url} (sign in as the owner)",
        "Picqer": f"{servers.account.endpoint}/api/v1/",
        **(simulator if servers.simulated else {}),
        **logins,
        "Mails": str(MAILS),
        "Logs": str(logs),
    }
