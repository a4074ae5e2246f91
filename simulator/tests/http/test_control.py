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
    def test_connection_ends_before_or_after_the_commit_when_a_fault_drops_it(
        self, session: Session, fault: str, orders: int
    ) -> None:
        _fault(session, fault, method="POST", route="/orders")

        with pytest.raises(requests.ConnectionError):
            session.call("POST", "/orders", json=order_body())

        assert _orders(session) == orders

    @pytest.mark.parametrize(("fault", "status", "code"), [("500", 500, 1), ("429", 429, 28)])
    @pytest.mark.parametrize("execute", [False, True])
    def test_executes_nothing_when_an_error_fault_does_not_ask_for_it(
        self, session: Session, fault: str, status: int, code: int, *, execute: bool
    ) -> None:
        _fault(session, fault, method="POST", route="/orders", execute=execute)

        response = session.call("POST", "/orders", json=order_body())

        assert (response.status_code, response.json()["error_code"]) == (status, code)
        assert _orders(session) == int(execute)

    def test_reports_an_exhausted_rate_limit_when_the_fault_is_429(self, session: Session) -> None:
        _fault(session, "429")

        assert session.call("GET", "/stats").headers["X-RateLimit-Remaining"] == "0"

    def test_executes_and_answers_late_when_the_fault_is_slow(self, session: Session) -> None:
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

    def test_drops_the_connection_late_without_executing_when_the_fault_is_hang(
        self, session: Session
    ) -> None:
        _fault(session, "hang", method="POST", seconds=0.05)
        started = time.monotonic()

        with pytest.raises(requests.ConnectionError):
            session.call("POST", "/orders", json=order_body())

        assert time.monotonic() - started >= 0.05
        assert _orders(session) == 0

    @pytest.mark.parametrize(("fault", "orders"), [("slow", 1), ("hang", 0)])
    def test_delays_the_request_until_faults_are_cleared_when_the_fault_is_long(
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

    def test_sends_half_of_the_body_when_the_fault_is_truncate(self, session: Session) -> None:
        _fault(session, "truncate", method="POST")

        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            session.call("POST", "/orders", json=order_body())

        assert _orders(session) == 1

    def test_sends_half_of_the_error_when_a_truncated_request_is_refused(
        self, session: Session
    ) -> None:
        _fault(session, "truncate")

        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            session.call("GET", "/orders/404")

    @pytest.mark.parametrize("status", [200, 503])
    def test_answers_with_a_page_when_the_fault_is_html(
        self, session: Session, status: int
    ) -> None:
        _fault(session, "html", status=status)

        response = session.call("GET", "/stats")

        assert (response.status_code, response.text[:15]) == (status, "<!DOCTYPE html>")

    def test_lists_nothing_when_faults_are_cleared(self, session: Session) -> None:
        _fault(session, "500", times=3)
        assert [fault["times"] for fault in session.control("GET", "/faults")] == [3]

        session.control("DELETE", "/faults")

        assert session.call("GET", "/stats").status_code == 200

    def test_refuses_the_description_when_the_fault_is_unknown(self, session: Session) -> None:
        with pytest.raises(requests.HTTPError, match="400"):
            _fault(session, "earthquake")


class TestRequestLog:
    def test_counts_by_route_when_requests_arrive(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.json("GET", "/orders/1")
        session.call("GET", "/orders/404")
        session.call("GET", "/nothing")

        assert session.control("GET", "/requests")["by_route"] == {
            "POST /orders": 1,
            "GET /orders/{idorder}": 2,
            "GET (unknown)": 1,
        }

    def test_records_status_code_and_fault_when_a_request_ends(self, session: Session) -> None:
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

    def test_is_empty_when_it_is_cleared(self, session: Session) -> None:
        session.json("GET", "/stats")

        session.control("DELETE", "/requests")

        assert session.control("GET", "/requests")["total"] == 0


class TestAccount:
    def test_health_answers_when_no_key_is_sent(self, session: Session) -> None:
        url = f"{session.server.url}/_simulator/health"

        assert requests.get(url, timeout=10).json() == {"status": "ok"}

    def test_keeps_only_the_key_when_it_is_reset(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.control("POST", "/options", {"rate_limit": 3})

        session.control("POST", "/reset")

        assert _orders(session) == 0
        assert session.json("GET", "/warehouses") == []
        assert session.call("GET", "/stats").headers["X-RateLimit-Limit"] == "500"

    def test_returns_ids_by_name_when_it_is_seeded(self, session: Session) -> None:
        ids = session.control("POST", "/seed", SEED)

        assert (ids["warehouses"], ids["products"]) == ({"Utrecht": 1}, {"MUG": 1, "CUP": 2})

    def test_completes_the_order_when_a_part_and_then_the_rest_is_shipped(
        self, session: Session
    ) -> None:
        session.json("POST", "/orders", order_body())
        session.json("POST", "/orders/1/process")

        body = {"trackingcode": "3S1", "lines": {"MUG": 1}}
        assert session.control("POST", "/orders/1/ship", body)["status"] == "processing"
        assert session.control("POST", "/orders/1/ship")["status"] == "completed"

        codes = [entry["trackingcode"] for entry in session.json("GET", "/shipments")]
        assert codes[0] == "3S1"

    def test_changes_when_staff_cancel_an_order_and_count_stock(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())
        session.json("POST", "/orders/1/process")

        assert session.control("POST", "/orders/1/cancel")["status"] == "cancelled"
        body = {"productcode": "MUG", "warehouse": "Utrecht", "change": -4}
        assert session.control("POST", "/stock", body)["stock"][0]["freestock"] == 5

    def test_continues_when_its_state_is_saved_and_loaded(self, session: Session) -> None:
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
    def test_refuses_the_request_when_the_body_is_invalid(
        self, session: Session, path: str, body: dict[str, Any]
    ) -> None:
        with pytest.raises(requests.HTTPError, match="40"):
            session.control("POST", path, body)

    def test_lists_events_when_no_hook_exists(self, session: Session) -> None:
        session.json("POST", "/orders", order_body())

        assert [event["name"] for event in session.control("GET", "/events")] == ["orders.created"]

    def test_drain_returns_at_once_when_no_webhook_is_pending(self, session: Session) -> None:
        assert session.control("POST", "/drain") == {"drained": True}


def test_changes_nothing_when_another_website_sends_the_request(session: Session) -> None:
    session.call("POST", "/orders", json=order_body())

    refused = requests.post(
        f"{session.server.url}/_simulator/reset",
        headers={"Origin": "https://elsewhere.example"},
        timeout=5,
    )

    assert refused.status_code == 403
    assert _orders(session) == 1
