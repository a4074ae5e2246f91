"""Finding an order that is in Picqer already, so that it is never created twice.

Picqer enforces no uniqueness (Picqer API: orders). A `POST /orders` is repeated only after a
look-up by reference has shown that the first one did not arrive; the same look-up finds orders that
somebody entered by hand while ours was stuck.
"""

from __future__ import annotations

from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import DataError
from saleor_picqer.sync.work import Work


def find(work: Work, order: Order) -> RemoteOrder | None:
    """The order in Picqer that is this one; no request for one that cannot be there yet.

    Raises DataError when an order has our reference but other products.
    """
    if work.entry.stage is Stage.PENDING and work.entry.fresh:
        return None
    candidates = _candidates(work, work.reference(order))
    ours = [remote for remote in candidates if _codes(remote.skus) == _ordered(order)]
    if candidates and not ours:
        raise _conflict(work, candidates[0])
    if len(ours) > 1:
        work.flag(_doubled(ours))
    return ours[0] if ours else None


def _candidates(work: Work, reference: str) -> list[RemoteOrder]:
    """Live orders with this reference that are no other order's of ours, oldest first."""
    found = work.context.picqer.orders_by_reference(reference)
    live = [remote for remote in found if remote.status is not RemoteStatus.CANCELLED]
    account, ids = work.context.account, [remote.id for remote in live]
    taken = work.context.outbox.others(account, work.entry, ids) if ids else frozenset()
    return [remote for remote in live if remote.id not in taken]


def _ordered(order: Order) -> frozenset[str]:
    return _codes(frozenset(line.sku for line in order.lines if line.ships))


def _codes(skus: frozenset[str]) -> frozenset[str]:
    return frozenset(sku.strip().casefold() for sku in skus)


def _conflict(work: Work, remote: RemoteOrder) -> DataError:
    """Ours is not there, or it would have been found: the next attempt may take another name."""
    if work.entry.reference:
        work.save(reference="")
    return DataError(
        f"Picqer's order {remote.number} has the reference {remote.reference} already, with other"
        " products. If it belongs to another shop, give this channel a prefix of references and"
        " retry; if it is this order, skip it here"
    )


def _doubled(ours: list[RemoteOrder]) -> str:
    kept, *others = (remote.number for remote in ours)
    return (
        f"there are several orders with the reference {ours[0].reference}: {kept} is followed,"
        f" cancel {', '.join(others)} there"
    )
