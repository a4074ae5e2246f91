"""The simulator in process, as a pytest fixture and on the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from picqer_simulator import Options, Runtime, new_account, seeds
from picqer_simulator.__main__ import main
from picqer_simulator.app import SimulatorApp
from picqer_simulator.inprocess import SimulatorAdapter
from simulator_support.http_client import order_body

KEY = "command-line-key"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


class TestInProcess:
    @pytest.fixture
    def runtime(self) -> Runtime:
        account = new_account(Options(rate_limit=100))
        account.run(seeds.seed, seeds.DEMO)
        return Runtime(account, KEY)

    @pytest.fixture
    def http(self, runtime: Runtime) -> requests.Session:
        session = requests.Session()
        session.auth = (KEY, "")
        session.mount("https://demo.picqer.test/", SimulatorAdapter(SimulatorApp(runtime)))
        return session

    def test_answers_as_over_http_when_requests_go_through_the_adapter(
        self, http: requests.Session
    ) -> None:
        body = order_body(products=[{"productcode": "DEMO-01", "amount": 1}])
        url = "https://demo.picqer.test/api/v1/orders"

        created = http.post(url, json=body)
        found = http.get(url, params={"reference": "SALEOR-10042"})

        assert (created.status_code, created.headers["X-RateLimit-Remaining"]) == (201, "99")
        assert found.json() == [created.json()]

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ("drop-before", requests.ConnectionError),
            ("slow", requests.ReadTimeout),
            ("truncate", requests.exceptions.ChunkedEncodingError),
        ],
    )
    def test_raises_the_error_of_requests_when_a_fault_happens(
        self,
        http: requests.Session,
        runtime: Runtime,
        fault: str,
        error: type[requests.RequestException],
    ) -> None:
        patience = 0.01 if fault == "slow" else 10
        runtime.faults.add({"fault": fault, "seconds": 0.05})

        with pytest.raises(error):
            http.get("https://demo.picqer.test/api/v1/stats", timeout=patience)


@pytest.mark.slow
def test_fixture_starts_an_empty_account_when_a_test_uses_it(tmp_path: Path) -> None:
    test = """
import requests

def test_account(picqer_simulator):
    url = f"{picqer_simulator.url}/api/v1/products"
    assert requests.get(url, auth=(picqer_simulator.api_key, "")).json() == []
"""
    (tmp_path / "test_account.py").write_text(test)

    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pytest", "-q", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
        check=False,
    )

    assert "1 passed" in run.stdout, run.stdout


@pytest.mark.slow
class TestCommandLine:
    @contextmanager
    def _running(self, *options: str) -> Iterator[str]:
        """Run the command, yield the server's address and stop with Ctrl-C."""
        module = "picqer_simulator"
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", module, "--port", "0", "--api-key", KEY, *options],
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=10)
        assert process.returncode == 0

    def test_serves_the_demo_account_when_options_are_given(self) -> None:
        options = ("--seed", "demo", "--rate-limit", "7", "--option", "list_order=newest_first")
        with self._running(*options) as url:
            response = requests.get(f"{url}/api/v1/products", auth=(KEY, ""), timeout=10)

        assert response.headers["X-RateLimit-Limit"] == "7"
        assert response.json()[0]["productcode"] == "DEMO-05"

    def test_answers_to_another_host_name_when_the_name_is_allowed(self) -> None:
        """Failure mode F116."""
        with self._running(
            "--allow-host", "shop.internal", "--allow-host", "picqer.internal"
        ) as url:
            headers = {"Host": "picqer.internal:8089"}
            response = requests.get(f"{url}/_simulator/health", headers=headers, timeout=10)

        assert response.status_code == 200

    def test_continues_with_its_state_when_a_file_is_given(self, tmp_path: Path) -> None:
        options = ("--seed", "demo", "--state", str(tmp_path / "account.json"))
        body = order_body(products=[{"productcode": "DEMO-01", "amount": 1}])
        with self._running(*options) as url:
            requests.post(f"{url}/api/v1/orders", json=body, auth=(KEY, ""), timeout=10)

        with self._running(*options) as url:
            found = requests.get(f"{url}/api/v1/orders", auth=(KEY, ""), timeout=10).json()

        assert [order["reference"] for order in found] == ["SALEOR-10042"]

    @pytest.mark.parametrize("option", ["warp=9", "rate_limit=many", "rate_limit"])
    def test_exits_with_an_error_when_an_option_is_invalid(self, option: str) -> None:
        with pytest.raises(SystemExit, match="2"):
            main(["--api-key", KEY, "--option", option])
