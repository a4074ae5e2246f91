"""The effect of each fault on the response to a request."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from picqer_simulator.core.errors import ApiError
from picqer_simulator.core.options import Options
from picqer_simulator.http import responses
from picqer_simulator.http.faults import Fault

# Faults that change the response of an executed request.
EXECUTED = ("drop-after", "slow", "truncate")
# Faults that take the time of `seconds`.
HELD_UP = ("slow", "hang")

Effect = Callable[[Options, Fault, Response | None], Response]


class ConnectionDroppedError(Exception):
    """The connection ends without a response."""


def executes(fault: Fault) -> bool:
    """Return whether the operation runs in spite of the fault."""
    return fault.execute or fault.fault in EXECUTED


def apply(options: Options, fault: Fault, executed: Response | None) -> Response:
    """Return the response under the fault, or raise ConnectionDroppedError."""
    return _EFFECTS[fault.fault](options, fault, executed)


def _drop(_options: Options, _fault: Fault, _executed: Response | None) -> Response:
    raise ConnectionDroppedError


def _server_error(options: Options, _fault: Fault, _executed: Response | None) -> Response:
    return responses.refusal(options, ApiError(1))


def _too_many(options: Options, fault: Fault, _executed: Response | None) -> Response:
    return responses.exhausted(options, fault.seconds)


def _slow(_options: Options, _fault: Fault, executed: Response | None) -> Response:
    return executed or Response()


def _truncate(_options: Options, _fault: Fault, executed: Response | None) -> Response:
    """Return half of the body with the length of the whole body."""
    whole = executed.get_data() if executed else b""
    response = Response(whole[: len(whole) // 2], executed.status_code if executed else 200)
    response.automatically_set_content_length = False
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Length"] = str(len(whole))
    response.headers["Connection"] = "close"
    return response


def _html(_options: Options, fault: Fault, _executed: Response | None) -> Response:
    return responses.html_response("Down for maintenance", fault.status)


_EFFECTS: dict[str, Effect] = {
    "drop-before": _drop,
    "drop-after": _drop,
    "500": _server_error,
    "429": _too_many,
    "slow": _slow,
    "hang": _drop,
    "truncate": _truncate,
    "html": _html,
}
