"""The API: fault, key, rate limit, route, operation, response and log of a request."""

from __future__ import annotations

import hmac
import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from picqer_simulator.core.errors import (
    INVALID_JSON,
    MISSING_PARAMETER,
    NOT_FOUND,
    NOT_IMPLEMENTED,
    RATE_LIMITED,
    ApiError,
)
from picqer_simulator.core.models import Wire
from picqer_simulator.http import fault_effects, fulfilment_keys, responses
from picqer_simulator.http.faults import Fault
from picqer_simulator.http.request_log import LoggedRequest
from picqer_simulator.http.routes import NOT_SIMULATED, ROUTES, Route
from picqer_simulator.http.runtime import Runtime

logger = logging.getLogger(__name__)

PREFIX = "/api/v1"


@dataclass(frozen=True)
class _Call:
    """A request and its route. `route` is None if the endpoint is unknown or not simulated."""

    request: Request
    path: str
    route: Route | None
    template: str
    ids: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return method and path template."""
        return f"{self.request.method} {self.template}"


class Api:
    """Answer requests to paths below `PREFIX`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._account = runtime.account
        self._map = _routing_map()

    def respond(self, request: Request) -> Response:
        """Answer a request; raise ConnectionDroppedError if a fault drops the connection."""
        call = self._match(request)
        # A fault applies before the key is checked, as a broken network would.
        fault = self._runtime.faults.for_request(request.method, call.template, call.path)
        started = time.monotonic()
        response = None
        try:
            response = self._execute_or_suffer(call, fault)
        finally:
            self._log(call, fault, response, time.monotonic() - started)
        return response

    def _match(self, request: Request) -> _Call:
        """Find the route of a request."""
        path = request.path.removeprefix(PREFIX).rstrip("/")
        try:
            found, ids = self._map.bind("").match(path or "/", request.method)
        except HTTPException:
            return _Call(request, path, None, "(unknown)", {})
        if isinstance(found, Route):
            return _Call(request, path, found, found.path, ids)
        return _Call(request, path, None, found, {})

    def _execute_or_suffer(self, call: _Call, fault: Fault | None) -> Response:
        """Answer the request, changed by the fault if a fault applies."""
        if fault is None:
            return self._execute(call)
        executed = self._execute(call) if fault_effects.executes(fault) else None
        if fault.fault in fault_effects.HELD_UP:
            self._runtime.faults.hold_up(fault)
        return fault_effects.apply(self._account.options, fault, executed)

    def _execute(self, call: _Call) -> Response:
        """Check key and rate limit, and run the operation."""
        if not self._has_key(call.request):
            return responses.unauthorised(self._account.options)
        allowance = self._runtime.limiter.take(self._account.options, self._runtime.api_key)
        try:
            if not allowance.allowed:
                raise ApiError(RATE_LIMITED)  # noqa: TRY301 - becomes a response below
            response = self._respond(call)
        except ApiError as error:
            response = responses.refusal(self._account.options, error)
        except Exception:
            logger.exception("%s failed", call.name)
            response = responses.refusal(self._account.options, ApiError(1))
        responses.add_budget(self._account.options, response, allowance)
        return response

    def _has_key(self, request: Request) -> bool:
        """Return whether the request carries the API key as user name."""
        # The password of Basic authentication is ignored.
        given = request.authorization.username if request.authorization else None
        return hmac.compare_digest((given or "").encode(), self._runtime.api_key.encode())

    def _respond(self, call: _Call) -> Response:
        """Run the operation of the route; raise ApiError for a refused request."""
        options = self._account.options
        if not call.request.headers.get("User-Agent") and options.missing_user_agent == "refuse":
            raise ApiError(MISSING_PARAMETER, "Required: User-Agent")
        if call.route is None:
            raise ApiError(NOT_FOUND if call.template == "(unknown)" else NOT_IMPLEMENTED)
        if options.key_scope == "fulfilment" and call.route.name not in fulfilment_keys.ALLOWED:
            return responses.forbidden()
        result = self._account.run(call.route.operation, *_arguments(call, call.route))
        return responses.success(options, call.route, result)

    def _log(
        self, call: _Call, fault: Fault | None, response: Response | None, seconds: float
    ) -> None:
        """Add the request to the log."""
        self._runtime.log.add(
            LoggedRequest(
                at=self._account.clock.stamp(),
                method=call.request.method,
                path=call.path,
                query=call.request.query_string.decode(errors="replace"),
                route=call.name,
                status=response.status_code if response else None,
                error_code=responses.error_code(response),
                fault=fault.fault if fault else None,
                milliseconds=round(seconds * 1000, 3),
            )
        )


def _routing_map() -> Map:
    """Return werkzeug's routing map of all endpoints."""
    # Endpoints without a simulation have a route too, to answer with code 8 instead of 20.
    rules = [Rule(_pattern(route.path), methods=[route.method], endpoint=route) for route in ROUTES]
    for name in NOT_SIMULATED:
        method, path = name.split()
        rules.append(Rule(_pattern(path), methods=[method], endpoint=path))
    return Map(rules, redirect_defaults=False, merge_slashes=False)


def _pattern(path: str) -> str:
    """Translate `/orders/{idorder}` to werkzeug's notation."""
    # Only names that begin with "id" are numbers.
    return re.sub(r"\{(id\w+)\}", r"<int:\1>", path).replace("{", "<").replace("}", ">")


def _arguments(call: _Call, route: Route) -> list[Any]:
    """Return the arguments of the route's operation."""
    arguments = list(call.ids.values())
    if "body" in route.takes:
        arguments.append(_body(call.request))
    if "query" in route.takes:
        arguments.append(call.request.args.to_dict())
    return arguments


def _body(request: Request) -> Wire:
    """Return the request's JSON object; raise ApiError 22 for anything else."""
    raw = request.get_data()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise ApiError(INVALID_JSON) from None
    if not isinstance(body, dict):
        raise ApiError(INVALID_JSON, "The body is not a JSON object")
    return body
