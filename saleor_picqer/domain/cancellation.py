"""Whether an order that is cancelled in the shop may be cancelled in Picqer too."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.orders import CancelInPicqer
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus

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
