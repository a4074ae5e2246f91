"""Changes by staff to a placed order, the same on every line of Saleor."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from saleor.celeryconf import app
from saleor.order.models import Fulfillment, FulfillmentLine, Order, OrderLine
from saleor.shipping.models import ShippingMethod

from tests.integration.support.api import commit_hooks, to_global_id
from tests.integration.support.connected_shop import manager_of
from tests.integration.support.graphql_documents import LINE_QUANTITY, METADATA
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop
from tests.integration.support.staff import ADDRESS

ERRORS = "errors" if IS_SALEOR_3 else "errors: orderErrors"
UPDATE = f"""
mutation ($id: ID!, $input: OrderUpdateInput!) {{
  orderUpdate(id: $id, input: $input) {{ {ERRORS} {{ field message code }} }}
}}
"""
NOTE = f"""
mutation ($id: ID!, $message: String!) {{
  orderAddNote(order: $id, input: {{ message: $message }}) {{ {ERRORS} {{ field message code }} }}
}}
"""
DELETE_LINE = """
mutation ($id: ID!) { orderLineDelete(id: $id) { errors { field message code } } }
"""
ADD_LINE = """
mutation ($id: ID!, $input: [OrderLineCreateInput!]!) {
  orderLinesCreate(id: $id, input: $input) { errors { field message code } }
}
"""


CANCEL_FULFILMENT = f"""
mutation ($id: ID!, $input: FulfillmentCancelInput!) {{
  orderFulfillmentCancel(id: $id, input: $input) {{ {ERRORS} {{ field message code }} }}
}}
"""

RETURN_GOODS = """
mutation ($order: ID!, $input: OrderReturnProductsInput!) {
  orderFulfillmentReturnProducts(order: $order, input: $input) { errors { field message code } }
}
"""


REFUND_GOODS = """
mutation ($order: ID!, $input: OrderRefundProductsInput!) {
  orderFulfillmentRefundProducts(order: $order, input: $input) { errors { field message code } }
}
"""


def cancel_fulfilment(shop: Shop, order: str) -> None:
    """Cancel the only fulfilment, with the goods back in its warehouse."""
    found = Fulfillment.objects.get(order=order)
    warehouse = found.lines.values_list("stock__warehouse", flat=True)[0]
    back = {"warehouseId": to_global_id("Warehouse", warehouse)}
    shop.admin_api.query(CANCEL_FULFILMENT, id=to_global_id("Fulfillment", found.pk), input=back)


def return_goods(shop: Shop, order: str, **amounts: int) -> None:
    """Return fulfilled goods without a refund; on Saleor 3 only. `amounts` is quantity by SKU."""
    lines = FulfillmentLine.objects.filter(
        fulfillment__order=order,
        fulfillment__status="fulfilled",
        order_line__product_sku__in=amounts,
    )
    returned = [
        {
            "fulfillmentLineId": to_global_id("FulfillmentLine", line.pk),
            "quantity": amounts[line.order_line.product_sku],
        }
        for line in lines
    ]
    shop.admin_api.query(
        RETURN_GOODS,
        order=to_global_id("Order", order),
        input={"fulfillmentLines": returned, "refund": False},
    )


def refund_unshipped(shop: Shop, order: str, **amounts: int) -> None:
    """Refund goods that are not fulfilled yet; on Saleor 3 only. `amounts` is quantity by SKU."""
    lines = OrderLine.objects.filter(order=order, product_sku__in=amounts)
    refunded = [
        {"orderLineId": to_global_id("OrderLine", line.pk), "quantity": amounts[line.product_sku]}
        for line in lines
    ]
    shop.admin_api.query(
        REFUND_GOODS, order=to_global_id("Order", order), input={"orderLines": refunded}
    )


def change_address(shop: Shop, order: str, **changes: str) -> None:
    """Change fields of the shipping address; `changes` has the API's names."""
    address = {"shippingAddress": ADDRESS | changes}
    shop.admin_api.query(UPDATE, id=to_global_id("Order", order), input=address)


def change_email(shop: Shop, order: str, email: str) -> None:
    shop.admin_api.query(UPDATE, id=to_global_id("Order", order), input={"userEmail": email})


def add_note(shop: Shop, order: str, message: str) -> None:
    """Add a note of staff to the order's timeline."""
    shop.admin_api.query(NOTE, id=to_global_id("Order", order), message=message)


def change_method(shop: Shop, order: str, method: str) -> None:
    """Change the shipping method."""
    pk = ShippingMethod.objects.get(name=method).pk
    shop.admin_api.query(
        shop.documents.draft_shipping,
        id=to_global_id("Order", order),
        method=to_global_id("ShippingMethod", pk),
    )


def change_quantity_directly(order: str, sku: str, quantity: int) -> None:
    """Change a line's quantity as another program does, at the same unit price."""
    for line in OrderLine.objects.filter(order=order, product_sku=sku):
        for total in ("total_price_net_amount", "total_price_gross_amount"):
            if hasattr(line, total):
                setattr(line, total, getattr(line, total) / line.quantity * quantity)
        line.quantity = quantity
        line.save()
    if IS_SALEOR_3:
        Order.objects.get(pk=order).save(update_fields=["updated_at"])
    touch(order)


def change_note(order: str, note: str) -> None:
    """Change the customer's note of a placed order."""
    Order.objects.filter(pk=order).update(customer_note=note)
    touch(order)


def change_quantity(shop: Shop, order: str, sku: str, quantity: int) -> None:
    """Change a line's quantity; on Saleor 3 only, for unconfirmed orders."""
    line = OrderLine.objects.get(order=order, product_sku=sku)
    shop.admin_api.query(LINE_QUANTITY, id=to_global_id("OrderLine", line.pk), quantity=quantity)


def add_line(shop: Shop, order: str, sku: str, quantity: int) -> None:
    """Add a line; on Saleor 3 only, for unconfirmed orders."""
    lines = shop.lines_input({sku: quantity})
    shop.admin_api.query(ADD_LINE, id=to_global_id("Order", order), input=lines)


def delete_line(shop: Shop, order: str, sku: str) -> None:
    """Delete a line; on Saleor 3 only, for unconfirmed orders."""
    line = OrderLine.objects.get(order=order, product_sku=sku)
    shop.admin_api.query(DELETE_LINE, id=to_global_id("OrderLine", line.pk))


def write_metadata(shop: Shop, order: str, **private: str) -> None:
    """Write private metadata under the plugin's prefix; on Saleor 3 only."""
    items = [{"key": f"picqer.{key}", "value": value} for key, value in private.items()]
    shop.admin_api.query(METADATA, id=to_global_id("Order", order), public=[], private=items)


def touch(order: str) -> None:
    """Call the hook by which Saleor reports a changed order."""
    with commit_hooks():
        manager_of().order_updated(Order.objects.get(pk=order))


def expire(shop: Shop, order: str) -> None:
    """Let Saleor's own task expire the unpaid order; on Saleor 3 only."""
    shop.set_channel(expire_orders_after=1)
    Order.objects.filter(pk=order).update(created_at=timezone.now() - timedelta(minutes=5))
    with commit_hooks():
        app.tasks["saleor.order.tasks.expire_orders_task"].apply(throw=True)
