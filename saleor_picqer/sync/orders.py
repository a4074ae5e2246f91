"""Pushing an order: exactly once, resumable after a crash at any point.

A `POST /orders` is repeated only after a look-up by reference has shown that the first one
did not arrive: Picqer enforces no uniqueness (Picqer API: orders).
"""

from __future__ import annotations

import logging

from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import Order, due, order_request
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.domain.products import product_request
from saleor_picqer.errors import DataError, IntegrationError, Remedy, UnknownProductError
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)


def push(context: Context, order_pk: str) -> None:
    """Takes the order as far as it can go now; whatever stops it is kept in the outbox."""
    entry = context.outbox.claim(order_pk)
    if entry is None:
        return
    progress = _Progress(context, entry)
    try:
        progress.run()
    except IntegrationError as error:
        _remember(context, progress.entry, error)
    except Exception:
        logger.exception("Pushing order %s failed", order_pk, extra={"order": order_pk})
        context.outbox.postpone(progress.entry, "an unexpected error: see the worker's log")


def _remember(context: Context, entry: Entry, error: IntegrationError) -> None:
    extra = {"order": entry.order_pk}
    logger.warning("Order %s not pushed: %s", entry.order_pk, error, extra=extra)
    if error.remedy is Remedy.GIVE_UP:
        context.outbox.fail(entry, error.explain())
        context.shop.note(
            entry.order_pk, f"Picqer: this order could not be sent. {error.explain()}"
        )
    else:
        context.outbox.postpone(entry, error.explain())


class _Progress:
    """One attempt at one order; `entry` is always what the outbox last saved."""

    def __init__(self, context: Context, entry: Entry) -> None:
        self.context = context
        self.entry = entry

    def run(self) -> None:
        order = self.context.shop.order(self.entry.order_pk)
        if order is None:
            raise DataError("the order no longer exists in Saleor")
        decision = due(order)
        if decision.now:
            self._push(order)
        elif self.entry.remote_id is not None:
            raise DataError(f"{decision.reason}, but it is in Picqer: cancel it there")
        elif decision.never:
            self._save(stage=Stage.SKIPPED)
        self.context.outbox.release(self.entry, waiting_for=decision.reason)

    def _push(self, order: Order) -> None:
        if self.entry.remote_id is None:
            remote = self._adopt(order) or self._create(order)
            self._save(stage=Stage.CREATED, remote_id=remote.id, remote_number=remote.number)
        if self.entry.stage is Stage.CREATED and self.entry.remote_id is not None:
            self.context.picqer.process_order(self.entry.remote_id)
            self._save(stage=Stage.PROCESSED)
            self.context.shop.note(order.pk, f"Picqer: sent as order {self.entry.remote_number}.")

    def _adopt(self, order: Order) -> RemoteOrder | None:
        """On a resumed attempt only: did the earlier request arrive after all?"""
        if self.entry.stage is not Stage.CREATING:
            return None
        found = self.context.picqer.orders_by_reference(order.number)
        return next((o for o in found if o.status is not RemoteStatus.CANCELLED), None)

    def _create(self, order: Order) -> RemoteOrder:
        request = order_request(order, self.context.picqer.vat_group)
        self._save(stage=Stage.CREATING)
        try:
            return self.context.picqer.create_order(request)
        except UnknownProductError:
            create_missing_products(self.context, order)
            return self.context.picqer.create_order(request)

    def _save(self, **changes: object) -> None:
        self.entry = self.context.outbox.advance(self.entry, **changes)


def create_missing_products(context: Context, order: Order) -> None:
    """Creates the products of the order that Picqer lacks; raises DataError naming the SKU."""
    skus = sorted({line.sku.strip() for line in order.shippable_lines})
    missing = [sku for sku in skus if not _known(context, sku)]
    if missing and not context.settings.create_missing_products:
        raise DataError(
            f'SKU "{missing[0]}" is not in Picqer, and creating missing products is switched off'
        )
    variants = context.shop.variants_by_sku(context.channel, missing)
    for sku in missing:
        if sku not in variants:
            raise DataError(f'SKU "{sku}" is neither in Picqer nor in this channel of Saleor')
        context.picqer.create_product(
            product_request(
                variants[sku], context.picqer.vat_group, context.settings.default_vat_rate
            )
        )


def _known(context: Context, sku: str) -> bool:
    product = context.picqer.product_by_code(sku)
    if product is not None and not product.active:
        raise DataError(f'SKU "{sku}" is inactive in Picqer: activate it there, then push again')
    return product is not None
