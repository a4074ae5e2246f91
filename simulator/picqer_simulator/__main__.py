"""Owns the command line `picqer-simulator`."""

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; with --state the account survives."""
    parser = _parser()
    flags = parser.parse_args(arguments)
    try:
        account = _account(flags, _options(flags))
    except ValueError as error:
        parser.error(str(error))
    server = SimulatorServer(account, api_key=flags.api_key, host=flags.host, port=flags.port)
    with server:
        print(f"Picqer simulator at {server.url}", flush=True)
        _wait_for_signal()
    if flags.state:
        save(account.state, flags.state)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="picqer-simulator", description="A Picqer account to develop and test against."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8089, help="0 takes a free port")
    parser.add_argument("--api-key", required=True, help="the only key that is accepted")
    parser.add_argument("--rate-limit", type=int, help="requests per minute")
    parser.add_argument("--seed", choices=("demo", "empty"), default="empty")
    parser.add_argument("--state", type=Path, help="load the account from here, save it at the end")
    parser.add_argument(
        "--time-scale", type=float, help="factor on the pauses between webhook retries"
    )
    parser.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="see the README"
    )
    return parser


def _options(flags: argparse.Namespace) -> Options:
    changes = {name: value for name, _, value in (entry.partition("=") for entry in flags.option)}
    if flags.rate_limit is not None:
        changes["rate_limit"] = str(flags.rate_limit)
    if flags.time_scale is not None:
        changes["webhook_time_scale"] = str(flags.time_scale)
    return with_changes(Options(), changes)


def _account(flags: argparse.Namespace, options: Options) -> Account:
    """ValueError if the file of --state is not one."""
    if flags.state and flags.state.exists():
        return new_account(options, load(flags.state))
    account = new_account(options)
    if flags.seed == "demo":
        account.run(seeds.seed, seeds.DEMO)
    return account


def _wait_for_signal() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    raise SystemExit(main())
