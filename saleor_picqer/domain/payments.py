"""The capture of an order's payment after the shipment: asked of Saleor once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class CaptureWhen(StrEnum):
    """When the authorised payment of an order is captured."""

    NEVER = "never"
    # In whole, with the first shipment.
    FIRST_SHIPMENT = "first_shipment"
    # Once nothing of the order is left to ship.
    ALL_SHIPPED = "all_shipped"


class CaptureState(StrEnum):
    """How far the capture of a payment has come."""

    DUE = "due"
    # Saved before Saleor is asked: a worker that is killed meanwhile leaves this state.
    ASKED = "asked"
    # Saleor has asked the payment app, which answers later.
    PENDING = "pending"
    CAPTURED = "captured"
    # Nothing is authorised, because the order is paid or is paid in another way.
    NOTHING = "nothing"
    REFUSED = "refused"
    # Whether the payment was captured cannot be told.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Capture:
    """What Saleor says of a capture."""

    state: CaptureState
    # Such as "30.25 EUR"; empty for nothing.
    amount: str = ""
    # Why the payment was not captured, as the payment's provider puts it.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to capture, without an outcome."""

    at: datetime
    # Whether no answer is to be expected any more.
    is_late: bool


# Longer than any gateway takes to answer: after that, the worker was killed.
ANSWER_TIME: Final = timedelta(minutes=10)
# How long a payment app may take to tell what became of a capture.
LONGEST_PENDING: Final = timedelta(hours=2)

PROBLEMS: Final = frozenset({CaptureState.REFUSED, CaptureState.UNKNOWN})

_NOT_CAPTURED: Final = "The payment of this shipped order was not captured."
_UNCLEAR: Final = "Whether the payment of this shipped order was captured is not known."
_LOOK: Final = "Look into the payment provider's system, and capture it in Saleor if need be."


def notice(capture: Capture) -> str:
    """Return what the order's timeline tells of a capture; may be empty."""
    template = _NOTICES.get(capture.state, "")
    return " ".join(template.format(amount=capture.amount, reason=capture.reason).split())


def is_not_captured(text: str) -> bool:
    """Return whether a flag tells of a payment not captured, which may come later."""
    return text.startswith((_NOT_CAPTURED, _UNCLEAR))


_NOTICES: Final[Mapping[CaptureState, str]] = {
    CaptureState.CAPTURED: "Picqer has shipped the order, so its payment is captured: {amount}.",
    CaptureState.PENDING: (
        "Picqer has shipped the order, so the payment app is asked to capture {amount}."
    ),
    CaptureState.REFUSED: f"{_NOT_CAPTURED} {{reason}} {_LOOK}",
    CaptureState.UNKNOWN: f"{_UNCLEAR} It is not tried again. {_LOOK}",
}
