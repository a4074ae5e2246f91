"""The programs that the demo runs: their command lines, environment and health."""

import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import requests


def shop_environment(public_url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "example_project.settings",
        "PUBLIC_URL": public_url,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }


def set_up() -> list[str]:
    return _python("-W", "ignore", "-m", "django", "set_up_shop")


def simulator(port: int, api_key: str, state: Path) -> list[str]:
    options = {"port": port, "api-key": api_key, "state": state}
    return _python("-m", "picqer_simulator", *_flags(options))


def worker(folder: Path) -> list[str]:
    """With the scheduler inside, which is enough where there is one worker."""
    options = {"loglevel": "INFO", "concurrency": 2, "schedule": folder / "beat-schedule"}
    return _python("-m", "celery", "-A", "saleor.celeryconf:app", "worker", "-B", *_flags(options))


def web(fd: int) -> list[str]:
    """On a socket that listens already and is inherited as `fd`."""
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
    """Return a health check: is GET answered with a status below 400?"""
    return lambda: requests.get(url, auth=(user, ""), timeout=1).ok


def listen(port: int) -> socket.socket:
    """On the same port of loopback every time, unless somebody else has it."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _flags(options: Mapping[str, object]) -> Iterable[str]:
    return (f"--{name}={value}" for name, value in options.items())
