"""Owns the control routes: what a test or a person does to the simulator besides the API."""

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
from picqer_simulator.core.options import UnknownKnobError
from picqer_simulator.http.cross_site import is_from_elsewhere
from picqer_simulator.http.faults import FaultError
from picqer_simulator.http.responses import json_reply
from picqer_simulator.http.runtime import Backstage
from picqer_simulator.rules import orders, staff

PREFIX = "/_simulator"
LONGEST_DRAIN = 30.0

Handler = Callable[..., Any]


def _health(_backstage: Backstage, _body: Wire) -> Wire:
    return {"status": "ok"}


def _reset(backstage: Backstage, _body: Wire) -> Wire:
    backstage.reset()
    return {"status": "ok"}


def _seed(backstage: Backstage, body: Wire) -> Wire:
    return backstage.simulator.run(seeds.seed, body)


def _stock(backstage: Backstage, body: Wire) -> Wire:
    return backstage.simulator.run(staff.set_stock, body)


def _expect(backstage: Backstage, body: Wire) -> Wire:
    """An order that a webshop integration announced, not paid yet."""
    return backstage.simulator.run(orders.create, body, status="expected")


def _ship(backstage: Backstage, body: Wire, idorder: int) -> Wire:
    return backstage.simulator.run(staff.ship, idorder, body)


def _cancel(backstage: Backstage, _body: Wire, idorder: int) -> Wire:
    return backstage.simulator.run(staff.cancel, idorder)


def _add_fault(backstage: Backstage, body: Wire) -> Wire:
    return backstage.faults.add(body)


def _list_faults(backstage: Backstage, _body: Wire) -> list[Wire]:
    return backstage.faults.pending()


def _list_faults_under_way(backstage: Backstage, _body: Wire) -> list[Wire]:
    return backstage.faults.under_way()


def _clear_faults(backstage: Backstage, _body: Wire) -> Wire:
    backstage.faults.clear()
    return {"status": "ok"}


def _list_knobs(backstage: Backstage, _body: Wire) -> Wire:
    return asdict(backstage.simulator.knobs)


def _turn_knobs(backstage: Backstage, body: Wire) -> Wire:
    backstage.simulator.turn(**body)
    return asdict(backstage.simulator.knobs)


def _advance_clock(backstage: Backstage, body: Wire) -> Wire:
    """`{"advance": seconds}`."""
    backstage.simulator.clock.advance(float(body["advance"]))
    backstage.simulator.run_due()
    return {"now": backstage.simulator.clock.stamp()}


def _list_requests(backstage: Backstage, _body: Wire) -> Wire:
    return backstage.log.summary()


def _clear_requests(backstage: Backstage, _body: Wire) -> Wire:
    backstage.log.clear()
    return {"status": "ok"}


def _list_deliveries(backstage: Backstage, _body: Wire) -> list[Wire]:
    return [_delivery_wire(delivery) for delivery in list(backstage.dispatcher.history)]


def _list_events(backstage: Backstage, _body: Wire) -> list[Wire]:
    return [event._asdict() for event in list(backstage.simulator.events)]


def _drain(backstage: Backstage, _body: Wire) -> Wire:
    return {"drained": backstage.dispatcher.drain(LONGEST_DRAIN)}


def _save_state(backstage: Backstage, _body: Wire) -> Wire:
    """The whole account, to be loaded again."""
    with backstage.simulator.lock:
        saved: Wire = json.loads(state.dump(backstage.simulator.state))
    return saved


def _load_state(backstage: Backstage, body: Wire) -> Wire:
    backstage.simulator.restore(state.parse(json.dumps(body).encode()))
    return {"status": "ok"}


CONTROLS: dict[str, Handler] = {
    "GET /health": _health,
    "POST /reset": _reset,
    "POST /seed": _seed,
    "POST /stock": _stock,
    "POST /orders/expected": _expect,
    "POST /orders/<int:idorder>/ship": _ship,
    "POST /orders/<int:idorder>/cancel": _cancel,
    "GET /faults": _list_faults,
    "GET /faults/under-way": _list_faults_under_way,
    "POST /faults": _add_fault,
    "DELETE /faults": _clear_faults,
    "GET /knobs": _list_knobs,
    "POST /knobs": _turn_knobs,
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
    """Answers what is below `PREFIX`; no key is asked for."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._map = Map(
            [
                Rule(path, methods=[method], endpoint=handler)
                for (method, path), handler in (
                    (name.split(), handler) for name, handler in CONTROLS.items()
                )
            ]
        )

    def answer(self, request: Request) -> Response:
        if request.method != "GET" and is_from_elsewhere(request):
            return json_reply({"error": "another site sent this, so nothing was done"}, 403)
        path = request.path.removeprefix(PREFIX).rstrip("/")
        try:
            handler, ids = self._map.bind("").match(path or "/", request.method)
            body = json.loads(request.get_data() or b"{}")
            return json_reply(handler(self._backstage, body, **ids))
        except HTTPException as error:
            return json_reply({"error": error.name}, error.code or 404)
        except ApiError as error:
            return json_reply({"error": error.message, "error_code": error.code}, error.status)
        except (FaultError, UnknownKnobError, KeyError, TypeError, ValueError) as error:
            return json_reply({"error": f"{type(error).__name__}: {error}"}, 400)


def _delivery_wire(delivery: Delivery) -> Wire:
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
