"""Orders in a former Picqer account of the channel, which gets no more requests."""

from __future__ import annotations

from saleor_picqer.domain.orders import Order
from saleor_picqer.sync.orders import texts, update
from saleor_picqer.sync.orders.claim import ClaimedOrder


def waits(claimed: ClaimedOrder, order: Order, *, is_due: bool) -> bool:
    """Flag an order in a former account, and end the lease; False for other orders.

    `is_due` tells of a pending action.
    """
    if claimed.is_in_other_account:
        _leave(claimed, order, is_due=is_due)
        return True
    if claimed.may_be_in_other_account and not claimed.entry.requested:
        claimed.flag(texts.maybe_in_account(claimed.entry.reference, claimed.entry.account))
        _release(claimed)
        return True
    if claimed.entry.account not in ("", claimed.context.account):
        # The former account does not have the order, or staff have looked into it. Its ids are
        # those of other orders and products in the new account.
        seen = {"attention": ""} if claimed.may_be_in_other_account else {}
        claimed.save(account="", reference="", former_ids=[], products={}, sent_digests={}, **seen)
    return False


def _leave(claimed: ClaimedOrder, order: Order, *, is_due: bool) -> None:
    """Flag an order with a pending action, or with changed details, in a former account."""
    # No request: in the new account the same id is another shop's order.
    entry = claimed.entry
    if is_due:
        claimed.flag(texts.left_in_account(entry.remote_number, entry.account))
    elif changed := update.changed_details(claimed, order):
        claimed.flag(texts.changed_in_account(changed, entry.remote_number, entry.account))
    _release(claimed)


def _release(claimed: ClaimedOrder) -> None:
    claimed.publish()
    claimed.context.outbox.release(claimed.entry, waiting_for=texts.IN_OTHER_ACCOUNT)
