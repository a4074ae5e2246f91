"""A guard of fulfilments: others than the plugin need its consent.

Saleor 3 reports an error of the hook `fulfillment_created` only after the fulfilment is committed,
so the guard stands before that, on every line. A fulfilment is saved before its lines. For an order
of which a part does not ship, the guard therefore waits for the entry in the order's history that
names the lines. Saleor makes the entry in the transaction of the fulfilment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from saleor.order.error_codes import OrderErrorCode
from saleor.order.models import Fulfillment, FulfillmentLine, OrderEvent, OrderLine

logger = logging.getLogger(__name__)

# Returns why an order must not be fulfilled, for the pk of the order; None to allow it.
Refusal = Callable[[str], str | None]

_FULFILLED: Final = "fulfilled"
_WAITS_FOR_APPROVAL: Final = "waiting_for_approval"
# Returns, refunds and cancelled fulfilments ship nothing.
_SHIPPING: Final = frozenset({_FULFILLED, _WAITS_FOR_APPROVAL})

# Types of entries in the order's history -> the parameter with the pks of the fulfilment's lines.
_NAMES_LINES: Final[Mapping[str, str]] = {
    "fulfillment_fulfilled_items": "fulfilled_items",
    "fulfillment_awaits_approval": "awaiting_fulfillments",
}
_EXCEPT_DIGITAL: Final = "Lines that do not ship can be fulfilled without the others."

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

    def guard_fulfilment(
        instance: Fulfillment,
        *,
        raw: bool,
        update_fields: Collection[str] | None = None,
        **_: Any,
    ) -> None:
        if raw or _by_plugin.get() or not _begins_to_ship(instance, update_fields):
            return
        with _nothing_else_raised(instance.order_id):
            if not _is_partly_digital(instance.order_id):
                _raise(refusal(str(instance.order_id)))

    def guard_lines(instance: OrderEvent, *, raw: bool, **_: Any) -> None:
        parameter = _NAMES_LINES.get(instance.type)
        if raw or _by_plugin.get() or parameter is None:
            return
        with _nothing_else_raised(instance.order_id):
            pks = instance.parameters.get(parameter) or []
            if _is_partly_digital(instance.order_id) and _have_goods(pks):
                _raise(refusal(str(instance.order_id)), _EXCEPT_DIGITAL)

    # Strongly referenced, because nothing else keeps the functions.
    for guard, sender in ((guard_fulfilment, Fulfillment), (guard_lines, OrderEvent)):
        uid = f"picqer-fulfilment-guard-{sender.__name__}"
        pre_save.connect(guard, sender=sender, weak=False, dispatch_uid=uid)


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


@contextmanager
def _nothing_else_raised(order_pk: Any) -> Iterator[None]:
    """Let refusals pass, and log any other error, which must not keep Saleor from working."""
    try:
        yield
    except ValidationError:
        raise
    except Exception:
        logger.exception("A fulfilment of order %s was not checked", order_pk)


def _raise(*reasons: str | None) -> None:
    """Raise the error that Saleor's mutations show, unless the first reason is missing."""
    if reasons[0]:
        raise ValidationError(" ".join(filter(None, reasons)), code=OrderErrorCode.INVALID.value)


def _is_partly_digital(order_pk: Any) -> bool:
    """Return whether the order has lines that Saleor may fulfil by itself, such as gift cards."""
    # A refusal would end the payment in which Saleor does that.
    return bool(OrderLine.objects.filter(order_id=order_pk, is_shipping_required=False).exists())


def _have_goods(line_pks: Collection[int]) -> bool:
    """Return whether lines of a fulfilment have goods to ship."""
    lines = FulfillmentLine.objects.filter(pk__in=line_pks)
    return bool(lines.filter(order_line__is_shipping_required=True).exists())
