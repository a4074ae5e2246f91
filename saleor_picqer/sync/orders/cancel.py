"""Cancelling an order in Picqer that is cancelled, or has expired, in the shop."""

from __future__ import annotations

from saleor_picqer.domain.cancellation import may_cancel, refusal
from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import NotFoundError, TryLaterError, WrongStatusError
from saleor_picqer.sync.orders import follow
from saleor_picqer.sync.orders.claim import ClaimedOrder


def cancel(claimed: ClaimedOrder, _order: Order) -> bool:
    """False where Picqer's order stays: the order is marked, and somebody has to look at it.

    It is read first: whether it may be cancelled depends on how far the warehouse is, and it may
    be cancelled already.
    """
    remote = claimed.read()
    if remote is None:
        claimed.save(stage=Stage.SKIPPED, attention="")
    elif remote.status is RemoteStatus.CANCELLED:
        _cancelled(claimed)
    elif may_cancel(remote, claimed.context.settings.cancel_in_picqer):
        return _cancel(claimed, remote)
    else:
        return _stays(claimed, remote)
    return True


def _cancel(claimed: ClaimedOrder, remote: RemoteOrder) -> bool:
    force = remote.status not in (RemoteStatus.CONCEPT, RemoteStatus.EXPECTED)
    try:
        claimed.context.picqer.orders.cancel(remote.id, force=force)
    except (NotFoundError, WrongStatusError):
        return _refused(claimed)
    _cancelled(claimed)
    return True


def _cancelled(claimed: ClaimedOrder) -> None:
    status = RemoteStatus.CANCELLED.value
    claimed.save(stage=Stage.CANCELLED, remote_status=status, attention="")
    claimed.note(f"order {claimed.entry.remote_number} is cancelled there too.")


def _refused(claimed: ClaimedOrder) -> bool:
    """Somebody was quicker: what they did is read again."""
    remote = claimed.read()
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        _cancelled(claimed)
        return True
    if may_cancel(remote, claimed.context.settings.cancel_in_picqer):
        raise TryLaterError("somebody is working on this order in Picqer just now")
    return _stays(claimed, remote)


def _stays(claimed: ClaimedOrder, remote: RemoteOrder) -> bool:
    follow.apply_remote_state(claimed, remote)
    if claimed.entry.stage is not Stage.COMPLETED:
        claimed.flag(refusal(remote))
    return False
