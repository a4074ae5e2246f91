"""Allow a single run per name, by a lock file in `.local/run`."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCAL = Path(__file__).resolve().parents[1] / ".local"
RUN = LOCAL / "run"
STOP_SECONDS = 60


class ServiceError(Exception):
    """An error of a service. The message is shown to the developer as it is."""


class AlreadyRunningError(ServiceError):
    """Another process has the name."""


@contextmanager
def claim(name: str) -> Iterator[None]:
    """Reserve the name. Raises AlreadyRunningError if another process has the name."""
    RUN.mkdir(parents=True, exist_ok=True)
    with (RUN / name).open("a+") as lock:
        if not _lock(lock.fileno()):
            raise AlreadyRunningError(
                f"{name} is already running (process {_holder(lock.name)}). "
                "Stop that process with Ctrl-C, or run `make stop`."
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def stop(pattern: str = "*") -> None:
    """Stop every run whose name matches the pattern, and wait until all have ended."""
    for path in sorted(RUN.glob(pattern)):
        with path.open() as lock:
            _end_holder(lock.fileno(), path)


def _end_holder(fd: int, path: Path) -> None:
    if _lock(fd):
        # The lock is free: no process runs under the name.
        return
    print(f"Stopping {path.name} (process {_holder(path)})")
    os.kill(_holder(path), signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while not _lock(fd):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path.name} did not stop within {STOP_SECONDS} seconds")
        time.sleep(0.1)


def _lock(fd: int) -> bool:
    """Lock the open file. Return False if another process has the lock."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path | str) -> int:
    return int(Path(path).read_text())
