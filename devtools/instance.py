"""Who runs now: a named lock under `.local/run` that ends with the process holding it."""

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
    """What these services can report; the message is made for a person."""


class AlreadyRunningError(ServiceError):
    """Another process holds the name."""


@contextmanager
def claim(name: str) -> Iterator[None]:
    """Hold the name; raises AlreadyRunningError, naming the process that does."""
    RUN.mkdir(parents=True, exist_ok=True)
    with (RUN / name).open("a+") as lock:
        if not _lock(lock.fileno()):
            raise AlreadyRunningError(
                f"{name} is already running (process {_holder(lock.name)}); "
                "stop it there with Ctrl-C, or here with `make stop`"
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def stop(pattern: str = "*") -> None:
    """End every holder of a name that matches, and wait until it has stopped its children."""
    for path in sorted(RUN.glob(pattern)):
        with path.open() as lock:
            _end_holder(lock.fileno(), path)


def _end_holder(fd: int, path: Path) -> None:
    if _lock(fd):
        return  # nobody holds it
    print(f"Stopping {path.name} (process {_holder(path)})")
    os.kill(_holder(path), signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while not _lock(fd):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path.name} did not stop within {STOP_SECONDS} seconds")
        time.sleep(0.1)


def _lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path | str) -> int:
    return int(Path(path).read_text())
