"""The GraphQL documents of the demo, for the schema of Saleor 2.10.

Every mutation requests `errors { field message }`.
"""

SIGN_IN = """
mutation SignIn($email: String!, $password: String!) {
  tokenCreate(email: $email, password: $password) {
    token
    errors { field message }
  }
}
"""

VARIANT_IDS = """
query VariantIds {
  productVariants(first: 100) {
    edges { node { id sku } }
  }
}
"""

STOCK = """
query Stock {
  productVariants(first: 100) {
    edges { node {
      sku
      stocks(countryCode: NL) {
        warehouse { name }
        quantity
        quantityAllocated
      }
    } }
  }
}
"""

CHECKOUT_CREATE = """
mutation CheckoutCreate($input: CheckoutCreateInput!) {
  checkoutCreate(input: $input) {
    created
    checkout {
      id
      totalPrice { gross { amount currency } }
      availableShippingMethods { id name }
    }
    errors { field message }
  }
}
"""

CHECKOUT_ABANDON = """
mutation CheckoutAbandon($checkout: ID!) {
  checkoutCustomerDetach(checkoutId: $checkout) {
    errors { field message }
  }
}
"""

CHECKOUT_SHIPPING = """
mutation CheckoutShipping($checkout: ID!, $method: ID!) {
  checkoutShippingMethodUpdate(checkoutId: $checkout, shippingMethodId: $method) {
    errors { field message }
  }
}
"""

CHECKOUT_PAY = """
mutation CheckoutPay($checkout: ID!, $payment: PaymentInput!) {
  checkoutPaymentCreate(checkoutId: $checkout, input: $payment) {
    errors { field message }
  }
}
"""

CHECKOUT_COMPLETE = """
mutation CheckoutComplete($checkout: ID!) {
  checkoutComplete(checkoutId: $checkout) {
    order { id number status isPaid total { gross { amount currency } } }
    errors { field message }
  }
}
"""

ORDER = """
query Order($id: ID!) {
  order(id: $id) {
    number
    status
    lines { productSku quantity quantityFulfilled }
    metadata { key value }
    fulfillments {
      status
      trackingNumber
      metadata { key value }
      warehouse { name }
      lines { quantity orderLine { productSku } }
    }
    events { type message }
  }
}
"""

WAREHOUSES = """
query Warehouses {
  warehouses(first: 100) {
    edges { node { name shippingZones(first: 1) { edges { node { id } } } } }
  }
}
"""

ORDER_CANCEL = """
mutation OrderCancel($id: ID!) {
  orderCancel(id: $id) {
    order { status }
    errors { field message }
  }
}
"""

OPEN_ORDERS = """
query OpenOrders {
  orders(first: 100, filter: {status: UNFULFILLED}) {
    edges { node { id number shippingMethodName } }
  }
}
"""

CONFIGURE_PICQER = """
mutation ConfigurePicqer($settings: [ConfigurationItemInput!]!) {
  pluginUpdate(id: "picqer", input: {active: true, configuration: $settings}) {
    plugin { active }
    errors { field message }
  }
}
"""

FULL_SYNC = """
mutation FullSync {
  triggerPicqerFullSync(confirmZero: true) {
    run { id }
    errors { field message }
  }
}
"""

PICQER_STATUS = """
query PicqerStatus {
  picqerStatus {
    channel
    attention { orderId stage lastError }
    events { status count }
    lastRun { id kind status total created updated unchanged failed problems }
  }
}
"""
