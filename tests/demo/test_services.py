"""The services' promises: nothing outlives the run, and nothing that is left hinders the next."""

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

NAME = "services-test"
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def runner(*command: str) -> subprocess.Popen[str]:
    """Run a command with the services; it can be signalled like a terminal's foreground group."""
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "devtools", "--name", NAME, "--", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}},
        start_new_session=True,
        # A shell's background job, such as a CI run, ignores Ctrl-C; a foreground group does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def shell(script: str) -> subprocess.Popen[str]:
    return runner("sh", "-c", script)


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def servers_of(run: subprocess.Popen[str]) -> list[int]:
    """Return the runner's children once its command says it is up, by then with both servers."""
    assert run.stdout
    assert run.stdout.readline() == "up\n"
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    assert len(children) == 3
    return [int(child) for child in children]


@pytest.fixture
def live_run() -> Iterator[subprocess.Popen[str]]:
    run = shell("echo up; exec sleep 600")
    yield run
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def all_end(pids: list[int]) -> None:
    wait_until(lambda: not any(map(is_running, pids)))


def succeeds() -> bool:
    return shell('test -n "$DATABASE_URL$REDIS_URL"').wait(60) == 0


def test_passes_the_status_of_the_command_on() -> None:
    assert shell("exit 7").wait(60) == 7


def test_runs_again_when_the_run_before_was_killed(live_run: subprocess.Popen[str]) -> None:
    pids = servers_of(live_run)

    live_run.kill()

    assert succeeds()
    all_end(pids)


def test_runs_again_when_the_servers_were_killed_too(live_run: subprocess.Popen[str]) -> None:
    pids = servers_of(live_run)

    for pid in (live_run.pid, *pids):
        os.kill(pid, signal.SIGKILL)

    all_end(pids)
    assert succeeds()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stops_everything_when_a_signal_ends_it(
    live_run: subprocess.Popen[str], signum: signal.Signals
) -> None:
    pids = servers_of(live_run)

    os.killpg(live_run.pid, signum)

    assert live_run.wait(30) == 128 + signum
    assert not any(map(is_running, pids))


def test_refuses_a_second_run_under_the_same_name(live_run: subprocess.Popen[str]) -> None:
    servers_of(live_run)

    second = shell("true")

    output, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"{NAME} is already running (process {live_run.pid})" in output


def test_stop_ends_a_run_and_its_servers(live_run: subprocess.Popen[str]) -> None:
    pids = servers_of(live_run)

    instance.stop(NAME)

    assert live_run.wait(30) == 128 + signal.SIGTERM
    assert not any(map(is_running, pids))


def test_starts_when_somebody_else_has_the_number_of_a_dead_server() -> None:
    assert succeeds()
    [data] = postgres.FOLDER.glob(f"{NAME}-*/data")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")

    assert succeeds()


def test_makes_a_half_made_cluster_anew() -> None:
    assert succeeds()
    [data] = postgres.FOLDER.glob(f"{NAME}-*/data")
    data.rename(data.with_name("new"))

    assert succeeds()
    assert not data.with_name("new").exists()


def test_says_which_process_ended_and_shows_its_log() -> None:
    with Supervisor(NAME) as supervisor, pytest.raises(ServiceError) as failure:
        supervisor.start(
            "worker", ["sh", "-c", "echo out of coffee; exit 3"], healthy=lambda: False
        )

    assert "worker ended with status 3" in str(failure.value)
    assert str(failure.value).endswith("out of coffee")


def test_says_so_when_a_process_does_not_become_healthy() -> None:
    with Supervisor(NAME) as supervisor, pytest.raises(ServiceError) as failure:
        supervisor.start("web", SLEEP, healthy=lambda: False, timeout=0.2)

    assert "web was not healthy within 0.2 seconds" in str(failure.value)


def test_kills_the_rest_of_a_group_when_its_leader_has_ended() -> None:
    with Supervisor(NAME) as supervisor:
        process = supervisor.start("worker", ["sh", "-c", "sleep 600 & echo $!; wait"])
        wait_until(lambda: process.log.read_text().endswith("\n"))
        grandchild = int(process.log.read_text())

    all_end([grandchild])


def test_the_name_is_free_again_when_its_holder_has_ended() -> None:
    with claim(NAME):
        pass
    with claim(NAME):
        assert int((instance.RUN / NAME).read_text()) == os.getpid()
