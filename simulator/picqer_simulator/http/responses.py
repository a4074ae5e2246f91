"""Responses of the API: JSON, errors and the headers of the rate limit."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response

from picqer_simulator.core.encoding import dumps
from picqer_simulator.core.errors import RATE_LIMITED, ApiError
from picqer_simulator.core.options import Options
from picqer_simulator.http.rate_limit import Allowance
from picqer_simulator.http.routes import Route

HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def json_response(value: object, status: int = 200) -> Response:
    """Return a JSON response."""
    return Response(dumps(value), status, content_type="application/json")


def html_response(title: str, status: int) -> Response:
    """Return a small HTML page."""
    return Response(HTML.format(title), status, content_type="text/html; charset=utf-8")


def success(options: Options, route: Route, result: Any) -> Response:
    """Return the response for the result of an operation."""
    # A result of None has no body, and a DELETE without a body has status 204.
    if route.action:
        empty = options.action_body == "empty" or options.action_status == 204
        return (
            _empty(options.action_status) if empty else json_response(result, options.action_status)
        )
    if result is None:
        return _empty(204 if route.method == "DELETE" else route.status)
    return json_response(result, route.status)


def refusal(options: Options, error: ApiError) -> Response:
    """Return the response for a refused request."""
    status = options.error_statuses.get(error.code, error.status)
    body = {"error": True, "error_code": error.code, "error_message": error.message}
    return json_response(body, status)


def unauthorised(options: Options) -> Response:
    """Return the response to a request without a valid key."""
    # No error code of Picqer is known for a wrong key.
    if options.unauthorised_body == "html":
        response = html_response("401 Unauthorized", 401)
    else:
        response = json_response({"error": True, "error_message": "Invalid credentials"}, 401)
    response.headers["WWW-Authenticate"] = 'Basic realm="Picqer"'
    add_budget(options, response, Allowance(True, options.rate_limit, options.rate_limit, 0))
    return response


def forbidden() -> Response:
    """Return the response to a key that may not use the endpoint."""
    return json_response({"error": True, "error_message": "No access to this function"}, 403)


def add_budget(options: Options, response: Response, allowance: Allowance) -> None:
    """Add the headers of the rate limit."""
    response.headers["X-RateLimit-Limit"] = str(allowance.limit)
    response.headers["X-RateLimit-Remaining"] = str(allowance.remaining)
    if not allowance.allowed and options.retry_after:
        response.headers["Retry-After"] = str(allowance.seconds_left)


def exhausted(options: Options, seconds: float) -> Response:
    """Return a response with status 429, whatever the rate limiter has counted."""
    response = refusal(options, ApiError(RATE_LIMITED))
    add_budget(options, response, Allowance(False, options.rate_limit, 0, round(seconds)))
    return response


def error_code(response: Response | None) -> int | None:
    """Return the error code in a response, or None."""
    if response is None or response.status_code < 400 or not response.is_json:
        return None
    try:
        code: int | None = json.loads(response.get_data()).get("error_code")
    except ValueError:  # a fault has truncated the body
        return None
    return code


def _empty(status: int) -> Response:
    """Return a response without a body."""
    response = Response(b"", status)
    del response.headers["Content-Type"]
    return response
