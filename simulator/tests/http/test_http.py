"""Behaviour of all endpoints: key, rate limit, pages, errors and responses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from simulator_support.http_client import Session, order_body


class TestKey:
    @pytest.mark.parametrize("password", ["", "X", "None"])
    def test_is_accepted_when_it_is_the_user_name(self, session: Session, password: str) -> None:
        auth = (session.server.api_key, password)

        assert session.call("GET", "/users/me", auth=auth).status_code == 200

    @pytest.mark.parametrize("key", ["", "wrong", "é"])
    def test_is_refused_and_changes_nothing_when_it_is_wrong(
        self, session: Session, key: str
    ) -> None:
        auth = (key.encode(), b"")

        response = session.call("POST", "/orders", json=order_body(), auth=auth)

        assert (response.status_code, response.json()["error"]) == (401, True)
        assert session.json("GET", "/orders") == []

    def test_is_required_when_the_path_does_not_exist(self, session: Session) -> None:
        response = requests.get(f"{session.server.url}/api/v1/nothing", timeout=10)

        assert response.status_code == 401

    def test_is_refused_with_a_page_when_the_option_is_html(self, session: Session) -> None:
        session.control("POST", "/options", {"unauthorised_body": "html"})

        response = session.call("GET", "/users/me", auth=("wrong", ""))

        assert (response.status_code, response.headers["Content-Type"]) == (
            401,
            "text/html; charset=utf-8",
        )

    def test_reaches_fewer_endpoints_when_it_is_a_fulfilment_customer_s(
        self, session: Session
    ) -> None:
        session.control("POST", "/options", {"key_scope": "fulfilment"})

        statuses = [session.call("GET", path).status_code for path in ("/products", "/stats")]

        assert statuses == [200, 403]


class TestUserAgent:
    @pytest.mark.parametrize(("option", "status"), [("accept", 200), ("refuse", 400)])
    def test_missing_is_accepted_or_refused_when_the_option_says_so(
        self, session: Session, option: str, status: int
    ) -> None:
        session.control("POST", "/options", {"missing_user_agent": option})

        response = session.call("GET", "/stats", headers={"User-Agent": ""})

        assert response.status_code == status


class TestBudget:
    def test_is_in_the_headers_when_any_request_is_answered(self, session: Session) -> None:
        session.control("POST", "/options", {"rate_limit": 5})

        replies = [session.call("GET", path) for path in ("/stats", "/orders/404", "/nothing")]

        assert [reply.headers["X-RateLimit-Limit"] for reply in replies] == ["5"] * 3
        assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["4", "3", "2"]

    def test_refuses_without_executing_when_it_is_used_up(self, session: Session) -> None:
        session.control("POST", "/options", {"rate_limit": 1, "rate_limit_window": 0.4})
        session.call("GET", "/stats")

        response = session.call("POST", "/orders", json=order_body())

        assert (response.status_code, response.json()["error_code"]) == (429, 28)
        assert response.headers["X-RateLimit-Remaining"] == "0"
        assert "Retry-After" not in response.headers
        assert session.server.account.state.orders == {}

    def test_tells_the_waiting_time_when_the_option_retry_after_is_set(
        self, session: Session
    ) -> None:
        session.control("POST", "/options", {"rate_limit": 0, "retry_after": True})

        assert "Retry-After" in session.call("GET", "/stats").headers


class TestPages:
    def test_contain_100_records_when_there_are_more(self, session: Session) -> None:
        seeds = [{"productcode": f"P{n}", "name": "P", "price": 1} for n in range(248)]
        session.control("POST", "/seed", {"products": seeds})

        pages = [session.json("GET", f"/products?offset={n}&page=2&limit=9") for n in (0, 100, 200)]

        assert [len(page) for page in pages] == [100, 100, 50]
        assert len({product["idproduct"] for page in pages for product in page}) == 250

    @pytest.mark.parametrize("path", ["/products/", "/products"])
    def test_answer_when_the_path_has_a_trailing_slash(self, session: Session, path: str) -> None:
        assert len(session.json("GET", path)) == 2


class TestErrors:
    @pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff"])
    def test_have_code_22_when_the_body_is_not_json(self, session: Session, body: bytes) -> None:
        response = session.call("POST", "/orders", data=body)

        assert (response.status_code, response.json()["error_code"]) == (400, 22)

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/nothing"), ("PUT", "/stats"), ("GET", "/orders/one")]
    )
    def test_have_code_20_when_the_record_does_not_exist(
        self, session: Session, method: str, path: str
    ) -> None:
        response = session.call(method, path)

        assert (response.status_code, response.json()["error_code"]) == (404, 20)

    def test_have_another_status_when_the_option_changes_it(self, session: Session) -> None:
        session.control("POST", "/options", {"error_statuses": {"20": 410}})

        response = session.call("GET", "/orders/404")

        assert (response.status_code, response.json()["error_code"]) == (410, 20)

    def test_have_code_1_when_the_simulator_itself_fails(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session.server.account, "find", None)

        response = session.call("GET", "/orders/1")

        assert (response.status_code, response.json()["error_code"]) == (500, 1)


class TestAnswers:
    @pytest.mark.parametrize(
        ("options", "status", "has_body"),
        [
            ({}, 200, True),
            ({"action_body": "empty"}, 200, False),
            ({"action_status": 201}, 201, True),
            ({"action_status": 204}, 204, False),
        ],
    )
    def test_to_actions_differ_when_the_options_change_them(
        self, session: Session, options: dict[str, object], status: int, *, has_body: bool
    ) -> None:
        session.control("POST", "/options", options)
        session.json("POST", "/orders", order_body())

        response = session.call("POST", "/orders/1/process")

        assert (response.status_code, bool(response.content)) == (status, has_body)

    @pytest.mark.parametrize(("option", "status"), [("empty", 204), ("object", 200)])
    def test_to_cancel_differ_when_the_option_changes_them(
        self, session: Session, option: str, status: int
    ) -> None:
        session.control("POST", "/options", {"cancel_body": option})
        session.json("POST", "/orders", order_body())

        assert session.call("DELETE", "/orders/1").status_code == status

    @pytest.mark.parametrize("price", [8.26, 0.1, 1234567.89, 3, 0.005])
    def test_contain_exact_prices_when_prices_have_decimals(
        self, session: Session, price: float
    ) -> None:
        body = {"productcode": "NEW", "name": "New", "price": price, "idvatgroup": 1}
        idproduct = session.json("POST", "/products", body)["idproduct"]

        assert session.json("GET", f"/products/{idproduct}")["price"] == price

    def test_contain_every_letter_when_texts_have_accents(self, session: Session) -> None:
        name = "Zoë / “Ünïcode” 🎁"
        session.json("POST", "/orders", order_body(deliveryname=name))

        assert session.json("GET", "/orders/1")["deliveryname"] == name

    def test_arrive_over_one_connection_when_the_client_keeps_it_open(
        self, session: Session
    ) -> None:
        for _ in range(3):
            session.json("POST", "/orders", order_body())
            session.call("DELETE", "/orders/404")

        assert len(session.json("GET", "/orders")) == 3


def test_clients_get_different_orders_when_they_create_at_the_same_time(session: Session) -> None:
    def create(_: int) -> int:
        return int(Session(session.server).json("POST", "/orders", order_body())["idorder"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(create, range(40)))

    assert sorted(ids) == list(range(1, 41))
