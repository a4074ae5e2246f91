"""The plugin's GraphQL API for staff: orders on the way to Picqer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.integration.support.api import Api, ApiError, Json, to_global_id, to_pk
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.shop import Shop

PAYLOAD = "count orders { orderId stage } errors { field code message order }"
PUSH = f"mutation ($orders: [ID!]!) {{ picqerPushOrders(orders: $orders) {{ {PAYLOAD} }} }}"
SKIP = f"mutation ($orders: [ID!]!) {{ picqerSkipOrders(orders: $orders) {{ {PAYLOAD} }} }}"
RETRY = f"""
mutation ($orders: [ID!], $channel: String) {{
  picqerRetryOrders(orders: $orders, channel: $channel) {{ {PAYLOAD} }}
}}
"""
ORDERS = """
query (
  $channel: String, $stage: PicqerOrderStage, $attention: Boolean, $number: String
  $first: Int = 100, $after: String
) {
  picqerOrders(
    channel: $channel, stage: $stage, attention: $attention, number: $number
    first: $first, after: $after
  ) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      cursor
      node {
        orderId order { id } number channel stage reference
        picqerId picqerNumber picqerStatus statusPage
        attempts notBefore waitingFor lastError attention createdAt updatedAt
      }
    }
  }
}
"""
EXPLAIN = """
query ($order: ID!) {
  picqerOrder(order: $order) {
    code title advice details until orderId record { stage number } order { id }
  }
}
"""


@dataclass(frozen=True)
class MutationResult:
    """Stages by pk of the accepted orders; codes and messages by pk of the refused orders."""

    count: int
    done: dict[str, str]
    codes: dict[str, str]
    messages: dict[str, str]


class StaffApi:
    """Calls the plugin's queries and mutations; orders are named by pk."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def push(self, *orders: str) -> MutationResult:
        return self._ask(PUSH, orders=_ids(orders))

    def retry(self, *orders: str) -> MutationResult:
        return self._ask(RETRY, orders=_ids(orders))

    def retry_all(self, channel: str | None = None) -> MutationResult:
        return self._ask(RETRY, channel=channel)

    def skip(self, *orders: str) -> MutationResult:
        return self._ask(SKIP, orders=_ids(orders))

    def explain(self, order: str) -> Json:
        """Return where the order is, or why it is not sent; None for an unknown order."""
        return self.api.query(EXPLAIN, order=self.id_of(order))["picqerOrder"]

    def id_of(self, order: str) -> str:
        return to_global_id("Order", order)

    def page(self, **arguments: Any) -> Json:
        return self.api.query(ORDERS, **arguments)["picqerOrders"]

    def orders(self, **arguments: Any) -> list[Json]:
        return [edge["node"] for edge in self.page(**arguments)["edges"]]

    def pks(self, **arguments: Any) -> list[str]:
        return [to_pk(order["orderId"]) for order in self.orders(**arguments)]

    def _ask(self, document: str, **variables: Any) -> MutationResult:
        answer = self.api.raw(document, **variables)
        if "errors" in answer:
            raise ApiError(answer["errors"])
        (payload,) = answer["data"].values()
        refused = {to_pk(e["order"]): e for e in payload["errors"] if e["order"]}
        if len(refused) < len(payload["errors"]):
            raise ApiError(payload["errors"])
        return MutationResult(
            count=payload["count"],
            done={to_pk(order["orderId"]): order["stage"] for order in payload["orders"]},
            codes={pk: error["code"] for pk, error in refused.items()},
            messages={pk: error["message"] for pk, error in refused.items()},
        )


def _ids(orders: tuple[str, ...]) -> list[str]:
    return [to_global_id("Order", pk) for pk in orders]


def staff_of_another_channel(shop: Shop, *permissions: str) -> Api:
    """Return the API for a staff member limited to another channel; on Saleor 3 only.

    Without named permissions, the member may manage orders.
    """
    from saleor.account.models import Group

    email = "stranger@example.com"
    api = shop.staff_api(*permissions or ("manage_orders",), email=email)
    group = Group.objects.get(name=email)
    group.restricted_access_to_channels = True
    group.save()
    group.channels.add(shop.create_channel("elsewhere"))
    return api


def open_in_picqer(connected_shop: ConnectedShop) -> list[str]:
    """Return the statuses of the open orders in Picqer."""
    return [o["status"] for o in connected_shop.orders() if o["status"] != "cancelled"]


def cancel_in_picqer(connected_shop: ConnectedShop, order: str) -> None:
    """Cancel the order in Picqer and deliver the webhook."""
    connected_shop.picqer_api("DELETE", f"/orders/{connected_shop.row(order).remote_id}?force=true")
    connected_shop.run_until_idle()


def failed_order(connected_shop: ConnectedShop, sku: str = "NEW") -> str:
    """Place an order with a SKU unknown to Picqer while creating products is off."""
    connected_shop.connect(create_missing_products=False)
    connected_shop.shop.product(sku, stock=5)
    order = connected_shop.order(**{sku: 1})
    assert connected_shop.row(order).stage == "failed"
    return order


def add_product(connected_shop: ConnectedShop, sku: str = "NEW") -> None:
    """Add the product in Picqer."""
    groups = connected_shop.picqer_api("GET", "/vatgroups")
    vat_group = groups[0]["idvatgroup"]
    connected_shop.picqer_api(
        "POST", "/products", productcode=sku, name=sku, price=1, idvatgroup=vat_group
    )
