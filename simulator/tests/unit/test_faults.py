"""The list of pending faults."""

from __future__ import annotations

import pytest
from picqer_simulator.http.faults import FaultError, Faults


def _kinds(faults: Faults, *requests: tuple[str, str]) -> list[str | None]:
    found = (faults.for_request(method, route) for method, route in requests)
    return [fault.fault if fault else None for fault in found]


def test_happen_the_given_number_of_times_when_requests_match() -> None:
    faults = Faults()
    faults.add({"method": "POST", "route": "/orders", "fault": "500", "times": 2})

    kinds = _kinds(faults, ("GET", "/orders"), *[("POST", "/orders")] * 3)

    assert kinds == [None, "500", "500", None]


def test_happen_in_order_when_several_match() -> None:
    faults = Faults()
    for kind in ("500", "429"):
        faults.add({"fault": kind})

    assert _kinds(faults, *[("GET", "/stats")] * 3) == ["500", "429", None]


def test_let_requests_pass_when_skip_is_given() -> None:
    faults = Faults()
    faults.add({"fault": "500", "skip": 2})

    assert _kinds(faults, *[("GET", "/stats")] * 4) == [None, None, "500", None]


def test_of_requests_stay_when_a_webhook_uses_up_its_own() -> None:
    faults = Faults()
    faults.add({"event": "orders.created", "fault": "lose"})

    assert faults.for_request("GET", "/stats") is None
    assert faults.for_delivery("orders.closed") is None
    found = faults.for_delivery("orders.created")
    assert found is not None
    assert found.fault == "lose"
    assert faults.pending() == []


@pytest.mark.parametrize(
    "description", [{}, {"fault": "earthquake"}, {"fault": "500", "times": "x"}]
)
def test_are_refused_when_unknown(description: dict[str, object]) -> None:
    with pytest.raises(FaultError):
        Faults().add(description)
