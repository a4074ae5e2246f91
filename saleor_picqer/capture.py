"""Recording Saleor orders in the outbox, from hooks and from the sweeper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from saleor_picqer import wiring
from saleor_picqer.config import Settings
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.hosts import host
from saleor_picqer.store import catalogue as products
from saleor_picqer.store import reservations
from saleor_picqer.store.channels import oldest_open_transaction
from saleor_picqer.sync import stock


def capture_placed(settings: Settings, orders: Sequence[Any]) -> list[str]:
    """Record the new orders for Picqer, in one statement, and return the pks to enqueue.

    Takes one more statement if the mark of a shipping method decides that is not loaded yet.
    """
    handled = _handled(settings, orders)
    if handled:
        wiring.outbox.record(handled, settings.channel, methods=handled, enqueued=True)
    return [*handled]


def capture_changed(orders: Sequence[Any]) -> list[str]:
    """Mark recorded orders as changed, in one statement, and return the pks to enqueue."""
    pks = [str(order.pk) for order in orders]
    return pks if wiring.outbox.touch(pks, enqueued=True) else []


def recount_stock(order_pks: Collection[str]) -> None:
    """Count the stock of orders anew that Picqer has reserved; 1 statement for all others."""
    for account in reservations.accounts_of(order_pks):
        stock.recount(wiring.stock_tables(account), order_pks=order_pks)


def capture_modified(settings: Settings) -> int:
    """Record or mark every order that was modified since the last sweep, whatever its state.

    Takes at most 4 statements for 500 orders and 4 for a sweep. Returns the number of orders that
    were missing in the outbox.
    """
    until = oldest_open_transaction()
    since = wiring.watermark.unseen_since(settings.channel, host().channels.public_address())
    modified = host().orders.modified_since(settings.channel, since)
    missed = sum(_capture_batch(settings, batch) for batch in batched(modified, BATCH_SIZE))
    wiring.watermark.set_swept_until(settings.channel, until)
    return missed


def _capture_batch(settings: Settings, orders: Sequence[Any]) -> int:
    versions = {str(order.pk): host().orders.version(order) for order in orders}
    seen = wiring.outbox.seen_versions(versions)
    if changed := [pk for pk, version in seen.items() if version != versions[pk]]:
        wiring.outbox.touch(changed)
        recount_stock(changed)
    missed = _handled(settings, [order for order in orders if str(order.pk) not in seen])
    if missed:
        # CREATING makes the worker look each order up first: staff may have entered it in Picqer
        # by hand meanwhile.
        wiring.outbox.record(missed, settings.channel, stage=Stage.CREATING, methods=missed)
    return len(missed)


def find_unrecorded(settings: Settings, since: datetime) -> int:
    """Return the number of orders that Picqer handles and the outbox lacks.

    Reads orders that were modified since then: 2 statements for 500 orders.
    """
    found = 0
    for batch in batched(host().orders.modified_since(settings.channel, since), BATCH_SIZE):
        known = wiring.outbox.seen_versions([str(order.pk) for order in batch])
        found += len(_handled(settings, [one for one in batch if str(one.pk) not in known]))
    return found


def capture_products(
    *, variant_pks: Collection[Any] = (), product_pks: Collection[Any] = ()
) -> list[str]:
    """Mark variants, and those of products, as changed; return the accounts to enqueue.

    Takes two statements, and one where no channel sends products.
    """
    accounts = wiring.sending_accounts()
    catalogue = host().catalogue
    if accounts and variant_pks:
        products.touch(accounts, catalogue.with_pks(variant_pks))
    if accounts and product_pks:
        products.touch(accounts, catalogue.of_products(product_pks))
    return accounts


def capture_deleted(variant_pks: Collection[Any]) -> list[str]:
    """Mark deleted variants as changed, in one statement; return the accounts to enqueue."""
    products.touch_known(variant_pks)
    return wiring.sending_accounts()


def follow_moved_orders() -> None:
    """Find the new channels of orders whose channel was deleted."""
    for channel in wiring.watermark.addresses().keys() - host().channels.slugs().keys():
        for pks in batched(wiring.outbox.of_channel(channel), BATCH_SIZE):
            wiring.outbox.move(host().orders.channels(pks))
        wiring.watermark.forget(channel)


def _handled(settings: Settings, orders: Sequence[Any]) -> dict[str, str]:
    """Return the placed orders whose shipping method Picqer handles: pk -> key of the method."""
    policy, found = settings.shipping_methods, {}
    for order in filter(host().orders.is_placed, orders):
        delivery = host().orders.delivery(order, with_mark=policy.reads_marks)
        if policy.handles(delivery):
            found[str(order.pk)] = delivery.key
    return found
