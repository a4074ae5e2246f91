"""Cancelling an order in Picqer that is cancelled, or has expired, in the shop."""

from __future__ import annotations

from saleor_picqer.domain.cancelling import may_cancel, refusal
from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import NotFoundError, TryLaterError, WrongStatusError
from saleor_picqer.sync import fulfilments
from saleor_picqer.sync.work import Work


def cancel(work: Work, _order: Order) -> bool:
    """False where Picqer's order stays: the order is marked, and somebody has to look at it.

    It is read first: whether it may be cancelled depends on how far the warehouse is, and it may
    be cancelled already.
    """
    remote = work.read()
    if remote is None:
        work.save(stage=Stage.SKIPPED, attention="")
    elif remote.status is RemoteStatus.CANCELLED:
        _cancelled(work)
    elif may_cancel(remote, work.context.settings.cancel_in_picqer):
        return _cancel(work, remote)
    else:
        return _stays(work, remote)
    return True


def _cancel(work: Work, remote: RemoteOrder) -> bool:
    force = remote.status not in (RemoteStatus.CONCEPT, RemoteStatus.EXPECTED)
    try:
        work.context.picqer.cancel_order(remote.id, force=force)
    except (NotFoundError, WrongStatusError):
        return _refused(work)
    _cancelled(work)
    return True


def _cancelled(work: Work) -> None:
    status = RemoteStatus.CANCELLED.value
    work.save(stage=Stage.CANCELLED, remote_status=status, attention="")
    work.note(f"order {work.entry.remote_number} is cancelled there too.")


def _refused(work: Work) -> bool:
    """Somebody was quicker: what they did is read again."""
    remote = work.read()
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        _cancelled(work)
        return True
    if may_cancel(remote, work.context.settings.cancel_in_picqer):
        raise TryLaterError("somebody is working on this order in Picqer just now")
    return _stays(work, remote)


def _stays(work: Work, remote: RemoteOrder) -> bool:
    fulfilments.take_over(work, remote)
    if work.entry.stage is not Stage.COMPLETED:
        work.flag(refusal(remote))
    return False
