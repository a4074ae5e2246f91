"""Whether an order that is cancelled in the shop may be cancelled in Picqer too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import CancelInPicqer

_UNPROCESSED: Final = frozenset({RemoteStatus.CONCEPT, RemoteStatus.EXPECTED})
_UNDER_WAY: Final = frozenset({RemoteStatus.PROCESSING, RemoteStatus.PAUSED})


def may_cancel(remote: RemoteOrder, policy: CancelInPicqer) -> bool:
    """A processed order is only cancelled, by force, as long as nothing of it is picked."""
    if policy is CancelInPicqer.NEVER:
        return False
    if remote.status in _UNPROCESSED:
        return True
    unpicked = remote.status in _UNDER_WAY and not remote.picked
    return policy is CancelInPicqer.UNPICKED and unpicked


def refusal(remote: RemoteOrder) -> str:
    """Why it stays there, and what to do, in the shop owner's words."""
    inside = remote.picked and remote.status is not RemoteStatus.COMPLETED
    reason = "it is picked already" if inside else _REASONS.get(remote.status, "")
    because = f", where {reason}" if reason else ""
    return (
        f"cancelled in Saleor, but order {remote.number} is still in Picqer{because}:"
        " cancel it there, or let the goods come back"
    )


_REASONS: Final[Mapping[RemoteStatus, str]] = {
    RemoteStatus.COMPLETED: "it is shipped already",
    RemoteStatus.PROCESSING: "it is being processed",
}
