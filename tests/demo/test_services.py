"""The services of devtools: no process outlives a run, and leftovers never block the next run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from devtools import ServiceError, Supervisor, instance, postgres
from devtools.instance import claim

# Each test starts real servers.
pytestmark = pytest.mark.slow

# Only one run at a time can have a name: each pytest-xdist worker takes a name of its own.
NAME = f"services-test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def start(script: str) -> subprocess.Popen[str]:
    """Start a shell script with the services, in a process group like that of a terminal."""
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "devtools", "--name", NAME, "--", "sh", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}},
        start_new_session=True,
        # Background jobs, e.g. in CI, ignore SIGINT; a terminal's foreground group does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def run(script: str) -> tuple[int, str]:
    """Run a shell script with the services; return its exit status and output."""
    with start(script) as process:
        output, _ = process.communicate(timeout=60)
    return process.returncode, output


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def servers_of(process: subprocess.Popen[str]) -> list[int]:
    """Wait for the command to print "up"; return the ids of the servers and the command."""
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert len(children) == 3
    return [int(child) for child in children]


@pytest.fixture
def live_run() -> Iterator[subprocess.Popen[str]]:
    with start("echo up; exec sleep 600") as process:
        yield process
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def assert_all_end(pids: list[int]) -> None:
    wait_until(lambda: not any(map(is_running, pids)))


def succeeds() -> bool:
    status, _ = run('test -n "$DATABASE_URL$REDIS_URL"')
    return status == 0


def test_returns_the_exit_status_of_the_command() -> None:
    assert run("exit 7")[0] == 7


def test_starts_when_the_previous_run_was_killed(live_run: subprocess.Popen[str]) -> None:
    pids = servers_of(live_run)

    live_run.kill()

    assert succeeds()
    assert_all_end(pids)


def test_starts_when_the_previous_run_and_its_servers_were_killed(
    live_run: subprocess.Popen[str],
) -> None:
    pids = servers_of(live_run)

    for pid in (live_run.pid, *pids):
        os.kill(pid, signal.SIGKILL)

    assert_all_end(pids)
    assert succeeds()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stops_all_servers_when_a_signal_arrives(
    live_run: subprocess.Popen[str], signum: signal.Signals
) -> None:
    pids = servers_of(live_run)

    os.killpg(live_run.pid, signum)

    assert live_run.wait(30) == 128 + signum
    assert not any(map(is_running, pids))


def test_refuses_a_run_when_the_name_is_taken(live_run: subprocess.Popen[str]) -> None:
    servers_of(live_run)

    status, output = run("true")

    assert status == 1
    assert f"{NAME} is already running (process {live_run.pid})" in output


def test_stop_ends_the_run_and_its_servers(live_run: subprocess.Popen[str]) -> None:
    pids = servers_of(live_run)

    instance.stop(NAME)

    assert live_run.wait(30) == 128 + signal.SIGTERM
    assert not any(map(is_running, pids))


def test_starts_when_another_process_has_the_id_of_a_dead_server() -> None:
    assert succeeds()
    [data] = postgres.FOLDER.glob(f"{NAME}-*/data")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")

    assert succeeds()


def test_creates_the_cluster_again_when_initialisation_was_interrupted() -> None:
    assert succeeds()
    [data] = postgres.FOLDER.glob(f"{NAME}-*/data")
    data.rename(data.with_name("new"))

    assert succeeds()
    assert not data.with_name("new").exists()


def test_error_names_the_process_and_shows_its_log_when_it_ends() -> None:
    with Supervisor(NAME) as supervisor, pytest.raises(ServiceError) as failure:
        supervisor.start(
            "worker", ["sh", "-c", "echo out of coffee; exit 3"], healthy=lambda: False
        )

    assert "worker ended with status 3" in str(failure.value)
    assert str(failure.value).endswith("out of coffee")


def test_error_says_so_when_a_process_does_not_become_healthy() -> None:
    with Supervisor(NAME) as supervisor, pytest.raises(ServiceError) as failure:
        supervisor.start("web", SLEEP, healthy=lambda: False, timeout=0.2)

    assert "web was not healthy within 0.2 seconds" in str(failure.value)


def test_kills_the_process_group_when_its_leader_has_ended() -> None:
    with Supervisor(NAME) as supervisor:
        process = supervisor.start("worker", ["sh", "-c", "sleep 600 & echo $!; wait"])
        wait_until(lambda: process.log.read_text().endswith("\n"))
        grandchild = int(process.log.read_text())

    assert_all_end([grandchild])


def test_name_is_free_when_its_holder_has_ended() -> None:
    with claim(NAME):
        pass
    with claim(NAME):
        assert int((instance.RUN / NAME).read_text()) == os.getpid()
