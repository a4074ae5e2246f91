"""Owns the command line `picqer-simulator`."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from picqer_simulator import seeds
from picqer_simulator.core.account import Simulator
from picqer_simulator.core.options import Knobs, turn
from picqer_simulator.core.state import load, save
from picqer_simulator.http.server import SimulatorServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; with --state the account survives."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        simulator = _simulator(options, _knobs(options))
    except ValueError as error:
        parser.error(str(error))
    server = SimulatorServer(
        simulator, api_key=options.api_key, host=options.host, port=options.port
    )
    with server:
        print(f"Picqer simulator at {server.url}", flush=True)
        _wait_for_signal()
    if options.state:
        save(simulator.state, options.state)
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
        "--knob", action="append", default=[], metavar="NAME=VALUE", help="see the README"
    )
    return parser


def _knobs(options: argparse.Namespace) -> Knobs:
    changes = {name: value for name, _, value in (entry.partition("=") for entry in options.knob)}
    if options.rate_limit is not None:
        changes["rate_limit"] = str(options.rate_limit)
    if options.time_scale is not None:
        changes["webhook_time_scale"] = str(options.time_scale)
    return turn(Knobs(), changes)


def _simulator(options: argparse.Namespace, knobs: Knobs) -> Simulator:
    """ValueError if the file of --state is not one."""
    if options.state and options.state.exists():
        return Simulator(knobs, load(options.state))
    simulator = Simulator(knobs)
    if options.seed == "demo":
        simulator.run(seeds.seed, seeds.DEMO)
    return simulator


def _wait_for_signal() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    raise SystemExit(main())
