"""The control routes: everything that a test can do to the simulator besides the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from picqer_simulator import seeds
from picqer_simulator.core import state
from picqer_simulator.core.errors import ApiError
from picqer_simulator.core.events import Delivery
from picqer_simulator.core.models import Wire
from picqer_simulator.core.options import UnknownOptionError
from picqer_simulator.http.cross_site import is_cross_site
from picqer_simulator.http.faults import FaultError
from picqer_simulator.http.responses import json_response
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.rules import orders, staff

PREFIX = "/_simulator"
# Seconds that POST /drain waits at most.
LONGEST_DRAIN = 30.0

Handler = Callable[..., Any]


def _health(_runtime: Runtime, _body: Wire) -> Wire:
    return {"status": "ok"}


def _reset(runtime: Runtime, _body: Wire) -> Wire:
    runtime.reset()
    return {"status": "ok"}


def _seed(runtime: Runtime, body: Wire) -> Wire:
    return runtime.account.run(seeds.seed, body)


def _stock(runtime: Runtime, body: Wire) -> Wire:
    return runtime.account.run(staff.set_stock, body)


def _change_warehouse(runtime: Runtime, body: Wire, idwarehouse: int) -> Wire:
    return runtime.account.run(staff.change_warehouse, idwarehouse, body)


def _expect(runtime: Runtime, body: Wire) -> Wire:
    """Create an order that a webshop integration has announced and that is not paid yet."""
    return runtime.account.run(orders.create, body, status="expected")


def _ship(runtime: Runtime, body: Wire, idorder: int) -> Wire:
    return runtime.account.run(staff.ship, idorder, body)


def _cancel(runtime: Runtime, _body: Wire, idorder: int) -> Wire:
    return runtime.account.run(staff.cancel, idorder)


def _add_fault(runtime: Runtime, body: Wire) -> Wire:
    return runtime.faults.add(body)


def _list_faults(runtime: Runtime, _body: Wire) -> list[Wire]:
    return runtime.faults.pending()


def _list_faults_under_way(runtime: Runtime, _body: Wire) -> list[Wire]:
    return runtime.faults.under_way()


def _clear_faults(runtime: Runtime, _body: Wire) -> Wire:
    runtime.faults.clear()
    return {"status": "ok"}


def _list_options(runtime: Runtime, _body: Wire) -> Wire:
    return asdict(runtime.account.options)


def _set_options(runtime: Runtime, body: Wire) -> Wire:
    runtime.account.set_options(**body)
    return asdict(runtime.account.options)


def _advance_clock(runtime: Runtime, body: Wire) -> Wire:
    """Move the clock forward by `{"advance": seconds}`."""
    runtime.account.clock.advance(float(body["advance"]))
    runtime.account.run_due()
    return {"now": runtime.account.clock.stamp()}


def _list_requests(runtime: Runtime, _body: Wire) -> Wire:
    return runtime.log.summary()


def _clear_requests(runtime: Runtime, _body: Wire) -> Wire:
    runtime.log.clear()
    return {"status": "ok"}


def _list_deliveries(runtime: Runtime, _body: Wire) -> list[Wire]:
    return [_delivery_wire(delivery) for delivery in list(runtime.dispatcher.history)]


def _list_events(runtime: Runtime, _body: Wire) -> list[Wire]:
    return [event._asdict() for event in list(runtime.account.events)]


def _drain(runtime: Runtime, _body: Wire) -> Wire:
    return {"drained": runtime.dispatcher.drain(LONGEST_DRAIN)}


def _save_state(runtime: Runtime, _body: Wire) -> Wire:
    """Return the whole account as JSON."""
    with runtime.account.lock:
        saved: Wire = json.loads(state.dump(runtime.account.state))
    return saved


def _load_state(runtime: Runtime, body: Wire) -> Wire:
    """Replace the account by a saved account."""
    runtime.account.restore(state.parse(json.dumps(body).encode()))
    return {"status": "ok"}


CONTROLS: dict[str, Handler] = {
    "GET /health": _health,
    "POST /reset": _reset,
    "POST /seed": _seed,
    "POST /stock": _stock,
    "POST /warehouses/<int:idwarehouse>": _change_warehouse,
    "POST /orders/expected": _expect,
    "POST /orders/<int:idorder>/ship": _ship,
    "POST /orders/<int:idorder>/cancel": _cancel,
    "GET /faults": _list_faults,
    "GET /faults/under-way": _list_faults_under_way,
    "POST /faults": _add_fault,
    "DELETE /faults": _clear_faults,
    "GET /options": _list_options,
    "POST /options": _set_options,
    "POST /clock": _advance_clock,
    "GET /requests": _list_requests,
    "DELETE /requests": _clear_requests,
    "GET /deliveries": _list_deliveries,
    "GET /events": _list_events,
    "POST /drain": _drain,
    "GET /state": _save_state,
    "POST /state": _load_state,
}


class Control:
    """Answer requests to paths below `PREFIX`, without an API key."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._map = Map(
            [
                Rule(path, methods=[method], endpoint=handler)
                for (method, path), handler in (
                    (name.split(), handler) for name, handler in CONTROLS.items()
                )
            ]
        )

    def respond(self, request: Request) -> Response:
        """Answer a request; refuse changes that another website sends."""
        # Reading is harmless: the browser hides the response from the other website.
        if request.method != "GET" and is_cross_site(request):
            return json_response(
                {"error": "Nothing was done: the request came from another website."}, 403
            )
        path = request.path.removeprefix(PREFIX).rstrip("/")
        try:
            handler, ids = self._map.bind("").match(path or "/", request.method)
            body = json.loads(request.get_data() or b"{}")
            return json_response(handler(self._runtime, body, **ids))
        except HTTPException as error:
            return json_response({"error": error.name}, error.code or 404)
        except ApiError as error:
            return json_response({"error": error.message, "error_code": error.code}, error.status)
        except (FaultError, UnknownOptionError, KeyError, TypeError, ValueError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)


def _delivery_wire(delivery: Delivery) -> Wire:
    """Return a delivery as JSON."""
    return {
        "iddelivery": delivery.iddelivery,
        "idhook": delivery.idhook,
        "event": delivery.event,
        "address": delivery.address,
        "signed": delivery.signature is not None,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "body": json.loads(delivery.body),
    }
