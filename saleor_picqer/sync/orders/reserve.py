"""What Picqer reserves for an order: recorded, and counted in Saleor's stock.

Saleor's stock is calculated from the last reading of Picqer's free stock and from the
reservations, without a request (`domain.stock`). Only a reading that may know a reservation
already, or not yet, is repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.domain.remote_orders import STARTED, RemoteOrder
from saleor_picqer.domain.skus import compare_key, sum_by_sku
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

# Stages of an order in Picqer without a reservation, as far as the plugin knows.
_UNRESERVED: Final = frozenset({Stage.CREATED, Stage.REOPENED, Stage.FAILED})


def start(claimed: ClaimedOrder) -> datetime | None:
    """Return the moment before Picqer reserves the order; None when an earlier attempt may have."""
    return None if claimed.entry.attempts else claimed.context.readings.clock()


def allocated(claimed: ClaimedOrder, order: Order, since: datetime | None) -> None:
    """Record that Picqer has allocated stock to the order, after the moment `since`."""
    _record(claimed, _reserved_amounts(order, claimed.in_picqer), since, bound=False)


def processed(claimed: ClaimedOrder, order: Order, since: datetime | None) -> None:
    """Record the reservation of an order that Picqer has processed after the moment `since`."""
    if claimed.entry.stage is Stage.ALLOCATED:
        _lower(claimed, claimed.in_picqer)
        _bind(claimed, since)
    else:
        _record(claimed, _reserved_amounts(order, claimed.in_picqer), since)


def follow(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Record the reservation of an order in process: never more than the order still has."""
    if remote.status not in STARTED:
        return
    if claimed.entry.stage in _UNRESERVED:
        revived(claimed, remote)
        return
    _lower(claimed, remote.amounts)
    if claimed.entry.stage is Stage.ALLOCATED:
        _bind(claimed, None)


def follow_list(context: Context, orders: Sequence[tuple[Entry, RemoteOrder]]) -> None:
    """Lower the reservations of orders to what Picqer's list of orders has: 1 statement.

    No webhook tells that Picqer's staff have deleted a backorder.
    """
    claimed = {remote.id: ClaimedOrder(context, entry) for entry, remote in orders}
    in_picqer = {
        remote.id: remote.called(claimed[remote.id].skus).amounts
        for _, remote in orders
        if remote.status in STARTED and remote.amounts
    }
    for remote_id, skus in context.reservations.lower(in_picqer).items():
        _count_lowered(claimed[remote_id], skus)


def revived(claimed: ClaimedOrder, remote: RemoteOrder) -> None:
    """Record the reservation of a processed order, unless something is reserved already."""
    if claimed.context.reservations.holds(remote.id):
        _lower(claimed, remote.amounts)
        _bind(claimed, None)
        return
    _record(claimed, _reserved_amounts(claimed.load_order(), remote.amounts), None)


def shipped(claimed: ClaimedOrder, picked: Mapping[str, int]) -> None:
    """Record that Picqer has shipped amounts by SKU, and count Saleor's stock anew."""
    unknown = not claimed.context.reservations.holds(claimed.remote_id)
    if unknown and claimed.entry.stage in _UNRESERVED:
        # Nothing has told yet that Picqer's staff have processed the order.
        _record(claimed, picked, None)
    claimed.context.reservations.ship(claimed.remote_id, picked)
    recount(claimed)


def completed(claimed: ClaimedOrder) -> None:
    """Record that Picqer has shipped the rest of the order, and count Saleor's stock anew."""
    claimed.context.reservations.close(claimed.remote_id)
    recount(claimed)


def released(claimed: ClaimedOrder) -> None:
    """Record that Picqer no longer reserves goods for the order, and count stock anew."""
    context = claimed.context
    if claimed.entry.remote_id is None or not context.reservations.release(claimed.remote_id):
        return
    recount(claimed)
    # A reading from the time of the reservation lacks goods that are free now.
    _read_again(claimed, context.reservations.skus_of([claimed.entry.order_pk]))


def recount(claimed: ClaimedOrder) -> None:
    """Count Saleor's stock of the order's goods anew, without a request."""
    stock.recount(claimed.context, order_pks=[claimed.entry.order_pk])


def _record(
    claimed: ClaimedOrder,
    amounts: Mapping[str, int],
    since: datetime | None,
    *,
    bound: bool = True,
) -> None:
    context, entry = claimed.context, claimed.entry
    if not amounts:
        return
    again = context.reservations.record(
        *(entry.order_pk, claimed.remote_id, amounts, since), bound=bound, products=entry.products
    )
    _read_again(claimed, again)


def _bind(claimed: ClaimedOrder, since: datetime | None) -> None:
    _read_again(claimed, claimed.context.reservations.bind(claimed.remote_id, since))


def _lower(claimed: ClaimedOrder, in_picqer: Mapping[str, int]) -> None:
    """Reserve no more than Picqer's order still has, of which staff may have cancelled a part."""
    # An order without lines says nothing: cancelled lines stay, with an amount of zero.
    if in_picqer:
        lowered = claimed.context.reservations.lower({claimed.remote_id: in_picqer})
        for skus in lowered.values():
            _count_lowered(claimed, skus)


def _count_lowered(claimed: ClaimedOrder, skus: Collection[str]) -> None:
    recount(claimed)
    # What was reserved may be free now, which the last reading does not know.
    _read_again(claimed, skus)


def _reserved_amounts(order: Order, in_picqer: Mapping[str, int]) -> dict[str, int]:
    """Return what is open in Saleor, as far as Picqer's order has it; all when that is unknown."""
    amounts = sum_by_sku((line.sku, line.open_quantity) for line in order.shippable_lines)
    if in_picqer:
        most = _by_key(in_picqer.items())
        amounts = {sku: min(n, most.get(compare_key(sku), 0)) for sku, n in amounts.items()}
    return {sku: n for sku, n in amounts.items() if n}


def _read_again(claimed: ClaimedOrder, skus: Collection[str]) -> None:
    """Have the products read again whose SKUs are known to Picqer."""
    readings, ordered = claimed.context.readings, claimed.entry.products
    found: set[int | None] = {ordered[sku] for sku in skus if sku in ordered}
    if rest := {*skus} - {*ordered}:
        known = {compare_key(each.sku): each.product_id for each in readings.of_skus(rest)}
        linked = claimed.context.links.products.ids(rest)
        found |= {known.get(compare_key(sku)) or linked.get(sku) for sku in rest}
    readings.request({product_id for product_id in found if product_id is not None})


def _by_key(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    return sum_by_sku((compare_key(sku), amount) for sku, amount in amounts)
