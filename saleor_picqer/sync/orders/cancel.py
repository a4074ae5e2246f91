"""Cancel an order in Picqer after the order was cancelled, or has expired, in Saleor."""

from __future__ import annotations

from saleor_picqer.domain.cancellation import may_cancel
from saleor_picqer.domain.orders import CancelInPicqer, Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import UNPROCESSED, RemoteOrder, RemoteStatus
from saleor_picqer.errors import NotFoundError, TryLaterError, WrongStatusError
from saleor_picqer.sync.orders import follow, reserve, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder


def cancel(claimed: ClaimedOrder, _order: Order) -> bool:
    """Cancel the order in Picqer as far as allowed; False when the order stays, with a flag."""
    # The warehouse's progress decides, and the order may be cancelled in Picqer already.
    remote = claimed.read()
    if remote is None:
        reserve.released(claimed)
        claimed.save(stage=Stage.SKIPPED, attention="")
    elif remote.status is RemoteStatus.CANCELLED:
        _record_cancelled(claimed)
    elif may_cancel(remote, claimed.context.settings.cancel_in_picqer):
        return _cancel_remote(claimed, remote)
    else:
        return _keep_remote(claimed, remote, _why_not_asked(claimed))
    return True


def _cancel_remote(claimed: ClaimedOrder, remote: RemoteOrder) -> bool:
    force = remote.status not in UNPROCESSED
    # A repeated attempt has told so before.
    if not claimed.entry.attempts:
        claimed.note(texts.cancellation_asked(remote.number))
    try:
        claimed.context.picqer.orders.cancel(remote.id, force=force)
    except (NotFoundError, WrongStatusError) as error:
        return _reconsider(claimed, error.explain())
    _record_cancelled(claimed)
    return True


def _record_cancelled(claimed: ClaimedOrder) -> None:
    status = RemoteStatus.CANCELLED.value
    reserve.released(claimed)
    claimed.save(stage=Stage.CANCELLED, remote_status=status, attention="")
    claimed.note(texts.cancelled_in_picqer_too(claimed.entry.remote_number))


def _why_not_asked(claimed: ClaimedOrder) -> str:
    policy = claimed.context.settings.cancel_in_picqer
    return "" if policy is CancelInPicqer.UNPICKED else texts.NOT_ASKED_TO_CANCEL


def _reconsider(claimed: ClaimedOrder, refusal: str) -> bool:
    """Read the order again after Picqer's refusal, and act on the new status."""
    remote = claimed.read()
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        _record_cancelled(claimed)
        return True
    if may_cancel(remote, claimed.context.settings.cancel_in_picqer):
        raise TryLaterError(texts.BEING_CHANGED_IN_PICQER)
    return _keep_remote(claimed, remote, texts.cancellation_refused(refusal))


def _keep_remote(claimed: ClaimedOrder, remote: RemoteOrder, reason: str) -> bool:
    follow.apply_remote_state(claimed, remote)
    if claimed.entry.stage is not Stage.COMPLETED:
        claimed.flag(texts.still_in_picqer(remote, reason))
    return False
