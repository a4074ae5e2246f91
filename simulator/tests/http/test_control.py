"""The control routes, the request log and faults of requests."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from simulator_support.http_client import SEED, Session, order_body


def _fault(session: Session, fault: str, **details: Any) -> None:
    session.control("POST", "/faults", {"fault": fault, **details})


def _orders(session: Session) -> int:
    return len(session.json("GET", "/orders"))


class TestFaults:
    @pytest.mark.parametrize(("fault", "orders"), [("drop-before", 0), ("drop-after", 1)])
    def test_drop_ends_the_connection_before_or_after_the_commit(
        self, session: Session, fault: str, orders: int
    ) -> None:
        _fault(session, fault, method="POST", route="/orders")

        with pytest.raises(requests.ConnectionError):
            session.call("POST", "/orders", json=order_body())

        assert _orders(session) == orders

    @pytest.mark.parametrize(("fault", "status", "code"), [("500", 500, 1), ("429", 429, 28)])
    @pytest.mark.parametrize("execute", [False, True])
    def test_errors_execute_only_on_request(
        self, session: Session, fault: str, status: int, code: int, *, execute: bool
    ) -> None:
        _fault(session, fault, method="POST", route="/orders", execute=execute)

        response = session.call("POST", "/orders", json=order_body())

        assert (response.status_code, response.json()["error_code"]) == (status, code)
        assert _orders(session) == int(execute)

    def test_429_says_that_the_budget_is_used_up(self, session: Session) -> None:
        _fault(session, "429")

        assert session.call("GET", "/stats").headers["X-RateLimit-Remaining"] == "0"

    def test_slow_executes_and_answers_late(self, session: Session) -> None:
        _fault(session, "slow", seconds=0.3)
        started = time.monotonic()

        with pytest.raises(requests.ReadTimeout):
            requests.post(
                f"{session.server.url}/api/v1/orders",
                json=order_body(),
                auth=(session.server.api_key, ""),
                timeout=0.1,
            )

        assert time.monotonic() - started < 0.3
        assert _orders(session) == 1

    def test_hang_drops_the_connection_late_without_executing(self, session: Session) -> None:
        _fault(session, "hang", method="POST", seconds=0.05)
        started = time.monotonic()

        with pytest.raises(requests.ConnectionError):
            session.call("POST", "/orders", json=order_body())

        assert time.monotonic() - started >= 0.05
        assert _orders(session) == 0

    @pytest.mark.parametrize(("fault", "orders"), [("slow", 1), ("hang", 0)])
    def test_fault_holds_up_a_request_until_faults_are_cleared(
        self, session: Session, fault: str, orders: int
    ) -> None:
        _fault(session, fault, method="POST", route="/orders", seconds=60)

        with ThreadPoolExecutor() as client:
            client.submit(session.call, "POST", "/orders", json=order_body())
            while not (under_way := session.control("GET", "/faults/under-way")):
                pass
            held = _orders(session)
            session.control("DELETE", "/faults")

        assert [waiting["fault"] for waiting in under_way] == [fault]
        assert held == orders
        assert session.control("GET", "/faults/under-way") == []

    def test_truncate_cuts_the_body_in_the_middle(self, session: Session) -> None:
        _fault(session, "truncate", method="POST")

        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            session.call("POST", "/orders", json=order_body())

        assert _orders(session) == 1

    def test_truncate_cuts_a_refusal_too(self, session: Session) -> None:
        _fault(session, "truncate")

        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            session.call("GET", "/orders/404")

    @pytest.mark.parametrize("status", [200, 503])
    def test_html_answers_a_page(self, session: Session, status: int) -> None:
        _fault(session, "html", status=status)

        response = session.call("GET", "/stats")

        assert (response.status_code, response.text[:15]) == (status, "<!DOCTYPE html>")

    def test_can_be_listed_and_cleared(self, session: Session) -> None:
        _fault(session, "500", times=3)
        assert [fault["times"] for fault in session.control("GET", "/faults")] == [3]

        session.control("DELETE", "/faults")

        assert session.call("GET", "/stats").status_code == 200

    def test_unknown_ones_are_refused(self, session: Session) -> None:
        with pytest.raises(requests.HTTPError, match="400"):
            _fault(session, "earthquake")


class TestRequestLog:
    def test_counts_by_route(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.json("GET", "/orders/1")
        session.call("GET", "/orders/404")
        session.call("GET", "/nothing")

        assert session.control("GET", "/requests")["by_route"] == {
            "POST /orders": 1,
            "GET /orders/{idorder}": 2,
            "GET (unknown)": 1,
        }

    def test_tells_what_happened(self, session: Session) -> None:
        _fault(session, "drop-before", route="/orders")
        with pytest.raises(requests.ConnectionError):
            session.call("GET", "/orders?reference=A")
        session.call("GET", "/orders/404")

        log = session.control("GET", "/requests")
        told = [
            (entry["path"], entry["query"], entry["status"], entry["error_code"], entry["fault"])
            for entry in log["requests"]
        ]
        assert (log["total"], told) == (
            2,
            [
                ("/orders", "reference=A", None, None, "drop-before"),
                ("/orders/404", "", 404, 20, None),
            ],
        )

    def test_can_be_cleared(self, session: Session) -> None:
        session.json("GET", "/stats")

        session.control("DELETE", "/requests")

        assert session.control("GET", "/requests")["total"] == 0


class TestAccount:
    def test_health_needs_no_key(self, session: Session) -> None:
        url = f"{session.server.url}/_simulator/health"

        assert requests.get(url, timeout=10).json() == {"status": "ok"}

    def test_reset_empties_it_and_keeps_the_key(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.control("POST", "/options", {"rate_limit": 3})

        session.control("POST", "/reset")

        assert _orders(session) == 0
        assert session.json("GET", "/warehouses") == []
        assert session.call("GET", "/stats").headers["X-RateLimit-Limit"] == "500"

    def test_seed_answers_ids_by_name(self, session: Session) -> None:
        ids = session.control("POST", "/seed", SEED)

        assert (ids["warehouses"], ids["products"]) == ({"Utrecht": 1}, {"MUG": 1, "CUP": 2})

    def test_ship_a_part_then_the_rest(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.json("POST", "/orders/1/process")

        body = {"trackingcode": "3S1", "lines": {"MUG": 1}}
        assert session.control("POST", "/orders/1/ship", body)["status"] == "processing"
        assert session.control("POST", "/orders/1/ship")["status"] == "completed"

        codes = [entry["trackingcode"] for entry in session.json("GET", "/shipments")]
        assert codes[0] == "3S1"

    def test_cancel_and_stock(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.json("POST", "/orders/1/process")

        assert session.control("POST", "/orders/1/cancel")["status"] == "cancelled"
        body = {"productcode": "MUG", "warehouse": "Utrecht", "change": -4}
        assert session.control("POST", "/stock", body)["stock"][0]["freestock"] == 5

    def test_state_can_be_taken_out_and_put_back(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        saved = session.control("GET", "/state")
        session.control("POST", "/reset")

        session.control("POST", "/state", saved)

        assert session.json("GET", "/orders")[0]["reference"] == "SALEOR-10042"
        assert session.json("POST", "/orders", order_body())["idorder"] == 2

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/orders/404/ship", {}),
            ("/stock", {"productcode": "MUG", "amount": -1}),
            ("/seed", {"warehouses": [{"title": "Utrecht"}]}),
            ("/seed", {"warehouses": [{"name": "Gent", "colour": "red"}]}),
            ("/options", {"warp": 9}),
            ("/clock", {}),
            ("/state", {"orders": 1}),
            ("/nothing", {}),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, session: Session, path: str, body: dict[str, Any]
    ) -> None:
        with pytest.raises(requests.HTTPError, match="40"):
            session.control("POST", path, body)

    def test_events_are_listed_without_hooks(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())

        assert [event["name"] for event in session.control("GET", "/events")] == ["orders.created"]

    def test_drain_waits_for_nothing(self, session: Session) -> None:
        assert session.control("POST", "/drain") == {"drained": True}


def test_nothing_is_done_when_another_site_sends_it(session: Session) -> None:
    session.call("POST", "/orders", json=order_body())

    refused = requests.post(
        f"{session.server.url}/_simulator/reset",
        headers={"Origin": "https://elsewhere.example"},
        timeout=5,
    )

    assert refused.status_code == 403
    assert _orders(session) == 1
