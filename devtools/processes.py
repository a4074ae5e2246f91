"""Start, watch and stop child processes; no child outlives the parent.

Each child has a log and a process group: Ctrl-C reaches the parent only, and the parent stops the
children in order. If the parent is killed, the kernel signals every child (PDEATHSIG).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType, TracebackType
from typing import Self

from devtools.instance import LOCAL, ServiceError, claim

STOP_SECONDS = 15
LOG_TAIL_LINES = 25
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class ProcessError(ServiceError):
    """A child has ended or did not become healthy. The message ends with an excerpt of its log."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name} {reason}. The end of {log}:\n{_tail(log)}")


@dataclass(frozen=True)
class Process:
    """A child process and its log."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    def check(self) -> None:
        """Raise ProcessError if the child has ended."""
        if (status := self.popen.poll()) is not None:
            raise ProcessError(self.name, f"ended with status {status}", self.log)

    def stop(self) -> None:
        """Stop the child with a signal, then kill the rest of the process group."""
        self.popen.send_signal(self.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


class Supervisor:
    """Starts processes for a run, e.g. "demo", and stops the processes in reverse order.

    At most one run has a name at a time; the run uses the folders `.local/postgres/<name>` and
    `.local/logs/<name>`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.logs = LOCAL / "logs" / name
        self._processes: list[Process] = []
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        self._cleanup.enter_context(claim(self.name))
        for signum in (signal.SIGTERM, signal.SIGHUP):
            self._cleanup.callback(signal.signal, signum, signal.signal(signum, _exit))
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._cleanup:
            self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        healthy: Callable[[], bool] = lambda: True,
        timeout: float = 60,
        stop_signal: signal.Signals = signal.SIGTERM,
        pass_fds: Sequence[int] = (),
    ) -> Process:
        """Start a process with `env` added to our environment, and wait until it is healthy.

        An OSError of `healthy` means "not yet". Raises ProcessError when the process ends, or is
        not healthy within `timeout` seconds.
        """
        log = self.logs / f"{name}.log"
        with log.open("wb") as output, TemporaryFile() as source:
            source.write(stdin)
            source.seek(0)
            popen = subprocess.Popen(
                command,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                stdin=source,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
                preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509 - only a system call
            )
        process = Process(name, popen, log, stop_signal)
        self._processes.append(process)
        self._wait_until_healthy(process, healthy, timeout)
        return process

    def check(self) -> None:
        """Raise ProcessError if any child has ended."""
        for process in self._processes:
            process.check()

    def watch(self) -> None:
        """Wait until a child ends, then raise ProcessError. Ctrl-C and SIGTERM stop the waiting."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop all processes, the newest first."""
        while self._processes:
            self._processes.pop().stop()

    def _wait_until_healthy(
        self, process: Process, healthy: Callable[[], bool], timeout: float
    ) -> None:
        deadline = time.monotonic() + timeout
        while not _is(healthy):
            self.check()
            if time.monotonic() > deadline:
                reason = f"was not healthy within {timeout:g} seconds"
                raise ProcessError(process.name, reason, process.log)
            time.sleep(0.05)
        self.check()


def die_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` to have the kernel signal the child when the parent ends."""
    parent = os.getpid()

    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signum))
        # The parent may have ended before the system call.
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def free_port() -> int:
    """Return a port of loopback that is free at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def listening(port: int) -> Callable[[], bool]:
    """Return a health check that passes once a server listens on the port of loopback."""

    def check() -> bool:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True

    return check


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(lines[-LOG_TAIL_LINES:])


def _is(healthy: Callable[[], bool]) -> bool:
    try:
        return healthy()
    except OSError:
        return False


def _exit(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)
