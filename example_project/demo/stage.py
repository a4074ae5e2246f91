"""Sets the stage: servers, database, shop, Picqer and Saleor's processes, all on loopback."""

import os
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
from example_project.demo import programs
from example_project.demo.narration import Narrator, Step
from example_project.demo.picqer import Account
from example_project.demo.warehouse import Person, SimulatedWarehouse, Warehouse

ROOT = Path(__file__).resolve().parents[2]
SHOP_PORT, SIMULATOR_PORT = 8000, 8089
START_SECONDS = 120.0


@dataclass(frozen=True)
class Stage:
    """`shop_url` is where we reach the shop, `public_url` where Picqer does, if it does."""

    shop_url: str
    public_url: str
    account: Account
    warehouse: Warehouse
    simulated: bool
    hears_picqer: bool


@dataclass(frozen=True)
class Given:
    """The account to talk to instead of the simulator, from the environment."""

    endpoint: str
    api_key: str
    public_url: str | None

    @classmethod
    def from_environment(cls) -> "Given | None":
        """Raises ServiceError when only one half of an account is there."""
        endpoint, api_key = os.environ.get("PICQER_ENDPOINT"), os.environ.get("PICQER_API_KEY")
        if endpoint and api_key:
            return cls(endpoint, api_key, os.environ.get("PUBLIC_URL"))
        if endpoint or api_key:
            raise ServiceError("Set both PICQER_ENDPOINT and PICQER_API_KEY, or neither.")
        return None

    @property
    def name(self) -> str:
        """For the shop's data: what it knows of one account means nothing to another."""
        return "demo-" + self.endpoint.split("://")[-1].split("/")[0].replace(":", "-")


def set_stage(supervisor: Supervisor, narrator: Narrator, given: Given | None) -> Stage:
    """Raises ServiceError when something does not start."""
    # Taken first, so that nobody else has the address by the time the web server starts.
    with programs.listen(SHOP_PORT) as listener:
        return _StageHands(supervisor, narrator).set(given, listener)


class _StageHands:
    """Starts everything, in order; `supervisor` ends it."""

    def __init__(self, supervisor: Supervisor, narrator: Narrator) -> None:
        self._supervisor = supervisor
        self._narrator = narrator

    def set(self, given: Given | None, listener: socket.socket) -> Stage:
        shop_url = programs.url_of(listener)
        public_url = (given and given.public_url) or shop_url
        environment = self._services() | programs.shop_environment(public_url)
        self._shop(environment)
        account, warehouse = _account(given) if given else self._simulator()
        self._saleor(environment, listener)
        return Stage(
            shop_url,
            public_url,
            account,
            warehouse,
            simulated=given is None,
            hears_picqer=given is None or given.public_url is not None,
        )

    def _services(self) -> dict[str, str]:
        with self._narrator.step("PostgreSQL and Redis") as step:
            step.spin()
            return start_services(self._supervisor)

    def _shop(self, environment: Mapping[str, str]) -> None:
        with self._narrator.step("The shop's database, migrated and filled") as step:
            log = self._supervisor.logs / "set-up.log"
            _run("set-up", programs.set_up(), environment, log, step)

    def _simulator(self) -> tuple[Account, Warehouse]:
        with programs.listen(SIMULATOR_PORT) as listener:
            url, port = programs.url_of(listener), listener.getsockname()[1]
        # A key of its own for each run, so that no other simulator can be taken for ours.
        account, warehouse = Account(url, secrets.token_urlsafe(12)), SimulatedWarehouse(url)
        with self._narrator.step("The Picqer simulator") as step:
            self._start(
                step,
                "simulator",
                programs.simulator(port, account.api_key, LOCAL / "simulator.json"),
                healthy=programs.answers(f"{url}/api/v1/warehouses", account.api_key),
            )
            if not account.warehouses():
                warehouse.open()
        return account, warehouse

    def _saleor(self, environment: Mapping[str, str], listener: socket.socket) -> None:
        """The worker may take a moment longer: its first task waits for it."""
        with self._narrator.step("Saleor's Celery worker and web server") as step:
            self._start(
                step,
                "worker",
                programs.worker(self._supervisor.logs),
                environment=environment,
            )
            self._start(
                step,
                "web",
                programs.web(listener.fileno()),
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
        def healthy_meanwhile_spinning() -> bool:
            step.spin()
            return healthy()

        self._supervisor.start(
            name,
            command,
            env=environment,
            cwd=ROOT,
            healthy=healthy_meanwhile_spinning,
            timeout=START_SECONDS,
            pass_fds=pass_fds,
        )


def _account(given: Given) -> tuple[Account, Warehouse]:
    return Account(given.endpoint, given.api_key), Person(given.endpoint)


def _run(name: str, command: list[str], env: Mapping[str, str], log: Path, step: Step) -> None:
    """Run to the end, showing what it prints; raises ProcessError when it fails."""
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
