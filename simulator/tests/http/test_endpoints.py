"""Every endpoint answers over HTTP with its documented status."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from picqer_simulator.http.routes import NOT_SIMULATED, ROUTES, Route
from simulator_support.http_client import Session, order_body

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\npixels").decode()

BODIES: dict[str, Any] = {
    "POST /tags": {"title": "Gift", "color": "#00FF00", "inherit": True},
    "POST /products": {"productcode": "NEW", "name": "New", "price": 1, "idvatgroup": 1},
    "POST /products/{idproduct}/images": {"image": PNG},
    "POST /products/{idproduct}/stock/{idwarehouse}": {"change": 1, "reason": "Found"},
    "PUT /products/{idproduct}/warehouses/{idwarehouse}": {"stock_level_order": 3},
    "POST /products/{idproduct}/parts": {"idproduct": 1, "amount": 2},
    "PUT /products/{idproduct}/parts/{idproduct_part}": {"amount": 3},
    "POST /products/{idproduct}/produce": {"idwarehouse": 1, "amount": 1},
    "POST /customers": {"name": "Jansen B.V."},
    "POST /customers/{idcustomer}/addresses": {"name": "Jansen B.V.", "country": "NL"},
    "POST /orders": order_body(),
    "POST /orders/{idorder}/products": {"idproduct": 2, "amount": 1},
    "PUT /orders/{idorder}/products/{idorder_product}": {"amount": 1},
    "POST /orders/{idorder}/notes": {"note": "Fragile"},
    "PUT /orders/{idorder}/orderfields/{idorderfield}": {"value": "yes"},
    "POST /picklists/{idpicklist}/pick": {"product": "MUG", "amount": 1},
    "POST /picklists/{idpicklist}/assign": {"iduser": 1},
    "POST /picklists/{idpicklist}/snooze": {"snooze_until": "2099-01-01 09:00:00"},
    "POST /hooks": {"name": "x", "event": "orders.closed", "address": "http://x.example/"},
}


def _body(route: Route) -> Any:
    if route.path.endswith("/comments"):
        return {"body": "Call first"}
    if route.path.endswith("/tags") and route.path != "/tags":
        return {"idtag": 1}
    return BODIES.get(route.name, {})


def _composition(session: Session) -> None:
    """Turn product 3 into a composition of two mugs."""
    cake = {"productcode": "CAKE", "name": "Cake", "price": 1, "idvatgroup": 1}
    session.json("POST", "/products", {**cake, "type": "composition_with_stock"})
    session.json("POST", "/products/3/parts", {"idproduct": 1, "amount": 2})


def _processed(session: Session) -> None:
    session.json("POST", "/orders/1/process")


def _without_stock(session: Session) -> None:
    session.control("POST", "/stock", {"productcode": "MUG", "amount": 1})
    _processed(session)


def _picked(session: Session) -> None:
    _processed(session)
    session.json("POST", "/picklists/1/pickall")


def _shipment(session: Session) -> None:
    _processed(session)
    session.json("POST", "/picklists/1/shipments", {})


def _paused_picklist(session: Session) -> None:
    _processed(session)
    session.json("POST", "/picklists/1/pause", {})


def _expected(session: Session) -> None:
    session.control("POST", "/orders/expected", order_body())


# Preparations that an endpoint needs, by route name or by the start of its path.
PREPARATIONS: dict[str, Callable[[Session], Any]] = {
    "/products/{idproduct}/parts": _composition,
    "/products/{idproduct}/produce": _composition,
    "GET /backorders/{idbackorder}": _without_stock,
    "DELETE /backorders/{idbackorder}": _without_stock,
    "POST /orders/{idorder}/resume": lambda session: session.json("POST", "/orders/1/pause", {}),
    "POST /orders/{idorder}/change-to-concept": _expected,
    "POST /orders/{idorder}/reopen": _processed,
    "POST /orders/{idorder}/undo": lambda session: session.json("DELETE", "/orders/1"),
    "POST /orders/{idorder}/prioritise": _without_stock,
    "POST /orders/{idorder}/process-backorders": _without_stock,
    "POST /orders/{idorder}/anonymize": lambda session: session.control(
        "POST", "/clock", {"advance": 8 * 24 * 3600}
    ),
    "POST /picklists/{idpicklist}/close": _picked,
    "POST /picklists/{idpicklist}/resume": _paused_picklist,
    "DELETE /picklists/{idpicklist}/shipments/{idshipment}": _shipment,
    "GET /shipments/{idshipment}": _shipment,
    "/picklists/{idpicklist}": _processed,
}
# Endpoints that concern another record than the first.
OTHER_IDS = {
    "/products/{idproduct}/parts": {"idproduct": 3},
    "/products/{idproduct}/produce": {"idproduct": 3},
    "POST /orders/{idorder}/change-to-concept": {"idorder": 2},
}


def _for(route: Route, table: dict[str, Any], default: Any) -> Any:
    for key, value in table.items():
        if route.name.startswith(key) or route.path.startswith(key):
            return value
    return default


@pytest.fixture
def furnished(session: Session) -> Session:
    """Fill the account with a tagged customer, order and product, a hook and a comment."""
    session.json("POST", "/customers", {"name": "Visser", "addresses": [{"name": "Visser"}]})
    session.json("POST", "/orders", order_body(orderfields=[{"idorderfield": 1, "value": "x"}]))
    session.json("POST", "/products/1/images", {"image": PNG})
    session.json("POST", "/hooks", {"name": "x", "event": "tasks.created", "address": "http://x/"})
    for owner in ("products", "customers", "orders"):
        session.json("POST", f"/{owner}/1/tags", {"idtag": 1})
    return session


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_endpoint_answers_with_its_status_when_called(furnished: Session, route: Route) -> None:
    _for(route, PREPARATIONS, lambda session: None)(furnished)
    ids = dict.fromkeys(_names(route.path), 1) | _for(route, OTHER_IDS, {})
    ids |= {"key": "total-orders"}
    body = _body(route) if route.method in ("POST", "PUT") else None

    response = furnished.call(route.method, route.path.format(**ids), json=body)

    expected = 204 if route.method == "DELETE" else route.status
    assert response.status_code == expected, response.text
    if expected != 204:
        assert response.headers["Content-Type"] == "application/json"
        assert isinstance(response.json(), list | dict)


@pytest.mark.parametrize("name", NOT_SIMULATED)
def test_answers_with_code_8_when_the_endpoint_is_not_simulated(
    session: Session, name: str
) -> None:
    method, path = name.split()

    response = session.call(method, path.format(**dict.fromkeys(_names(path), 1)), json={})

    assert (response.status_code, response.json()["error_code"]) == (400, 8)


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if "{id" in route.path], ids=lambda route: route.name
)
def test_answers_not_found_when_the_ids_are_unknown(session: Session, route: Route) -> None:
    ids = dict.fromkeys(_names(route.path), 404)

    response = session.call(route.method, route.path.format(**ids), json=_body(route))

    assert (response.status_code, response.json()["error_code"]) == (404, 20)


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
