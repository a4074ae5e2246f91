"""Failure mode F116: a web page reaches the simulator by DNS rebinding."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from picqer_simulator import SimulatorServer
from picqer_simulator.http.hosts import is_allowed

PATHS = ("/", "/api/v1/stats", "/_simulator/health", "/style.css", "/nothing")


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(allow_hosts=["picqer.internal"]) as server:
        yield server


def ask(server: SimulatorServer, path: str, host: str, method: str = "GET") -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, f"{server.url}{path}", headers={"Host": host}, timeout=10)


@pytest.mark.parametrize("path", PATHS)
def test_request_is_refused_when_its_host_is_unknown(server: SimulatorServer, path: str) -> None:
    response = ask(server, path, "attacker.example:8089")

    assert response.status_code == 403
    assert "'attacker.example:8089'" in response.text
    assert "--allow-host" in response.text


def test_nothing_is_done_when_the_host_is_unknown(server: SimulatorServer) -> None:
    server.account.set_options(rate_limit=7)

    refused = ask(server, "/_simulator/reset", "attacker.example", "POST")

    assert (refused.status_code, server.account.options.rate_limit) == (403, 7)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:1", "127.0.0.1:8089", "[::1]:8089", "[::1]", "picqer.internal:80"],
)
def test_request_is_answered_when_its_host_is_allowed(server: SimulatorServer, host: str) -> None:
    assert ask(server, "/_simulator/health", host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":80",
        "127.0.0.1.attacker.example",
        "localhost@attacker.example",
        "attacker.example@localhost",
        "localhost:80:80",
        "localhost:port",
        "localhost, attacker.example",
        "[::1",
        "192.168.1.5",
    ],
)
def test_header_is_refused_when_it_is_malformed_or_foreign(host: str) -> None:
    assert not is_allowed(host)


def test_name_is_allowed_when_it_is_given_in_another_case() -> None:
    assert is_allowed("Picqer.Internal.:80", ["PICQER.internal"])
