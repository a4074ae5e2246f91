"""The programs that the demo runs: command lines, environment and health checks."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import requests


def shop_environment(public_url: str) -> dict[str, str]:
    """Return the environment variables of the shop's programs."""
    return {
        "DJANGO_SETTINGS_MODULE": "example_project.settings",
        "PUBLIC_URL": public_url,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }


def set_up_command() -> list[str]:
    """Return the command that migrates and fills the shop's database."""
    return _python("-W", "ignore", "-m", "django", "set_up_shop")


def simulator_command(port: int, api_key: str, state: Path) -> list[str]:
    """Return the command of the simulator, with its state in a file."""
    options = {"port": port, "api-key": api_key, "state": state}
    return _python("-m", "picqer_simulator", *_flags(options))


def worker_command(folder: Path) -> list[str]:
    """Return the command of Saleor's Celery worker, with the scheduler inside the worker."""
    # An embedded scheduler is allowed where a single worker runs.
    options = {"loglevel": "INFO", "concurrency": 2, "schedule": folder / "beat-schedule"}
    return _python("-m", "celery", "-A", "saleor.celeryconf:app", "worker", "-B", *_flags(options))


def web_command(fd: int) -> list[str]:
    """Return the command that serves the shop on the inherited listening socket `fd`."""
    options = {
        "bind": f"fd://{fd}",
        "worker-class": "gthread",
        "threads": 8,
        "timeout": 120,
        "access-logfile": "-",
    }
    return _python(
        "-m", "gunicorn", "--no-control-socket", *_flags(options), "saleor.wsgi:application"
    )


def answers(url: str, user: str = "") -> Callable[[], bool]:
    """Return a health check that passes if GET is answered with a status below 400."""
    return lambda: requests.get(url, auth=(user, ""), timeout=1).ok


def listen(port: int) -> socket.socket:
    """Listen on a port of loopback, or on a free port if the port is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def url_of(listener: socket.socket) -> str:
    """Return the root address of a listening socket."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _flags(options: Mapping[str, object]) -> Iterable[str]:
    return (f"--{name}={value}" for name, value in options.items())
