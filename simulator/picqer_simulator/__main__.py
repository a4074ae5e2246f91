"""The command `picqer-simulator`."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from picqer_simulator import seeds
from picqer_simulator.assembly import new_account
from picqer_simulator.core.account import Account
from picqer_simulator.core.options import Options, with_changes
from picqer_simulator.core.state import load, save
from picqer_simulator.server import SimulatorServer

DESCRIPTION = """\
Serve a simulated Picqer account. The API is at /api/v1 and takes the key as user name; open the
printed address in a browser to see orders, stock, webhooks and requests. Stop with Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve an account until Ctrl-C or SIGTERM, and then save its state."""
    parser = _parser()
    flags = parser.parse_args(arguments)
    try:
        account = _account(flags, _options(flags))
    except ValueError as error:
        parser.error(str(error))
    server = SimulatorServer(
        account,
        api_key=flags.api_key,
        host=flags.host,
        port=flags.port,
        allow_hosts=flags.allow_host,
    )
    with server:
        print(f"Picqer simulator at {server.url}", flush=True)
        _wait_for_signal()
    if flags.state:
        save(account.state, flags.state)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="picqer-simulator", description=DESCRIPTION)
    parser.add_argument("--api-key", required=True, help="The API key that requests must carry.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="The address to listen on (default: %(default)s)."
    )
    parser.add_argument(
        "--port",
        type=int,
        default=8089,
        help="The port to listen on (default: %(default)s); 0 takes a free port.",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="Also answer requests to this host name. May be repeated. "
        "localhost, 127.0.0.1 and ::1 are always allowed.",
    )
    parser.add_argument("--rate-limit", type=int, metavar="N", help="Requests per minute.")
    parser.add_argument(
        "--seed",
        choices=("demo", "empty"),
        default="empty",
        help="What a new account contains: two warehouses and six products, or nothing.",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="Load the account from this file if the file exists, and save the account on exit.",
    )
    parser.add_argument(
        "--time-scale",
        type=float,
        metavar="FACTOR",
        help="Multiply the pauses between webhook retries; 0.0001 shrinks 17 hours to 6 seconds.",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="Set an option of the account. May be repeated. The README lists all options.",
    )
    return parser


def _options(flags: argparse.Namespace) -> Options:
    """Return the options; raise UnknownOptionError for a wrong name or value."""
    changes = {name: value for name, _, value in (entry.partition("=") for entry in flags.option)}
    if flags.rate_limit is not None:
        changes["rate_limit"] = str(flags.rate_limit)
    if flags.time_scale is not None:
        changes["webhook_time_scale"] = str(flags.time_scale)
    return with_changes(Options(), changes)


def _account(flags: argparse.Namespace, options: Options) -> Account:
    """Load or create the account; raise ValueError for a file that holds no account."""
    if flags.state and flags.state.exists():
        return new_account(options, load(flags.state))
    account = new_account(options)
    if flags.seed == "demo":
        account.run(seeds.seed, seeds.DEMO)
    return account


def _wait_for_signal() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    raise SystemExit(main())
