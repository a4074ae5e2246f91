"""What staff can ask for a webhook delivery (replay), and the texts for a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ReplayRefusal(StrEnum):
    """Reasons for not handling a delivery again; the values are the codes for programs."""

    NO_DELIVERY = "no_delivery"
    BODY_DROPPED = "body_dropped"
    STILL_WAITING = "still_waiting"


# Sentences that follow a delivery's id and a colon.
REPLAY_REFUSAL_TEXTS: Final[Mapping[ReplayRefusal, str]] = {
    ReplayRefusal.NO_DELIVERY: "There is no such delivery.",
    ReplayRefusal.BODY_DROPPED: (
        "The delivery's body was dropped after the retention time. Push the order, or run a full"
        " sync, to have the present state read from Picqer."
    ),
    ReplayRefusal.STILL_WAITING: "The delivery, or the same one that came later, still waits.",
}
