"""How the story ends: what was checked, what the logs say, and where everything is."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from devtools import ServiceError
from example_project import people
from example_project.demo.checks import Checks
from example_project.demo.narration import Narrator
from example_project.demo.selling import MAILS
from example_project.demo.stage import Stage

LOG_LINES = 25


def show_checks(narrator: Narrator, checks: Checks) -> None:
    narrator.chapter("What was checked")
    narrator.console.print(checks.table())
    if checks.failed:
        narrator.console.print(f"[bold red]{len(checks.failed)} of {len(checks.done)} are off.")
    else:
        narrator.console.print(f"[bold green]All {len(checks.done)} are as expected.")


def show_logs(narrator: Narrator, folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        narrator.chapter(f"The end of {log}")
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        narrator.console.print(Text("\n".join(lines)), soft_wrap=True)


def show_failure(console: Console, error: ServiceError) -> None:
    """The first line of the message says what it was, the rest is from a log."""
    what, _, details = str(error).partition("\n")
    console.print(Text(f"\n{what}", "bold red"), soft_wrap=True)
    console.print(Text(details), soft_wrap=True)


def tracebacks(folder: Path) -> str:
    """Names of the logs that hold any, e.g. "web.log, worker.log"; a good run leaves none."""
    logs = sorted(folder.glob("*.log"))
    return ", ".join(log.name for log in logs if "Traceback" in log.read_text(errors="replace"))


def show_addresses(narrator: Narrator, stage: Stage, logs: Path) -> None:
    narrator.chapter("What is running")
    table = Table(show_header=False, box=None)
    for name, where in _addresses(stage, logs).items():
        table.add_row(Text(name, "bold"), Text(where))
    narrator.console.print(table)
    narrator.console.print("\nEverything stops with Ctrl-C.", style="bold")


def _addresses(stage: Stage, logs: Path) -> dict[str, str]:
    """The key of somebody's account is theirs to know; the simulator's is nobody's secret."""
    people_here = [people.OWNER, people.WAREHOUSE_HAND, *people.CUSTOMERS]
    logins = {person.name: f"{person.email} / {person.password}" for person in people_here}
    simulator = {
        "Simulator's API key": stage.account.api_key,
        "Simulator's controls": f"{stage.account.endpoint}/_simulator/",
    }
    return {
        "Shop, GraphQL": f"{stage.shop_url}/graphql/",
        "Picqer": f"{stage.account.endpoint}/api/v1/",
        **(simulator if stage.simulated else {}),
        **logins,
        "Mails": str(MAILS),
        "Logs": str(logs),
    }
