"""Keep the parcels of fulfilments in step with Picqer, and send e-mails held back before."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from saleor_picqer.domain.events import ShipmentHint
from saleor_picqer.domain.fulfilments import ShippedPicklist
from saleor_picqer.domain.parcels import Tracking, parcels_of, tracking_of
from saleor_picqer.errors import IntegrationError, TryLaterError
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)


def follow(context: Context, picklist_id: int, hints: Iterable[ShipmentHint]) -> None:
    """Correct the fulfilments of a picklist if a hint about its shipments is news."""
    known = context.links.fulfilments.get(picklist_id)
    shown = {shipment.id for shipment in known.shipments} if known else set()
    news = (hint for hint in hints if hint.shipment_id)
    if any((hint.shipment_id in shown) == hint.is_cancelled for hint in news):
        refresh(context, picklist_id)


def refresh(context: Context, picklist_id: int) -> None:
    """Read the shipments of a picklist again, and correct the fulfilments: 1 request.

    Raises TryLaterError when another worker has corrected them meanwhile: only reading them again
    tells which is newer.
    """
    links = context.links.fulfilments
    known = links.get(picklist_id)
    if known is None:
        return
    shipments = context.picqer.picklists.shipments(picklist_id)
    if known.is_unchanged(shipments):
        return
    with links.replace_shipments(known, shipments) as replaced:
        if not replaced:
            raise TryLaterError("another worker has corrected this shipment", delay=2)
        _correct(context, known)


def refresh_order(context: Context, order_pk: str) -> None:
    """Correct the parcels of all fulfilments of an order: 1 request for each picklist."""
    for picklist in context.links.fulfilments.of_order(order_pk):
        if picklist.fulfilments:
            refresh(context, picklist.id)


def confirm(context: Context, account: str, picklist_id: int) -> None:
    """Let Saleor send the e-mail of a picklist that was held back, with the latest parcels.

    Costs 1 request, or none for a former Picqer account of the channel.
    """
    if account == context.account:
        _refresh_if_possible(context, picklist_id)
    with context.links.fulfilments.release(account, picklist_id) as picklist:
        for pk in picklist.created if picklist else ():
            context.shop.fulfilments.notify(pk)


def _refresh_if_possible(context: Context, picklist_id: int) -> None:
    try:
        refresh(context, picklist_id)
    except IntegrationError as error:
        # The customer waits for the e-mail, and a later correction brings another one.
        logger.warning("The parcels of picklist %s were not read again. %s", picklist_id, error)


def add_to(context: Context, picklist_id: int, order_pk: str, fulfilment_pk: str) -> None:
    """Show the parcels of a picklist on a fulfilment that existed already."""
    recorded = context.links.fulfilments.of_order(order_pk)
    others = [one for one in recorded if one.id != picklist_id]
    _show(context, fulfilment_pk, others, recorded, notify=False)


def _correct(context: Context, before: ShippedPicklist) -> None:
    """Write the new parcels to the fulfilments of a picklist."""
    after = context.links.fulfilments.of_order(before.order_pk)
    former = [before if one.id == before.id else one for one in after]
    # With an e-mail that is still to be sent, the customer reads the new number anyway.
    notify = context.settings.notify_customer and not before.is_held
    for pk in before.fulfilments:
        if (text := _show(context, pk, former, after, notify=notify)) is not None:
            context.shop.orders.add_note(before.order_pk, texts.tracking_changed(text))


def _show(
    context: Context,
    pk: str,
    former: Iterable[ShippedPicklist],
    after: Iterable[ShippedPicklist],
    *,
    notify: bool,
) -> str | None:
    """Replace what a fulfilment shows; return the new number, None if nothing has changed."""
    old, new = _tracking_on(context, pk, former), _tracking_on(context, pk, after)
    is_news = bool(new.text) and new.text != old.text
    shown = context.shop.fulfilments.show(pk, new, former=old.text, notify=notify and is_news)
    return new.text if shown and new != old else None


def _tracking_on(context: Context, pk: str, recorded: Iterable[ShippedPicklist]) -> Tracking:
    """Return what a fulfilment shows, which may have the parcels of several picklists."""
    picklists = [one for one in recorded if pk in one.fulfilments]
    parcels = parcels_of(shipment for one in picklists for shipment in one.shipments)
    return tracking_of(parcels, context.settings.tracking)
