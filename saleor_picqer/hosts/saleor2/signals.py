"""Signal handlers of Saleor 2.10."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from saleor.discount.models import Voucher
from saleor.order.models import Order

from saleor_picqer.hosts.saleor2.channels import CHANNEL, Saleor2Channels
from saleor_picqer.hosts.saleor2.vouchers import keep_kind_of_discount

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect signal handlers for changes that call no plugin hook.

    Called once, from `AppConfig.ready()`.
    """
    # Saleor 2.10 calls no hook for new addresses, notes and e-mail addresses of an order.
    post_save.connect(_order_saved, sender=Order, dispatch_uid="picqer-order-saved")
    pre_delete.connect(_voucher_deleted, sender=Voucher, dispatch_uid="picqer-voucher-deleted")


def _order_saved(
    instance: Order, *, created: bool, raw: bool, update_fields: Any = None, **_: Any
) -> None:
    # Saleor's API saves whole orders; only Saleor's internals and this plugin save single fields.
    if created or raw or update_fields:
        return
    try:
        for plugin in Saleor2Channels().plugins([CHANNEL]).values():
            plugin.orders_changed([instance], None)
    except Exception:
        logger.exception("The change of order %s was not recorded for Picqer", instance.pk)


def _voucher_deleted(instance: Voucher, **_: Any) -> None:
    try:
        with transaction.atomic():
            keep_kind_of_discount(instance)
    except Exception:
        logger.exception("Orders will be sent as if voucher %s had been for goods", instance.pk)
