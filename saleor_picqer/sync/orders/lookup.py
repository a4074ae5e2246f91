"""Find an existing order in Picqer, to create no order twice.

Picqer does not enforce unique references (Picqer API: orders). A create request is repeated only
after a look-up by reference has shown the absence of the order. The same look-up finds orders
entered in Picqer by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from saleor_picqer.domain.digests import digest
from saleor_picqer.domain.mapping.recognition import is_same_customer
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import STARTED, RemoteOrder, RemoteStatus
from saleor_picqer.domain.skus import compare_key, sum_by_sku
from saleor_picqer.errors import DataError
from saleor_picqer.sync.orders import texts, update
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.orders.line_products import skus_by_product, with_products

# Key of the digest of all SKUs, by which an order is recognised after its lines have changed.
_GOODS: Final = "goods"


def look_up(claimed: ClaimedOrder, order: Order) -> bool:
    """Find out whether an unanswered create request has reached Picqer.

    Returns False, with a flag, when Picqer has received an order skipped by staff.
    """
    remote = None
    order = with_products(claimed.context, order)
    # With other products or another customer it is another shop's order: ours has not arrived.
    with suppress(DataError):
        remote = find_existing(claimed, order)
    if remote and claimed.entry.stage is not Stage.SKIPPED:
        record_received(claimed, order, remote)
        return True
    claimed.save(reference="", sent_digests={})
    if remote:
        claimed.flag(texts.skipped_but_received(remote.number))
    return remote is None


def find_existing(claimed: ClaimedOrder, order: Order) -> RemoteOrder | None:
    """Find the order in Picqer; None, without a request, for a fresh order.

    The lines of `order` name their products, as `with_products` returns them. Raises DataError when
    another order, with other products or of another customer, has the same reference.
    """
    if claimed.entry.stage is Stage.PENDING and claimed.entry.fresh:
        return None
    candidates = find_candidates(claimed, claimed.reference(order), skus_by_product(order))
    possible = {*map(_digest, _goods(order)), claimed.entry.sent_digests.get(_GOODS)}
    request = claimed.build_whole_request(order)
    matches = [
        remote
        for remote in candidates
        if _digest(remote.amounts) in possible
        and is_same_customer(request, remote.contact, claimed.entry.sent_digests)
    ]
    if candidates and not matches:
        raise _conflict(claimed, candidates[0])
    if len(matches) > 1:
        # Processing a second order would ship the goods twice.
        matches.sort(key=lambda remote: remote.status not in STARTED)
        followed, *others = (remote.number for remote in matches)
        claimed.flag(texts.several_orders(matches[0].reference, followed, others))
    return matches[0] if matches else None


def record_received(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> None:
    """Save Picqer's id of the order, then send what the create request could not contain."""
    remote = remote.called(skus_by_product(order))
    has_other_amounts = _has_other_amounts(claimed, order, remote)
    claimed.in_picqer = remote.amounts
    claimed.save(
        stage=Stage.CREATED,
        account=claimed.context.account,
        reference=remote.reference,
        remote_id=remote.id,
        remote_number=remote.number,
        products=remote.products,
        remote_status=remote.status.value,
        status_page=remote.status_page,
        requested=False,
        sent_digests=_digests_in_picqer(claimed, order, remote),
    )
    claimed.note(texts.received(remote.number))
    if has_other_amounts:
        claimed.flag(texts.other_amounts(remote))
    if remote.status not in STARTED:
        update.send_changes(claimed, order)


def digests_to_send(claimed: ClaimedOrder, order: Order) -> dict[str, str]:
    """Return a digest of each field about to be sent, and of the set of SKUs."""
    _, rest = _goods(order)
    return claimed.build_whole_request(order).digests() | {_GOODS: _digest(rest)}


def _digests_in_picqer(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> dict[str, str]:
    """Return a digest of each field in Picqer.

    Fields changed in Saleor since the request keep the digest of the sent value. An order
    entered by hand counts as equal to Saleor's order.
    """
    request = claimed.build_whole_request(order)
    now, sent = request.digests(), claimed.entry.sent_digests
    changed = {name: sent[name] for name, value in now.items() if sent.get(name, value) != value}
    return request.digests(remote.contact) | changed


def _has_other_amounts(claimed: ClaimedOrder, order: Order, remote: RemoteOrder) -> bool:
    """Tell whether the order was entered by hand with other amounts than in Saleor."""
    if claimed.entry.sent_digests:
        return False
    return _sum_by_sku(remote.amounts.items()) not in _goods(order)


def find_candidates(
    claimed: ClaimedOrder, reference: str, skus: Mapping[int, str]
) -> list[RemoteOrder]:
    """Find live orders with the reference, oldest first, without the orders of other rows."""
    found = claimed.context.picqer.orders.find(reference)
    live = [
        remote.called(skus)
        for remote in found
        if remote.status is not RemoteStatus.CANCELLED and not claimed.has_shipped_before(remote)
    ]
    account, ids = claimed.context.account, [remote.id for remote in live]
    taken = claimed.context.outbox.others(account, claimed.entry, ids) if ids else ()
    return [remote for remote in live if remote.id not in taken]


def _goods(order: Order) -> tuple[dict[str, int], dict[str, int]]:
    """Return amounts by SKU of the whole order, and of what is left to ship."""
    whole = ((line.sku, line.quantity) for line in order.lines if line.ships)
    rest = ((line.sku, line.open_quantity) for line in order.shippable_lines)
    return _sum_by_sku(whole), _sum_by_sku(rest)


def _sum_by_sku(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    # Picqer may spell a SKU in another case.
    return sum_by_sku((compare_key(sku), amount) for sku, amount in amounts)


def _digest(skus: Iterable[str]) -> str:
    # Goods tell of no person, and need no key.
    return digest(sorted({compare_key(sku) for sku in skus}))


def _conflict(claimed: ClaimedOrder, remote: RemoteOrder) -> DataError:
    # The look-up has shown that this order is not in Picqer, so the next attempt may use another
    # reference.
    if claimed.entry.reference:
        claimed.save(reference="", sent_digests={})
    return DataError(texts.reference_taken(remote))
