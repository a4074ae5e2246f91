"""GraphQL documents of customers and staff; responses have one shape on every line of Saleor."""

from __future__ import annotations

from dataclasses import dataclass

TOKEN = """
mutation ($email: String!, $password: String!) {
  tokenCreate(email: $email, password: $password) { token errors { field message } }
}
"""

ORDER = """
query ($id: ID!) {
  order(id: $id) {
    number status isPaid customerNote shippingMethodName
    lines { productSku quantity }
    fulfillments {
      status trackingNumber warehouse { name }
      lines { quantity orderLine { productSku } }
      metadata { key value }
    }
    events { type message }
    privateMetadata { key value }
    metadata { key value }
  }
}
"""

PLUGINS = "{ plugins(first: 100) { edges { node { id } } } }"


# Of Saleor 3 only

CUSTOMER_NOTE = """
mutation ($id: ID!, $note: String!) {
  checkoutCustomerNoteUpdate(id: $id, customerNote: $note) { errors { field message code } }
}
"""

COLLECT = """
mutation ($id: ID!, $point: ID!) {
  checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $point) {
    checkout { id totalPrice { gross { amount } } }
    errors { field message code }
  }
}
"""

CREATE_FROM_CHECKOUT = """
mutation ($id: ID!) {
  orderCreateFromCheckout(id: $id) { order { id } errors { field message code } }
}
"""

CONFIRM = "mutation ($id: ID!) { orderConfirm(id: $id) { errors { field message code } } }"

BULK_CREATE = """
mutation ($orders: [OrderBulkCreateInput!]!) {
  orderBulkCreate(orders: $orders) {
    count
    results { order { id number } errors { path message code } }
  }
}
"""

ORDER_DISCOUNT = """
mutation ($id: ID!, $input: OrderDiscountCommonInput!) {
  orderDiscountAdd(orderId: $id, input: $input) { errors { field message code } }
}
"""

LINE_DISCOUNT = """
mutation ($id: ID!, $input: OrderDiscountCommonInput!) {
  orderLineDiscountUpdate(orderLineId: $id, input: $input) { errors { field message code } }
}
"""

LINE_QUANTITY = """
mutation ($id: ID!, $quantity: Int!) {
  orderLineUpdate(id: $id, input: {quantity: $quantity}) { errors { field message code } }
}
"""

METADATA = """
mutation ($id: ID!, $public: [MetadataInput!]!, $private: [MetadataInput!]!) {
  updateMetadata(id: $id, input: $public) { errors { field message } }
  updatePrivateMetadata(id: $id, input: $private) { errors { field message } }
}
"""


@dataclass(frozen=True)
class Names:
    """Names that differ between the lines of Saleor."""

    checkout_id: str = "id"
    methods: str = "shippingMethods"
    checkout_errors: str = "errors"
    order_errors: str = "errors"


class Documents:
    """Documents that differ in names only."""

    def __init__(self, names: Names) -> None:
        on_checkout = f"errors: {names.checkout_errors} {{ field message code }}"
        on_order = f"errors: {names.order_errors} {{ field message code }}"
        checkout_id = f"{names.checkout_id}: $id"
        self.checkout = f"""
        mutation ($input: CheckoutCreateInput!) {{
          checkoutCreate(input: $input) {{
            checkout {{
              id totalPrice {{ gross {{ amount }} }} methods: {names.methods} {{ id name }}
            }}
            {on_checkout}
          }}
        }}
        """
        self.shipping = f"""
        mutation ($id: ID!, $method: ID!) {{
          checkoutShippingMethodUpdate({checkout_id}, shippingMethodId: $method) {{
            checkout {{ id totalPrice {{ gross {{ amount }} }} }}
            {on_checkout}
          }}
        }}
        """
        self.promo_code = f"""
        mutation ($id: ID!, $code: String!) {{
          checkoutAddPromoCode({checkout_id}, promoCode: $code) {{
            checkout {{ id totalPrice {{ gross {{ amount }} }} }}
            {on_checkout}
          }}
        }}
        """
        self.payment = f"""
        mutation ($id: ID!, $input: PaymentInput!) {{
          checkoutPaymentCreate({checkout_id}, input: $input) {{
            errors {{ field message }}
          }}
        }}
        """
        self.complete = f"""
        mutation ($id: ID!) {{
          checkoutComplete({checkout_id}) {{ order {{ id }} {on_checkout} }}
        }}
        """
        self.draft = f"""
        mutation ($input: DraftOrderCreateInput!) {{
          draftOrderCreate(input: $input) {{ order {{ id }} {on_order} }}
        }}
        """
        self.draft_shipping = f"""
        mutation ($id: ID!, $method: ID!) {{
          orderUpdateShipping(order: $id, input: {{shippingMethod: $method}}) {{ {on_order} }}
        }}
        """
        self.draft_complete = _on_order("draftOrderComplete", on_order)
        self.mark_as_paid = _on_order("orderMarkAsPaid", on_order)
        self.capture = f"""
        mutation ($id: ID!) {{ orderCapture(id: $id, amount: AMOUNT) {{ {on_order} }} }}
        """
        self.cancel = _on_order("orderCancel", on_order)
        self.fulfil = f"""
        mutation ($order: ID!, $input: OrderFulfillInput!) {{
          orderFulfill(order: $order, input: $input) {{ {on_order} }}
        }}
        """


def _on_order(mutation: str, errors: str) -> str:
    return f"mutation ($id: ID!) {{ {mutation}(id: $id) {{ {errors} }} }}"
