"""Random responses: the client returns its objects or raises an error of `errors.py`."""

import json
from contextlib import suppress
from typing import Any

import pytest
import responses
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from saleor_picqer.errors import PicqerApiError
from saleor_picqer.picqer import transport
from saleor_picqer.picqer.client import PicqerClient
from tests.unit.picqer.builders import BASE, account, client, order, parcel, product, shipment
from tests.unit.picqer.conftest import RawServer

CALLS: dict[str, Any] = {
    "/stats": lambda picqer: picqer.stats.get(),
    "/products": lambda picqer: [p.keeps_stock for p in picqer.products.list()],
    "/warehouses/1/stock": lambda picqer: list(picqer.warehouses.stock(1)),
    "/orders/1": lambda picqer: picqer.orders.get(1),
    "/orders/1/productstatus": lambda picqer: picqer.orders.product_status(1),
    "/orders/1/process": lambda picqer: picqer.orders.process(1),
    "/picklists/1": lambda picqer: picqer.picklists.get(1),
    "/shipments": lambda picqer: [s.tracking for s in picqer.shipments.list()],
    "/hooks": lambda picqer: list(picqer.hooks.list()),
}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["", "0", "12", "-3", "8.26", "2026-02-03 11:20:05", "\ud800", "\x00"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
OBJECTS = [
    order(),
    product(stock=[{"idwarehouse": 1, "stock": 3, "reserved": 1, "freestock": 2}]),
    shipment(parcels=[parcel("3S1")]),
    {"idpicklist": 1, "products": [{"idpicklist_product": 2, "amount": 3, "amountpicked": 1}]},
    {"idproduct": 1, "stock": {"idwarehouse": 1, "stock": 2, "reserved": 1}},
    {"idhook": 1, "event": "orders.created", "active": True},
    {"error": True, "error_code": 24, "error_message": "x"},
]


@st.composite
def damaged_objects(draw: Any) -> Any:
    """Return a real object in which some fields have random values."""
    whole = draw(st.sampled_from(OBJECTS))
    damage = draw(st.dictionaries(st.sampled_from(sorted(whole)), values, max_size=3))
    return whole | damage


def as_bytes(value: Any) -> Any:
    return json.dumps(value).encode()


bodies = (
    st.binary(max_size=40)
    | values.map(as_bytes)
    | damaged_objects().map(as_bytes)
    | st.lists(damaged_objects(), max_size=3).map(as_bytes)
    | st.tuples(damaged_objects().map(as_bytes), st.integers(0, 60)).map(lambda t: t[0][: t[1]])
)
headers = st.dictionaries(
    st.sampled_from(["Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6),
)


@pytest.mark.parametrize("path", CALLS)
@given(status=st.integers(200, 599), body=bodies, headers=headers)
@example(status=200, body=b"[" * 100_000, headers={})
@example(status=400, body=b'{"error_code":1e999999999}', headers={})
@settings(suppress_health_check=list(HealthCheck))
def test_client_raises_only_its_own_errors_whatever_is_answered(
    monkeypatch: pytest.MonkeyPatch, path: Any, status: Any, body: Any, headers: Any
) -> None:
    monkeypatch.setattr(transport, "sleep", lambda seconds: None)
    method = "POST" if path.endswith("/process") else "GET"
    with responses.RequestsMock() as picqer:
        picqer.add(method, BASE + path, body=body, status=status, headers=headers)
        with suppress(PicqerApiError):
            CALLS[path](client(max_wait=0))


@given(answer=st.binary(max_size=200))
@example(answer=b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")
@example(answer=b"HTTP/1.1 999 OK\r\n\r\n{}")
@example(answer=b"HTTP/1.1 302 OK\r\nLocation: http://[::1\r\n\r\n")
@example(answer=b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff\xfe=;;=\r\n\r\n{}")
@example(answer=b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\xff")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_client_raises_only_its_own_errors_when_it_is_no_http(
    raw_server: RawServer, answer: Any
) -> None:
    raw_server.answer = answer
    with (
        suppress(PicqerApiError),
        PicqerClient(account(endpoint=raw_server.url), max_wait=0) as connected,
    ):
        connected.orders.get(1)
