"""The web pages over HTTP. Tests in a browser are in the folder `browser`."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from simulator_support.http_client import Session, order_body

PLACES = ["/", "/orders/1", "/stock", "/webhooks", "/requests", "/nothing"]


def ask(session: Session, method: str, path: str, **arguments: Any) -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, f"{session.server.url}{path}", timeout=10, **arguments)


def get(session: Session, path: str) -> requests.Response:
    return ask(session, "GET", path)


def post(
    session: Session, path: str, fields: dict[str, Any], headers: dict[str, str] | None = None
) -> requests.Response:
    return ask(session, "POST", path, data=fields, headers=headers, allow_redirects=False)


def place(session: Session, **changes: Any) -> None:
    order = session.json("POST", "/orders", order_body(**changes))
    session.json("POST", f"/orders/{order['idorder']}/process")


class TestCrossSiteCheck:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:1"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_form_is_refused_when_it_comes_from_another_website(
        self, session: Session, headers: dict[str, str]
    ) -> None:
        place(session)

        response = post(session, "/orders/1/cancel", {}, headers)

        assert response.status_code == 403
        assert session.json("GET", "/orders/1")["status"] == "processing"

    @pytest.mark.parametrize("own", [False, True])
    def test_form_is_accepted_when_it_comes_from_an_own_page_or_from_no_browser(
        self, session: Session, *, own: bool
    ) -> None:
        place(session)
        headers = {"Origin": session.server.url, "Sec-Fetch-Site": "same-origin"} if own else {}

        response = post(session, "/orders/1/cancel", {}, headers)

        assert (response.status_code, response.headers["Location"]) == (
            303,
            "/orders/1?done=cancelled",
        )
        assert session.json("GET", "/orders/1")["status"] == "cancelled"

    @pytest.mark.parametrize("path", PLACES)
    def test_page_forbids_scripts_and_frames_when_it_is_opened(
        self, session: Session, path: str
    ) -> None:
        policy = get(session, path).headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


class TestForms:
    def test_ship_is_refused_when_no_amount_is_given(self, session: Session) -> None:
        place(session)

        response = post(session, "/orders/1/ship", {"amount:MUG": "0", "trackingcode": "3STEST"})

        assert response.status_code == 400
        assert "No product given to pick" in response.text
        assert 'value="3STEST"' in response.text

    def test_ship_is_refused_when_an_amount_is_no_number(self, session: Session) -> None:
        place(session)

        response = post(session, "/orders/1/ship", {"amount:MUG": "two"})

        assert (response.status_code, "MUG is not an integer" in response.text) == (400, True)

    def test_ship_makes_a_tracking_code_when_none_is_given(self, session: Session) -> None:
        place(session)

        post(session, "/orders/1/ship", {"amount:MUG": "2", "trackingcode": " "})

        assert session.json("GET", "/shipments")[0]["trackingcode"]

    def test_cancel_is_refused_when_the_order_is_cancelled_already(self, session: Session) -> None:
        place(session)
        post(session, "/orders/1/cancel", {})

        assert "Nothing was changed." in post(session, "/orders/1/cancel", {}).text

    def test_counting_keeps_the_search_when_it_is_done_or_refused(self, session: Session) -> None:
        fields = {"productcode": "MUG", "idwarehouse": "1", "amount": "4"}

        done = post(session, "/stock/change?search=mug", fields)
        refused = post(session, "/stock/change?search=mug", {**fields, "amount": "many"})

        assert done.headers["Location"] == "/stock?search=mug&done=counted"
        assert 'action="/stock/change?search=mug"' in refused.text
        assert "amount is not an integer" in refused.text

    def test_counting_is_refused_when_fields_are_missing(self, session: Session) -> None:
        assert post(session, "/stock/change", {}).status_code == 404

    def test_redirects_to_the_page_when_a_form_s_address_is_opened(self, session: Session) -> None:
        place(session)

        assert get(session, "/orders/1/ship").url == f"{session.server.url}/orders/1"


class TestPages:
    @pytest.mark.parametrize(
        "path", ["/nothing", "/orders/99", "/orders/x", "/webhooks/deliveries/99"]
    )
    def test_shows_an_error_when_the_record_does_not_exist(
        self, session: Session, path: str
    ) -> None:
        response = get(session, path)

        assert response.status_code == 404
        assert "That is not possible" in response.text

    def test_escapes_the_shop_s_texts_when_they_look_like_html(self, session: Session) -> None:
        place(session, deliveryname="<script>alert(1)</script>", reference='"><b>')

        for path in ("/", "/orders/1", "/?search=<b>&status=<b>"):
            text = get(session, path).text
            assert "<script" not in text
            assert "<b>" not in text

    def test_lists_matching_orders_when_a_status_or_words_are_given(self, session: Session) -> None:
        place(session, reference="FIRST")
        place(session, reference="SECOND", deliveryname="Bram de Wit")
        post(session, "/orders/2/cancel", {})

        def shown(query: str) -> tuple[bool, bool]:
            text = get(session, f"/?{query}").text
            return "FIRST" in text, "SECOND" in text

        assert shown("") == (True, True)
        assert shown("status=processing") == (True, False)
        assert shown("search=bram") == (False, True)
        assert shown("search=bram&status=processing") == (False, False)

    def test_links_to_the_next_page_when_there_are_more_than_a_hundred_records(
        self, session: Session
    ) -> None:
        products = [
            {"productcode": f"TILE-{number:03}", "name": "Tile", "price": 1}
            for number in range(101)
        ]
        session.control("POST", "/seed", {"products": products})

        first = get(session, "/stock?search=tile").text
        second = get(session, "/stock?search=tile&offset=100").text

        assert 'href="/stock?search=tile&amp;offset=100"' in first
        assert ("TILE-099" in first, "TILE-100" in first) == (True, False)
        assert ("TILE-099" in second, "TILE-100" in second) == (False, True)
        assert 'href="/stock?search=tile&amp;offset=0"' in second

    def test_offers_a_composition_as_a_whole_when_its_parts_can_be_picked(
        self, session: Session
    ) -> None:
        vatgroup = session.json("GET", "/vatgroups")[0]["idvatgroup"]
        box = {"productcode": "BOX", "name": "Gift box", "price": 20, "idvatgroup": vatgroup}
        idbox = session.json("POST", "/products", box | {"type": "virtual_composition"})[
            "idproduct"
        ]
        session.json("POST", f"/products/{idbox}/parts", {"idproduct": 1, "amount": 2})
        place(session, products=[{"productcode": "BOX", "amount": 2}])

        text = get(session, "/orders/1").text
        assert ('name="amount:BOX" value="2"' in text, "amount:MUG" in text) == (True, False)
        assert "virtual composition" in get(session, "/stock").text

        post(session, "/orders/1/ship", {"amount:BOX": "2"})
        assert session.json("GET", "/orders/1")["status"] == "completed"

    @pytest.mark.parametrize("rows", ["zeros", "empty"])
    def test_offers_no_stock_form_when_stock_is_unlimited(
        self, session: Session, rows: str
    ) -> None:
        session.control("POST", "/options", {"unlimited_stock_rows": rows})
        gift = {"productcode": "GIFT", "name": "Gift", "price": 1, "type": "unlimited_stock"}
        session.control("POST", "/seed", {"products": [gift]})

        text = get(session, "/stock?search=gift").text

        assert ("unlimited stock" in text, "<form" in text.split("<table")[1]) == (True, False)

    @pytest.mark.parametrize(
        ("action", "words"),
        [(None, "until the shop has processed the order"), ("pause", "while the order is paused")],
    )
    def test_explains_why_when_nothing_can_be_picked(
        self, session: Session, action: str | None, words: str
    ) -> None:
        session.json("POST", "/orders", order_body())
        if action:
            session.json("POST", f"/orders/1/{action}", {"reason": "Payment"})

        assert words in get(session, "/orders/1").text

    def test_shows_the_fault_when_the_connection_was_dropped(self, session: Session) -> None:
        session.control("POST", "/faults", {"fault": "drop-before"})
        with pytest.raises(requests.ConnectionError):
            session.call("GET", "/stats")

        text = get(session, "/requests").text

        assert ("dropped" in text, "drop-before" in text) == (True, True)
