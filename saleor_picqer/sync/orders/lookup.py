"""Finding an order that is in Picqer already, so that it is never created twice.

Picqer enforces no uniqueness (Picqer API: orders). A `POST /orders` is repeated only after a
look-up by reference has shown that the first one did not arrive; the same look-up finds orders that
somebody entered by hand while ours was stuck.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from saleor_picqer.domain.digests import digest
from saleor_picqer.domain.fulfilments import BEGUN, RemoteOrder, RemoteStatus, by_sku
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import DataError
from saleor_picqer.sync.orders.claim import ClaimedOrder


def find(claimed: ClaimedOrder, order: Order) -> RemoteOrder | None:
    """The order in Picqer that is this one; no request for one that cannot be there yet.

    Raises DataError when an order has our reference but other products.
    """
    if claimed.entry.stage is Stage.PENDING and claimed.entry.fresh:
        return None
    candidates = _candidates(claimed, claimed.reference(order))
    possible = {*map(_digest, _goods(order)), claimed.entry.sent_digests.get(_GOODS)}
    ours = [remote for remote in candidates if _digest(remote.amounts) in possible]
    if candidates and not ours:
        raise _conflict(claimed, candidates[0])
    if len(ours) > 1:
        ours.sort(key=lambda remote: remote.status not in BEGUN)
        claimed.flag(_doubled(ours))
    return ours[0] if ours else None


_GOODS: Final = "goods"


def fingerprints(claimed: ClaimedOrder, order: Order) -> dict[str, str]:
    """What is about to be sent: a digest of each field, and of the products to know it again by."""
    _, rest = _goods(order)
    return claimed.whole_request(order).digests() | {_GOODS: _digest(rest)}


def known(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> dict[str, str]:
    """What Picqer has of the order: what was sent, even if it has changed in the shop since.

    An order that somebody else entered counts as if it were just what the shop has.
    """
    request = claimed.whole_request(order)
    now, sent = request.digests(), claimed.entry.sent_digests
    changed = {name: sent[name] for name, value in now.items() if sent.get(name, value) != value}
    return request.digests(remote.addresses) | changed


def differs(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> bool:
    """Whether somebody entered it with other amounts than the shop's."""
    there = _by_sku(remote.amounts.items())
    return not claimed.entry.sent_digests and there not in _goods(order)


def _candidates(claimed: ClaimedOrder, reference: str) -> list[RemoteOrder]:
    """Live orders with this reference that are no other order's of ours, oldest first."""
    found = claimed.context.picqer.orders.find(reference)
    live = [remote for remote in found if remote.status is not RemoteStatus.CANCELLED]
    account, ids = claimed.context.account, [remote.id for remote in live]
    taken = claimed.context.outbox.others(account, claimed.entry, ids) if ids else frozenset()
    return [remote for remote in live if remote.id not in taken]


def _goods(order: Order) -> tuple[dict[str, int], dict[str, int]]:
    """Amounts by SKU of the whole order, and of what is still to be shipped of it."""
    whole = ((line.sku, line.quantity) for line in order.lines if line.ships)
    rest = ((line.sku, line.open_quantity) for line in order.shippable_lines)
    return _by_sku(whole), _by_sku(rest)


def _by_sku(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Picqer may spell a SKU in another case."""
    return by_sku((sku.casefold(), amount) for sku, amount in amounts)


def _digest(skus: Iterable[str]) -> str:
    return digest(sorted({sku.strip().casefold() for sku in skus}))


def _conflict(claimed: ClaimedOrder, remote: RemoteOrder) -> DataError:
    """Ours is not there, or it would have been found: the next attempt may take another name."""
    if claimed.entry.reference:
        claimed.save(reference="", sent_digests={})
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
