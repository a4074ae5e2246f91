"""Compare the parcels of fulfilments with Picqer's list of shipments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial

from saleor_picqer.domain.fulfilments import ShippedPicklist
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.parcels import ListedShipment
from saleor_picqer.domain.reconcile import Finding, Kind
from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync.orders import shipments
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.reconcile import look_at_each


def compare_parcels(
    context: Context,
    shown: Iterable[tuple[Entry, ShippedPicklist]],
    listed: Iterable[ListedShipment],
    *,
    repair: bool,
) -> Iterator[Finding]:
    """Yield the picklists whose shipments were added, corrected or cancelled.

    `shown` are picklists with fulfilments. Takes 1 request for each that seems to differ.
    """
    by_picklist = defaultdict(list)
    for one in listed:
        by_picklist[one.picklist_id].append(one)
    differing = (
        (entry, partial(_look_at, context, entry, picklist, repair=repair))
        for entry, picklist in shown
        if _differs(picklist, by_picklist[picklist.id])
    )
    yield from look_at_each(context, differing)


def _differs(picklist: ShippedPicklist, listed: Iterable[ListedShipment]) -> bool:
    # The list may have a part of the picklist's shipments only.
    found = {shipment.id: shipment for shipment in picklist.shipments}
    for one in listed:
        if one.is_cancelled:
            found.pop(one.shipment.id, None)
        else:
            found[one.shipment.id] = one.shipment
    return not picklist.is_unchanged([*found.values()])


def _look_at(
    context: Context, entry: Entry, picklist: ShippedPicklist, *, repair: bool
) -> Finding | None:
    """Read the picklist's shipments again: a webhook may have told of them after the list."""
    if repair:
        try:
            shipments.refresh(context, picklist.id)
        except TryLaterError:
            return None  # another worker has corrected them
        after = context.links.fulfilments.get(picklist.id)
        found = after.shipments if after else picklist.shipments
    else:
        found = context.picqer.picklists.shipments(picklist.id)
    if picklist.is_unchanged(found):
        return None
    return Finding(Kind.PARCELS, entry.order_pk, entry.remote_number, repaired=repair)
