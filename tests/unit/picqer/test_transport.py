import base64
import logging
import socket
from typing import Any

import pytest
import requests
import responses

from saleor_picqer.errors import (
    AuthenticationError,
    EndpointError,
    InvalidResponseError,
    NotFoundError,
    PicqerApiError,
    RateLimitedError,
    ResponseLostError,
    ServerError,
    UnknownProductError,
    UnreachableError,
    UnusableAddressError,
    WrongStatusError,
)
from saleor_picqer.picqer.client import PicqerClient, Priority
from saleor_picqer.picqer.objects.orders import OrderCreate, OrderLineCreate
from saleor_picqer.picqer.objects.products import ProductUpdate
from saleor_picqer.picqer.rate_limiter import Unlimited
from saleor_picqer.picqer.retry import MAX_ATTEMPTS
from tests.unit.picqer.builders import API_KEY, BASE, account, client, error_body, order, product
from tests.unit.picqer.conftest import RawServer

ORDER = f"{BASE}/orders/24035"
NEW_ORDER = OrderCreate(
    deliveryname="Anna Visser",
    deliverycountry="NL",
    invoicename="Anna Visser",
    invoicecountry="NL",
    emailaddress="anna@example.org",
    products=[OrderLineCreate(productcode="MUG-RED", amount=2)],
)


def caught(call: Any, *arguments: Any, **keywords: Any) -> PicqerApiError:
    with pytest.raises(PicqerApiError) as info:
        call(*arguments, **keywords)
    return info.value


def test_request_has_key_and_user_agent(picqer: responses.RequestsMock) -> None:
    picqer.get(ORDER, json=order())

    client().orders.get(24035)

    headers = picqer.calls[0].request.headers
    login = base64.b64encode(f"{API_KEY}:".encode()).decode()
    assert headers["Authorization"] == f"Basic {login}"
    assert headers["User-Agent"].startswith("saleor-picqer/")
    assert "(https://shop.example - ops@shop.example)" in headers["User-Agent"]
    assert headers["Accept"] == "application/json"
    assert "Content-Type" not in headers


def test_body_is_json(picqer: responses.RequestsMock) -> None:
    picqer.put(f"{BASE}/products/90125", json=product())

    client().products.update(90125, ProductUpdate(name="Mug"))

    request = picqer.calls[0].request
    assert request.body == b'{"name":"Mug"}'
    assert request.headers["Content-Type"] == "application/json"


def test_nothing_of_a_request_leaks_into_the_next(picqer: responses.RequestsMock) -> None:
    """Failure mode F18."""
    picqer.post(f"{BASE}/orders", json=order(), status=201)
    picqer.get(ORDER, json=order())
    connected = client()

    connected.orders.create(NEW_ORDER)
    connected.orders.get(24035)

    second = picqer.calls[1].request
    assert second.body is None
    assert "Content-Type" not in second.headers
    assert second.url == ORDER


def test_session_of_the_caller_is_not_changed(picqer: responses.RequestsMock) -> None:
    picqer.get(ORDER, json=order())
    session = requests.Session()

    client(session=session).orders.get(24035)

    assert session.auth is None
    assert "saleor-picqer" not in session.headers["User-Agent"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_action_is_done_when_the_answer_is_empty(
    picqer: responses.RequestsMock, status: Any
) -> None:
    picqer.post(f"{ORDER}/process", status=status)

    assert client().orders.process(24035) is None


def test_action_is_done_when_the_answer_is_something_else(picqer: responses.RequestsMock) -> None:
    picqer.post(f"{ORDER}/process", json={"success": True})

    assert client().orders.process(24035) is None


def test_action_returns_the_order_when_picqer_sends_it(picqer: responses.RequestsMock) -> None:
    picqer.post(f"{ORDER}/process", json=order(status="processing"))

    processed = client().orders.process(24035)

    assert processed
    assert processed.status == "processing"


def test_error_carries_what_picqer_said(picqer: responses.RequestsMock) -> None:
    body = error_body(24, f"Product onbekend: anna@example.org {API_KEY}")
    picqer.post(f"{BASE}/orders", json=body, status=400)

    error = caught(client().orders.create, NEW_ORDER)

    assert type(error) is UnknownProductError
    assert (error.method, error.path, error.status, error.code) == ("POST", "/orders", 400, 24)
    assert error.text == "Product onbekend: [mail address] [key]"
    assert error.attempt == 1
    assert not error.maybe_executed


@pytest.mark.parametrize("body", [b"", b"<html>401</html>", b"[]", b"null", b'"no"', b'{"a":1}'])
def test_status_decides_when_the_body_is_no_error_object(
    picqer: responses.RequestsMock, body: Any
) -> None:
    picqer.get(ORDER, body=body, status=401)

    error = caught(client().orders.get, 24035)

    assert type(error) is AuthenticationError
    assert (error.code, error.text) == (None, "")


@pytest.mark.parametrize(
    "told",
    [
        {"error_code": "20"},
        {"error_code": None},
        {"error_code": [20]},
        {"error_code": "9" * 5000},
        {"error_code": True},
        {"error_message": {"a": 1}},
        {"error_message": "\x00\ud800" * 9999},
    ],
)
def test_error_object_may_be_odd(picqer: responses.RequestsMock, told: Any) -> None:
    picqer.get(ORDER, json=told, status=404)

    assert type(caught(client().orders.get, 24035)) is NotFoundError


def test_redirect_is_not_followed(picqer: responses.RequestsMock) -> None:
    picqer.post(f"{BASE}/orders", status=302, headers={"Location": "https://login.example/"})

    assert type(caught(client().orders.create, NEW_ORDER)) is EndpointError
    assert len(picqer.calls) == 1


def test_error_keeps_neither_query_nor_cause(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/orders", body=requests.ConnectionError("…/orders?emailaddress=anna@…"))

    error = caught(list, client(max_wait=0).orders.list(emailaddress="anna@example.org"))

    assert error.path == "/orders"
    assert "anna" not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_nothing_personal_is_logged(
    picqer: responses.RequestsMock, naps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    picqer.get(f"{BASE}/orders", status=500)
    picqer.post(f"{BASE}/orders", status=429)

    caught(list, client().orders.list(emailaddress="anna@example.org"))
    caught(client().orders.create, NEW_ORDER)

    assert "again in" in caplog.text
    assert "anna" not in caplog.text.lower()
    assert API_KEY not in caplog.text


@pytest.mark.parametrize("status", [400, 422])
def test_refusal_is_invalid_when_its_reason_is_cut_off(
    picqer: responses.RequestsMock, status: Any
) -> None:
    """The missing part of the body may have said: processed before."""
    picqer.post(f"{ORDER}/process", body=b'{"error":true,"error_co', status=status)

    error = caught(client().orders.process, 24035)

    assert type(error) is InvalidResponseError
    assert error.maybe_executed


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"idorder": 24', b"[]", b"null", b"{}"])
def test_answer_is_invalid_when_it_is_not_the_object(
    picqer: responses.RequestsMock, naps: list[float], body: Any
) -> None:
    picqer.get(ORDER, body=body)

    assert type(caught(client().orders.get, 24035)) is InvalidResponseError


def test_invalid_answer_does_not_show_values(picqer: responses.RequestsMock) -> None:
    picqer.get(ORDER, json={"idorder": "anna@example.org"})

    error = caught(client().orders.get, 24035)

    assert error.text.startswith("no Order: idorder: ")
    assert "anna" not in str(error)


def test_created_object_may_exist_when_its_answer_is_invalid(
    picqer: responses.RequestsMock,
) -> None:
    picqer.post(f"{BASE}/orders", body=b'{"idorder": 24', status=201)

    error = caught(client().orders.create, NEW_ORDER)

    assert type(error) is InvalidResponseError
    assert error.maybe_executed
    assert len(picqer.calls) == 1


@pytest.mark.parametrize(
    "failure",
    [
        {"status": 500},
        {"status": 503},
        {"body": b"<html>"},
        {"body": requests.ReadTimeout()},
        {"body": requests.ConnectionError("reset")},
        {"body": requests.exceptions.ChunkedEncodingError()},
        {"status": 429},
    ],
)
def test_read_is_repeated_when_it_failed_for_a_moment(
    picqer: responses.RequestsMock, naps: list[float], failure: Any
) -> None:
    picqer.get(ORDER, **failure)
    picqer.get(ORDER, json=order())

    assert client().orders.get(24035).idorder == 24035
    assert len(naps) == 1


def test_read_fails_when_no_attempt_is_left(
    picqer: responses.RequestsMock, naps: list[float]
) -> None:
    picqer.get(ORDER, status=500)

    error = caught(client().orders.get, 24035)

    assert type(error) is ServerError
    assert error.attempt == len(picqer.calls) == MAX_ATTEMPTS
    assert naps == sorted(naps)


@pytest.mark.parametrize(
    ("method", "call"),
    [
        (responses.PUT, lambda: client().products.update(1, ProductUpdate(name="Mug"))),
        (responses.DELETE, lambda: client().products.delete_part(1, 2)),
    ],
)
def test_idempotent_write_is_repeated_when_the_server_failed(
    picqer: responses.RequestsMock, naps: list[float], method: Any, call: Any
) -> None:
    path = "/products/1" if method == responses.PUT else "/products/1/parts/2"
    picqer.add(method, BASE + path, status=502)
    picqer.add(method, BASE + path, json=product())

    call()

    assert len(picqer.calls) == 2


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ({"status": 500}, ServerError),
        ({"status": 504}, ServerError),
        ({"body": requests.ReadTimeout()}, ResponseLostError),
        ({"body": requests.ConnectionError("reset")}, ResponseLostError),
    ],
)
def test_post_is_not_repeated_when_it_may_have_been_executed(
    picqer: responses.RequestsMock, naps: list[float], failure: Any, kind: Any
) -> None:
    picqer.post(f"{BASE}/orders", **failure)

    error = caught(client().orders.create, NEW_ORDER)

    assert type(error) is kind
    assert error.maybe_executed
    assert len(picqer.calls) == 1


@pytest.mark.parametrize("failure", [{"status": 429}, {"body": requests.ConnectTimeout()}])
def test_post_is_repeated_when_it_was_not_executed(
    picqer: responses.RequestsMock, naps: list[float], failure: Any
) -> None:
    picqer.post(f"{BASE}/orders", **failure)
    picqer.post(f"{BASE}/orders", json=order(), status=201)

    assert client().orders.create(NEW_ORDER).idorder == 24035


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(
    picqer: responses.RequestsMock, naps: list[float], status: Any
) -> None:
    picqer.get(ORDER, status=status, headers={"Retry-After": "11"})
    picqer.get(ORDER, json=order())

    client().orders.get(24035)

    assert naps == [11]


def test_rate_limit_is_an_error_when_waiting_takes_too_long(
    picqer: responses.RequestsMock, naps: list[float]
) -> None:
    picqer.get(ORDER, status=429, json=error_body(28), headers={"Retry-After": "50"})

    error = caught(client(max_wait=30).orders.get, 24035)

    assert type(error) is RateLimitedError
    assert error.retry_after == 50
    assert naps == []


def test_write_may_have_happened_when_an_earlier_attempt_is_unclear(
    picqer: responses.RequestsMock, naps: list[float]
) -> None:
    picqer.delete(ORDER, body=requests.ReadTimeout())
    picqer.delete(ORDER, json=error_body(21), status=400)

    error = caught(client().orders.cancel, 24035)

    assert type(error) is WrongStatusError
    assert error.attempt == 2
    assert error.maybe_executed


def test_connection_refused_is_unreachable(naps: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
    connected = PicqerClient(account(endpoint=endpoint))

    error = caught(connected.orders.create, NEW_ORDER)

    assert type(error) is UnusableAddressError
    assert error.attempt == MAX_ATTEMPTS
    assert not error.maybe_executed


def test_unknown_host_is_unreachable(naps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert type(caught(client().orders.create, NEW_ORDER)) is UnreachableError


def test_response_is_lost_when_picqer_is_too_slow(raw_server: RawServer, naps: list[float]) -> None:
    raw_server.hold.clear()
    connected = PicqerClient(account(endpoint=raw_server.url), timeout=(1, 0.05))

    error = caught(connected.orders.create, NEW_ORDER)

    assert type(error) is ResponseLostError
    assert error.maybe_executed


OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", ResponseLostError),
        (b"HTTP/1.1 2", ResponseLostError),
        (b"nonsense\r\n\r\n", InvalidResponseError),
        (OK_HEAD + b"X: 1\r\n" * 200 + b"\r\n{}", ResponseLostError),
        (OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", ResponseLostError),
        (OK_HEAD + b"Content-Encoding: gzip\r\n\r\nnot gzip", ResponseLostError),
        (OK_HEAD + b"\r\n" + b'{"idorder": 24', InvalidResponseError),
    ],
)
def test_broken_answer_is_one_of_the_clients_errors(
    raw_server: RawServer, naps: list[float], answer: Any, kind: Any
) -> None:
    raw_server.answer = answer
    connected = PicqerClient(account(endpoint=raw_server.url))

    error = caught(connected.orders.create, NEW_ORDER)

    assert type(error) is kind
    assert error.maybe_executed
    assert raw_server.connections == 1


def test_truncated_answer_may_be_noticed_by_length_or_by_json(
    raw_server: RawServer, naps: list[float]
) -> None:
    raw_server.answer = OK_HEAD + b'Content-Length: 500\r\n\r\n{"idorder": 24'
    connected = PicqerClient(account(endpoint=raw_server.url))

    error = caught(connected.orders.create, NEW_ORDER)

    assert isinstance(error, ResponseLostError | InvalidResponseError)
    assert error.maybe_executed


def test_connections_end_with_the_client(
    picqer: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = requests.Session()
    closed = []
    monkeypatch.setattr(session, "close", lambda: closed.append(True))

    with client(session=session):
        pass

    assert closed == [True]


@pytest.mark.parametrize(
    ("answer", "is_answer"),
    [
        ({"status": 500, "json": error_body(1)}, True),
        ({"status": 400, "json": error_body(1)}, True),
        ({"status": 503, "json": error_body(1)}, True),
        ({"status": 429}, True),
        ({"status": 401, "body": b"<html>"}, True),
        ({"status": 502, "body": b"<html>"}, False),
        ({"status": 503, "body": b"<html>"}, False),
        ({"status": 504}, False),
        ({"status": 200, "body": b"<html>"}, False),
        ({"body": requests.ReadTimeout()}, False),
        ({"body": requests.ConnectionError("reset")}, False),
    ],
)
def test_only_what_picqer_itself_sends_is_an_answer(
    picqer: responses.RequestsMock, naps: list[float], answer: Any, is_answer: bool
) -> None:
    """Failure mode F123."""
    picqer.post(f"{BASE}/orders", **answer)
    connected = client(max_wait=0)

    error = caught(connected.orders.create, NEW_ORDER)

    assert error.answered is is_answer
    assert connected.answered is is_answer


def test_nothing_is_known_of_picqer_when_the_limiter_sends_nothing() -> None:
    """Failure mode F84."""

    class NoBudget(Unlimited):
        def take(self, priority: Priority) -> float:
            return 40.0

    connected = client(rate_limiter=NoBudget(), max_wait=5)

    error = caught(connected.orders.create, NEW_ORDER)

    assert (error.attempt, error.retry_after, error.answered) == (0, 40.0, True)
    assert not connected.answered
