"""Bring products in Picqer in step with what has changed in Saleor.

What is due follows from the variant and the row that has what was sent, never from the hook that
was called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from saleor_picqer.domain.catalogue import CatalogueEntry, Inactivate, retry_delay
from saleor_picqer.domain.digests import digest
from saleor_picqer.domain.mapping.product_fields import ACTIVE
from saleor_picqer.domain.mapping.products import ProductChanges, changes_since
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import (
    IntegrationError,
    NotFoundError,
    RateLimitedError,
    Remedy,
    TryLaterError,
)
from saleor_picqer.sync import stock
from saleor_picqer.sync.ports import CatalogueWatch, Context
from saleor_picqer.sync.products import ABOUT_ONE_PRODUCT, build_request, push_known

# Variants that are compared with what was sent in one go of the sweeper.
COMPARED_AT_ONCE: Final = 300
# Modified variants that the sweeper loads together, and how often in one go.
MODIFIED_AT_ONCE: Final = 1000
MODIFIED_PAGES: Final = 5


@dataclass
class Batch:
    """What became of a batch.

    `stopped_by` is why the rest was left to a later task, `stopped_at` the variant of that error.
    """

    done: int = 0
    failed: int = 0
    left: list[str] = field(default_factory=list)
    stopped_by: IntegrationError | None = None
    stopped_at: str = ""

    def stop(self, variant_pk: str, error: IntegrationError) -> None:
        """Leave the rest."""
        self.stopped_by, self.stopped_at = error, variant_pk


def push_due(
    context: Context, claimed: Sequence[CatalogueEntry], is_over: Callable[[], bool]
) -> Batch:
    """Send each claimed variant. A refused product does not stop the others.

    Stops when `is_over` says so, when Picqer does not answer, and when the rate limit is reached.
    """
    # Metadata of a variant may say how much of its stock is kept back from sale.
    if skus := [entry.sku for entry in claimed if entry.sku]:
        stock.recount(context, skus=skus)
    pks = [entry.variant_pk for entry in claimed]
    variants = context.shop.catalogue.variants_by_pk(context.channel, pks)
    batch = Batch()
    for entry in claimed:
        if batch.stopped_by or is_over():
            batch.left.append(entry.variant_pk)
            continue
        variant = variants.get(entry.variant_pk)
        try:
            if variant is None:
                _retire(context, entry)
            else:
                push_known(context, variant, entry)
            batch.done += 1
        except IntegrationError as error:
            _record_failure(context, batch, entry, variant, error)
    if claimed:
        context.catalogue.release(claimed[0].lease, undone=batch.left)
    return batch


def _record_failure(
    context: Context,
    batch: Batch,
    entry: CatalogueEntry,
    variant: Variant | None,
    error: IntegrationError,
) -> None:
    """Plan the next attempt, and stop the batch if the error concerns all products."""
    if isinstance(error, RateLimitedError | TryLaterError):
        batch.stop(entry.variant_pk, error)
        batch.left.append(entry.variant_pk)
        return
    batch.failed += 1
    if not isinstance(error, ABOUT_ONE_PRODUCT):
        batch.stop(entry.variant_pk, error)
    sku = normalize(variant.sku) if variant else entry.sku
    slowly = error.remedy is not Remedy.RETRY
    delay = retry_delay(entry.attempts, slowly=slowly)
    context.catalogue.postpone(entry, error.explain(), delay, sku=sku)


# --- variants that are gone


def _retire(context: Context, entry: CatalogueEntry) -> None:
    """Inactivate the product of a variant that no channel of the account has: 1 request.

    Activates the product again if only a channel has the variant that sends no products.
    """
    if context.shop.catalogue.existing([entry.variant_pk], elsewhere=True):
        if entry.remote_id is not None and _is_hidden(entry):
            _set_active(context, entry.remote_id, active=True)
            _save_active(context, entry, active=True)
        return
    exists = bool(context.shop.catalogue.existing([entry.variant_pk]))
    policy = context.settings.inactivate_products
    wanted = policy.covers(Inactivate.UNPUBLISHED if exists else Inactivate.DELETED)
    if wanted and entry.remote_id is not None and not _successor(context, entry):
        _set_active(context, entry.remote_id, active=False)
        # A new variant may have got the SKU, and the product, in this very moment.
        if successor := _successor(context, entry):
            _send_anew(context, successor, ACTIVE)
    if not exists:
        context.catalogue.forget(entry.variant_pk)
        return
    if wanted:
        # The digest differs from that of an active product, which is sent when it is sold again.
        _save_active(context, entry, active=False)
    context.catalogue.retire(entry, policy)


def _successor(context: Context, entry: CatalogueEntry) -> str | None:
    """Return another variant that has the SKU now, to which the product in Picqer belongs."""
    found = context.shop.catalogue.variants_by_sku(context.channel, [entry.sku])
    return next((each.pk for each in found.values() if each.pk != entry.variant_pk), None)


def _send_anew(context: Context, variant_pk: str, field: str) -> None:
    """Have a field sent again."""
    if entry := context.catalogue.get([variant_pk]).get(variant_pk):
        kept = {name: sent for name, sent in entry.sent_digests.items() if name != field}
        context.catalogue.save(replace(entry, sent_digests=kept))
    context.catalogue.touch([variant_pk])


def _set_active(context: Context, remote_id: int, *, active: bool) -> None:
    # Picqer cannot delete products, but an account can be set up anew.
    with suppress(NotFoundError):
        context.picqer.products.update(remote_id, ProductChanges({ACTIVE: active}))


def _save_active(context: Context, entry: CatalogueEntry, *, active: bool) -> None:
    sent = {**entry.sent_digests, ACTIVE: digest(active)}
    context.catalogue.save(replace(entry, sent_digests=sent))


def _is_hidden(entry: CatalogueEntry) -> bool:
    """Return whether the product was made inactive in Picqer."""
    return entry.sent_digests.get(ACTIVE) == digest(False)


# --- the sweeper


def find_changes(context: Context, watch: CatalogueWatch, until: datetime) -> int:
    """Make variants due that differ from the last push, and return the number of variants.

    Looks at those that were modified since the last sweep, and at the next few hundred of all:
    prices, taxes, images and metadata leave no time stamp. Everything before `until` is visible.
    """
    catalogue = context.shop.catalogue
    since, after = watch.position()
    due, rest = _modified(context, since)

    variants = list(islice(catalogue.variants(context.channel, str(after)), COMPARED_AT_ONCE))
    last = int(variants[-1].pk) if len(variants) == COMPARED_AT_ONCE else None
    known = watch.entries(after, last)
    due |= {*_due(context, variants, known)}
    due |= {*_gone(context, {*known} - {variant.pk for variant in variants}, known)}
    if due:
        context.catalogue.touch(due)
    watch.save(until, last or 0, resume_at=rest and min(rest, until))
    return len(due)


def _modified(context: Context, since: datetime) -> tuple[set[str], datetime | None]:
    """Return the due ones of modified variants, and the moment from which on the rest is unread.

    Takes a fixed number of statements per page, and reads a fixed number of pages.
    """
    catalogue, due = context.shop.catalogue, set[str]()
    moment, after = since, ""
    for _ in range(MODIFIED_PAGES):
        modified = catalogue.modified_since(context.channel, moment, after, MODIFIED_AT_ONCE)
        found = catalogue.variants_by_pk(context.channel, modified)
        due.update(_due(context, found.values(), context.catalogue.get([*found])))
        if len(modified) < MODIFIED_AT_ONCE:
            return due, None
        after, moment = list(modified.items())[-1]
    # When more variants than that were modified at one moment, the comparison finds the rest.
    return due, max(moment, since + timedelta(microseconds=1))


def _due(
    context: Context, variants: Iterable[Variant], known: Mapping[str, CatalogueEntry]
) -> Iterator[str]:
    for variant in variants:
        entry = known.get(variant.pk, CatalogueEntry(variant.pk))
        if not entry.dirty and _differs(context, variant, entry):
            yield variant.pk


def _differs(context: Context, variant: Variant, entry: CatalogueEntry) -> bool:
    """Return whether the variant has to be sent; a broken variant has to, and fails then."""
    try:
        request = build_request(context, variant)
    except ABOUT_ONE_PRODUCT:
        return True
    if entry.remote_id is None:
        return request.active
    lacks_image = bool(variant.image and not entry.image and context.settings.product_images)
    return lacks_image or bool(entry.retired or changes_since(request, entry.sent_digests))


def _gone(
    context: Context, pks: Iterable[str], known: Mapping[str, CatalogueEntry]
) -> Iterator[str]:
    policy = context.settings.inactivate_products
    idle = [pk for pk in pks if not known[pk].dirty]
    gone = {pk for pk in idle if known[pk].retired != policy}
    hidden = {pk for pk in idle if _is_hidden(known[pk])}
    if gone or hidden:
        elsewhere = context.shop.catalogue.existing(gone | hidden, elsewhere=True)
        yield from (gone - elsewhere) | (hidden & elsewhere)
