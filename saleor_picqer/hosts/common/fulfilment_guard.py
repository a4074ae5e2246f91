"""A guard of fulfilments: others than the plugin need its consent.

Saleor 3 reports an error of the hook `fulfillment_created` only after the fulfilment is committed,
so the guard stands before the fulfilment is saved, on every line.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.signals import pre_save
from saleor.order.error_codes import OrderErrorCode
from saleor.order.models import Fulfillment, OrderLine

logger = logging.getLogger(__name__)

# Returns why an order must not be fulfilled, for the pk of the order; None to allow it.
Refusal = Callable[[str], str | None]

_FULFILLED: Final = "fulfilled"
_WAITS_FOR_APPROVAL: Final = "waiting_for_approval"
# Returns, refunds and cancelled fulfilments ship nothing.
_SHIPPING: Final = frozenset({_FULFILLED, _WAITS_FOR_APPROVAL})

_by_plugin: ContextVar[bool] = ContextVar("saleor_picqer_fulfils", default=False)


@contextmanager
def fulfilled_by_plugin() -> Iterator[None]:
    """Let fulfilments pass that the plugin itself creates."""
    token = _by_plugin.set(True)
    try:
        yield
    finally:
        _by_plugin.reset(token)


def connect(refusal: Refusal) -> None:
    """Ask `refusal` before a fulfilment of someone else ships goods."""

    def guard(
        instance: Fulfillment,
        *,
        raw: bool,
        update_fields: Collection[str] | None = None,
        **_: Any,
    ) -> None:
        if raw or _by_plugin.get() or not _begins_to_ship(instance, update_fields):
            return
        if reason := _ask(refusal, instance):
            raise ValidationError(reason, code=OrderErrorCode.INVALID.value)

    # Strongly referenced, because nothing else keeps the function.
    pre_save.connect(guard, sender=Fulfillment, weak=False, dispatch_uid="picqer-fulfilment-guard")


def _begins_to_ship(fulfilment: Fulfillment, update_fields: Collection[str] | None) -> bool:
    """Return whether the fulfilment is new, or is being approved."""
    if fulfilment.status not in _SHIPPING:
        return False
    if fulfilment._state.adding:
        return True
    if fulfilment.status != _FULFILLED or (update_fields and "status" not in update_fields):
        return False
    waiting = Fulfillment.objects.filter(pk=fulfilment.pk, status=_WAITS_FOR_APPROVAL)
    return bool(waiting.exists())


def _ask(refusal: Refusal, fulfilment: Fulfillment) -> str | None:
    # Whatever fails here must not keep Saleor from working.
    try:
        reason = refusal(str(fulfilment.order_id))
        return None if reason and _has_open_digital_lines(fulfilment) else reason
    except Exception:
        logger.exception("A fulfilment of order %s was not checked", fulfilment.order_id)
        return None


def _has_open_digital_lines(fulfilment: Fulfillment) -> bool:
    """Return whether the order has lines that Saleor fulfils by itself, such as gift cards."""
    # A refusal would end the payment in which Saleor does that.
    lines = OrderLine.objects.filter(order_id=fulfilment.order_id, is_shipping_required=False)
    return bool(lines.filter(quantity_fulfilled__lt=F("quantity")).exists())
