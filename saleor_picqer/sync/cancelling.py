"""Cancelling an order in Picqer that is cancelled, or has expired, in the shop."""

from __future__ import annotations

from saleor_picqer.domain.cancelling import may_cancel, refusal
from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import NotFoundError, WrongStatusError
from saleor_picqer.sync import adoption
from saleor_picqer.sync.work import Work


def cancel(work: Work, order: Order) -> bool:
    """False where Picqer's order stays: the order is marked, and somebody has to look at it.

    It is read first: whether it may be cancelled depends on how far the warehouse is, and it may
    be cancelled already.
    """
    remote = _read(work, order)
    if remote is None:
        work.save(stage=Stage.SKIPPED)
    elif remote.status is RemoteStatus.CANCELLED:
        _cancelled(work)
    elif may_cancel(remote, work.context.settings.cancel_in_picqer):
        return _cancel(work, order, remote)
    else:
        return _stays(work, remote)
    return True


def _read(work: Work, order: Order) -> RemoteOrder | None:
    """None for an order that never arrived in Picqer, or that is gone."""
    if work.entry.remote_id is None:
        return _adopt(work, order)
    try:
        return work.context.picqer.order(work.entry.remote_id)
    except NotFoundError:
        return None


def _adopt(work: Work, order: Order) -> RemoteOrder | None:
    remote = adoption.find(work, order)
    if remote is not None:
        work.save(account=work.context.account, remote_id=remote.id, remote_number=remote.number)
    return remote


def _cancel(work: Work, order: Order, remote: RemoteOrder) -> bool:
    force = remote.status not in (RemoteStatus.CONCEPT, RemoteStatus.EXPECTED)
    try:
        work.context.picqer.cancel_order(remote.id, force=force)
    except (NotFoundError, WrongStatusError):
        return _refused(work, order)
    _cancelled(work)
    work.note(f"order {remote.number} is cancelled there too.")
    return True


def _cancelled(work: Work) -> None:
    status = RemoteStatus.CANCELLED.value
    work.save(stage=Stage.CANCELLED, remote_status=status, attention="")


def _refused(work: Work, order: Order) -> bool:
    """Somebody was quicker: what they did is read again."""
    remote = _read(work, order)
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        _cancelled(work)
        return True
    return _stays(work, remote)


def _stays(work: Work, remote: RemoteOrder) -> bool:
    work.flag(refusal(remote))
    return False
