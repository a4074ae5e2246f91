"""Start the demo's servers on loopback, and connect the plugin to Picqer."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools import ServiceError, Supervisor, start_services
from devtools.instance import LOCAL
from devtools.processes import ProcessError, die_with_parent
from example_project import catalogue, people
from example_project.demo import programs
from example_project.demo.checks import Checks
from example_project.demo.console import DemoConsole, Step
from example_project.demo.errors import DemoStoppedError
from example_project.demo.picqer import PicqerAccount
from example_project.demo.shop import InputError
from example_project.demo.staff import Staff
from example_project.demo.warehouse import ManualWarehouse, SimulatedWarehouse, Warehouse

ROOT = Path(__file__).resolve().parents[2]
SHOP_PORT, SIMULATOR_PORT = 8000, 8089
START_SECONDS = 120.0
# A change reaches the other system within a second, or with the plugin's next sweep.
CHANGE_SECONDS = 90.0

NEEDED_EVENTS = ("orders.status_changed", "picklists.closed", "products.free_stock_changed")
PAGES = "/plugins/global/picqer-global/app"
WRONG_API_KEY = "this-key-opens-nothing"


@dataclass(frozen=True)
class Servers:
    """The running shop and its Picqer account.

    `shop_url` is the shop's address for the demo, `public_url` the address for Picqer.
    """

    shop_url: str
    public_url: str
    account: PicqerAccount
    warehouse: Warehouse
    simulated: bool
    receives_webhooks: bool

    @property
    def pages_url(self) -> str:
        """Return the address of the plugin's pages for staff."""
        return f"{self.shop_url}{PAGES}"


@dataclass(frozen=True)
class Demo:
    """What every step of the demo works with."""

    servers: Servers
    console: DemoConsole
    checks: Checks
    staff: Staff

    def wait[T](
        self,
        step: Step,
        probe: Callable[[], T],
        done: Callable[[T], bool],
        seconds: float = CHANGE_SECONDS,
    ) -> T:
        """Probe until a result is `done`; see `DemoConsole.wait`."""
        return self.console.wait(step, probe, done, seconds)


@dataclass(frozen=True)
class ExistingAccount:
    """A Picqer account to use instead of the simulator, named by environment variables."""

    endpoint: str
    api_key: str
    public_url: str | None

    @classmethod
    def from_environment(cls) -> ExistingAccount | None:
        """Read the account. Raises ServiceError if only one variable is set."""
        endpoint, api_key = os.environ.get("PICQER_ENDPOINT"), os.environ.get("PICQER_API_KEY")
        if endpoint and api_key:
            return cls(endpoint, api_key, os.environ.get("PUBLIC_URL"))
        if endpoint or api_key:
            raise ServiceError("Set both PICQER_ENDPOINT and PICQER_API_KEY, or neither.")
        return None

    @property
    def data_name(self) -> str:
        # Every account gets a database of its own: ids of one account mean nothing in another.
        return "demo-" + self.endpoint.split("://")[-1].split("/")[0].replace(":", "-")


def start_servers(
    supervisor: Supervisor, console: DemoConsole, account: ExistingAccount | None
) -> Servers:
    """Start all servers. Raises ServiceError when a server does not start."""
    # The port is taken first, so that no other program has the address in the meantime.
    with programs.listen(SHOP_PORT) as listener:
        return _Starter(supervisor, console).start_all(account, listener)


class _Starter:
    """Starts the servers in order; the supervisor stops all of them."""

    def __init__(self, supervisor: Supervisor, console: DemoConsole) -> None:
        self._supervisor = supervisor
        self._console = console

    def start_all(self, existing: ExistingAccount | None, listener: socket.socket) -> Servers:
        shop_url = programs.url_of(listener)
        public_url = (existing and existing.public_url) or shop_url
        environment = self._start_services() | programs.shop_environment(public_url)
        self._set_up_shop(environment)
        account: PicqerAccount
        warehouse: Warehouse
        if existing:
            account = PicqerAccount(existing.endpoint, existing.api_key)
            warehouse = ManualWarehouse(existing.endpoint)
        else:
            account, warehouse = self._start_simulator()
        self._start_saleor(environment, listener)
        return Servers(
            shop_url,
            public_url,
            account,
            warehouse,
            simulated=existing is None,
            receives_webhooks=existing is None or existing.public_url is not None,
        )

    def _start_services(self) -> dict[str, str]:
        with self._console.step("Start PostgreSQL and Redis") as step:
            step.spin()
            return start_services(self._supervisor)

    def _set_up_shop(self, environment: Mapping[str, str]) -> None:
        with self._console.step("Migrate and fill the shop's database") as step:
            log = self._supervisor.logs / "set-up.log"
            _run("set-up", programs.set_up_command(), environment, log, step)

    def _start_simulator(self) -> tuple[PicqerAccount, SimulatedWarehouse]:
        with programs.listen(SIMULATOR_PORT) as listener:
            url, port = programs.url_of(listener), listener.getsockname()[1]
        # A new key for each run: another simulator on the same port is not taken for ours.
        account, warehouse = PicqerAccount(url, secrets.token_urlsafe(12)), SimulatedWarehouse(url)
        with self._console.step("Start the Picqer simulator") as step:
            self._start(
                step,
                "simulator",
                programs.simulator_command(port, account.api_key, LOCAL / "simulator.json"),
                healthy=programs.answers(f"{url}/api/v1/warehouses", account.api_key),
            )
            if not account.warehouses():
                warehouse.open()
        return account, warehouse

    def _start_saleor(self, environment: Mapping[str, str], listener: socket.socket) -> None:
        with self._console.step("Start Saleor's Celery worker and web server") as step:
            # No health check: the worker's first task waits until the worker is ready.
            self._start(
                step,
                "worker",
                programs.worker_command(self._supervisor.logs),
                environment=environment,
            )
            self._start(
                step,
                "web",
                programs.web_command(listener.fileno()),
                environment=environment,
                healthy=programs.answers(f"{programs.url_of(listener)}/health/"),
                pass_fds=[listener.fileno()],
            )

    def _start(
        self,
        step: Step,
        name: str,
        command: list[str],
        *,
        environment: Mapping[str, str] | None = None,
        healthy: Callable[[], bool] = lambda: True,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start a program and wait until it is healthy."""

        def healthy_with_spinner() -> bool:
            step.spin()
            return healthy()

        self._supervisor.start(
            name,
            command,
            env=environment,
            cwd=ROOT,
            healthy=healthy_with_spinner,
            timeout=START_SECONDS,
            pass_fds=pass_fds,
        )


def refuse_wrong_api_key(demo: Demo) -> None:
    """Check that the plugin refuses an API key unknown to Picqer."""
    with demo.console.step("Save the plugin's settings with a wrong API key") as step:
        errors = _save_settings(demo, WRONG_API_KEY)
        step.note(f"refused: {_listed(errors)}")
    fields = [error.field for error in errors]
    demo.checks.equal("Wrong API key refused", "apiKey", ", ".join(map(str, fields)))


def configure_plugin(demo: Demo) -> None:
    """Save the right settings and switch the plugin on. Raises DemoStoppedError if refused."""
    with demo.console.step("Save the settings with the right key and switch the plugin on"):
        if errors := _save_settings(demo, demo.servers.account.api_key):
            raise DemoStoppedError(f"The settings were refused: {_listed(errors)}")


def check_hooks(demo: Demo) -> None:
    """Check that Picqer has the plugin's webhooks to the shop's public address."""
    with demo.console.step("Wait until the webhooks are registered in Picqer") as step:
        # The first task of the worker, which may still be starting.
        events = demo.wait(
            step,
            lambda: demo.servers.account.active_hooks(demo.servers.public_url),
            lambda found: set(NEEDED_EVENTS) <= set(found),
            START_SECONDS,
        )
        step.note(", ".join(events))
    missing = set(NEEDED_EVENTS) - set(events)
    demo.checks.equal("Webhooks missing", "none", ", ".join(sorted(missing)) or "none")


def check_pages(demo: Demo) -> None:
    """Check that the shop serves the plugin's page for staff, with the page's script."""
    page = demo.staff.read(PAGES)
    script = re.search(r'src="([^"]+\.js)"', page)
    demo.checks.equal("Page for staff", "<title>Picqer</title>", _title(page))
    loaded = demo.staff.read(script[1]) if script else ""
    demo.checks.equal("Script of the page", True, "import" in loaded)


def _title(page: str) -> str:
    found = re.search(r"<title>.*?</title>", page)
    return found[0] if found else page[:60]


def _save_settings(demo: Demo, api_key: str) -> list[InputError]:
    settings = {
        "endpoint": demo.servers.account.endpoint,
        "api_key": api_key,
        "storefront": catalogue.SHOP_NAME,
        "contact_email": people.OWNER.email,
        "shipping_methods": catalogue.PARCEL.name,
        "default_vat_rate": "9",
    }
    return demo.staff.configure_picqer(settings)


def _listed(errors: list[InputError]) -> str:
    return "; ".join(map(str, errors)) or "no errors"


def _run(name: str, command: list[str], env: Mapping[str, str], log: Path, step: Step) -> None:
    """Run a program to the end; show the last line of output. Raises ProcessError on failure."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            env={**os.environ, **env},
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - we have no threads
        ) as popen,
    ):
        while popen.poll() is None:
            lines = log.read_text(errors="replace").splitlines()
            step.show(lines[-1].strip() if lines else "")
            step.rest(0.2)
    if popen.returncode:
        raise ProcessError(name, f"ended with status {popen.returncode}", log)
