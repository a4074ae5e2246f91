"""What Saleor does with stock when orders are placed, paid, edited and cancelled, without its API.

A thousand runs of fifty steps would take Saleor's API hours.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from saleor.order.models import Fulfillment, Order, OrderLine
from saleor.payment.models import Payment
from saleor.warehouse.models import Allocation, Stock, Warehouse

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.hosts import host
from tests.integration.support.api import commit_hooks
from tests.integration.support.host import IS_SALEOR_3

_HAS_TOTAL = any(field.name == "quantity_allocated" for field in Stock._meta.get_fields())


def allocate(pk: str) -> bool:
    """Allocate all lines of an order from what Saleor offers; False when there is not enough."""
    with transaction.atomic():
        done = all(
            _allocate(line, line.quantity - line.quantity_fulfilled)
            for line in OrderLine.objects.filter(order=pk)
        )
        if not done:
            transaction.set_rollback(True)
    return done


def edit(pk: str, sku: str, quantity: int) -> bool:
    """Change the quantity of a line, as staff do; False when Saleor does not allow it."""
    order = Order.objects.get(pk=pk)
    line = order.lines.filter(product_sku=sku).first()
    is_open = host().orders.state(order) in (OrderState.OPEN, OrderState.UNCONFIRMED)
    if line is None or not is_open or quantity < max(1, line.quantity_fulfilled):
        return False
    missing = quantity - line.quantity
    if missing > 0 and not _allocate(line, missing):
        return False
    if missing < 0:
        _deallocate(line, -missing)
    OrderLine.objects.filter(pk=line.pk).update(quantity=quantity)
    order.save()
    return True


def cancel(pk: str, *, told: bool) -> bool:
    """Cancel an order with Saleor's function; without its hooks unless `told`."""
    if told:
        with commit_hooks():
            return host().orders.cancel(pk)
    order = Order.objects.get(pk=pk)
    if host().orders.state(order) is OrderState.CANCELLED or not order.can_cancel():
        return False
    for line in order.lines.all():
        _deallocate(line, line.quantity)
    order.status = "canceled"
    order.save()
    return True


def cancel_fulfilment(pk: str) -> bool:
    """Cancel a fulfilment with the goods back in its warehouse, allocated again."""
    found = Fulfillment.objects.filter(order=pk).exclude(status="canceled").first()
    if found is None:
        return False
    with transaction.atomic():
        for row in found.lines.all():
            warehouse = row.stock.warehouse if row.stock else Warehouse.objects.first()
            _restock(row.order_line, warehouse, row.quantity)
        Fulfillment.objects.filter(pk=found.pk).update(status="canceled")
        order = Order.objects.get(pk=pk)
        left = any(line.quantity_fulfilled for line in order.lines.all())
        order.status = "partially fulfilled" if left else "unfulfilled"
        order.save()
    return True


def take_back(pk: str, *, shipped: bool) -> bool:
    """Return goods of an order, which Saleor 3 counts as fulfilled and puts back in no stock."""
    order = Order.objects.get(pk=pk)
    if shipped:
        found = Fulfillment.objects.filter(order=pk, status="fulfilled").first()
        if found is None:
            return False
        Fulfillment.objects.filter(pk=found.pk).update(status="returned")
    else:
        line = order.lines.filter(quantity_fulfilled__lt=F("quantity")).first()
        is_open = host().orders.state(order) is OrderState.OPEN
        if line is None or not is_open or not _allocated_to(line):
            return False
        _deallocate(line, 1)
        rows = OrderLine.objects.filter(pk=line.pk)
        rows.update(quantity_fulfilled=F("quantity_fulfilled") + 1)
    left = any(line.quantity_fulfilled < line.quantity for line in order.lines.all())
    order.status = "partially_returned" if left else "returned"
    order.save()
    return True


def _allocated_to(line: OrderLine) -> int:
    return sum(line.allocations.values_list("quantity_allocated", flat=True))


def pay(pk: str, template: str) -> None:
    """Pay an order in full, as the template was."""
    if IS_SALEOR_3:
        paid = Order.objects.get(pk=template)
        Order.objects.filter(pk=pk).update(
            charge_status=paid.charge_status,
            authorize_status=paid.authorize_status,
            total_charged_amount=F("total_gross_amount"),
        )
    elif not Payment.objects.filter(order=pk).exists():
        payment = Payment.objects.filter(order=template).latest("pk")
        total = Order.objects.get(pk=pk).total_gross_amount
        payment.pk, payment.order_id = None, pk
        payment.captured_amount = payment.total = total
        payment.save()


def _allocate(line: OrderLine, quantity: int) -> bool:
    stocks = list(Stock.objects.filter(product_variant=line.variant).order_by("pk"))
    free = {stock.pk: stock.quantity - _allocated(stock) for stock in stocks}
    if sum(max(0, n) for n in free.values()) < quantity:
        return False
    for stock in stocks:
        taken = min(quantity, max(0, free[stock.pk]))
        if taken:
            _change(line, stock, taken)
            quantity -= taken
    return True


def _deallocate(line: OrderLine, quantity: int) -> None:
    for allocation in line.allocations.order_by("stock__pk"):
        taken = min(quantity, allocation.quantity_allocated)
        _change(line, allocation.stock, -taken)
        quantity -= taken


def _restock(line: OrderLine, warehouse: Any, quantity: int) -> None:
    stock, _ = Stock.objects.get_or_create(warehouse=warehouse, product_variant=line.variant)
    Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + quantity)
    _change(line, stock, quantity)
    rows = OrderLine.objects.filter(pk=line.pk)
    rows.update(quantity_fulfilled=F("quantity_fulfilled") - quantity)


def _change(line: OrderLine, stock: Stock, amount: int) -> None:
    allocation, _ = Allocation.objects.get_or_create(
        order_line=line, stock=stock, defaults={"quantity_allocated": 0}
    )
    rows = Allocation.objects.filter(pk=allocation.pk)
    rows.update(quantity_allocated=F("quantity_allocated") + amount)
    if _HAS_TOTAL:
        Stock.objects.filter(pk=stock.pk).update(
            quantity_allocated=F("quantity_allocated") + amount
        )


def _allocated(stock: Stock) -> int:
    return sum(stock.allocations.values_list("quantity_allocated", flat=True))
