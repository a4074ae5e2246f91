"""The decision whether an order cancelled in Saleor may be cancelled in Picqer too."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.orders import CancelInPicqer
from saleor_picqer.domain.remote_orders import UNPROCESSED, RemoteOrder, RemoteStatus

# Statuses in which Picqer cancels an order by force only.
_PROCESSING: Final = frozenset({RemoteStatus.PROCESSING, RemoteStatus.PAUSED})


def may_cancel(remote: RemoteOrder, policy: CancelInPicqer) -> bool:
    """Return whether the policy and the progress in the warehouse allow the cancellation."""
    if policy is CancelInPicqer.NEVER:
        return False
    if remote.status in UNPROCESSED:
        return True
    unpicked = remote.status in _PROCESSING and not remote.picked
    return policy is CancelInPicqer.UNPICKED and unpicked
