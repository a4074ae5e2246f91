"""A shop that is connected to Picqer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from django.utils import timezone
from picqer_simulator import SimulatorServer
from saleor.order.models import Order
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer import tasks
from saleor_picqer.models import ChannelState, InboxEvent, OutboxOrder
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop
from tests.integration.support.webhooks import WebhookQueue
from tests.integration.support.worker import Worker

FULL_SYNC = """
mutation Sync($channel: String) {
  triggerPicqerFullSync(channel: $channel) {
    run { id status total created updated unchanged failed problems }
    picqerErrors { field code message }
  }
}
"""

STATUS = """
query Status($channel: String) {
  picqerStatus(channel: $channel) {
    channel active
    orders { name count }
    events { name count }
    attention { order number stage attempts reason }
    lastRun { id status total created updated unchanged failed problems finishedAt }
  }
}
"""

WHO = (("name", "Jan Jansen"), ("country", "NL"))


@dataclass
class ConnectedShop:
    """The shop, its Picqer account, and what goes on between them."""

    shop: Shop
    server: SimulatorServer
    worker: Worker
    webhooks: WebhookQueue
    run_until_idle: Callable[[], None]

    def connect(self, **settings: Any) -> None:
        """Saves settings that work, as the dashboard does; `settings` override them."""
        self.shop.configure_plugin(**self.settings() | settings)

    def settings(self) -> dict[str, Any]:
        return {
            "endpoint": self.server.url,
            "api_key": self.server.api_key,
            "storefront": "Coffee shop",
            "contact_email": "ops@shop.example",
            "shipping_methods": "Parcel",
            "default_vat_rate": "21",
        }

    def full_sync(self) -> dict[str, Any]:
        """Triggers a full sync and lets it run; the run as the API shows it then."""
        channel = self.shop.channel_slug
        self.shop.admin_api.query(FULL_SYNC, channel=channel)
        self.run_until_idle()
        return self.status()["lastRun"]

    def offer(self, **amounts: int) -> None:
        """Products with these SKUs, known to Picqer, with that many in stock there."""
        for sku in amounts:
            self.shop.product(sku)
        self.full_sync()
        for sku, amount in amounts.items():
            self.stock(sku, amount)
        self.run_until_idle()

    def place(self, **lines: int) -> str:
        """A customer orders; `lines` is quantity by SKU. The order's pk."""
        return self.shop.checkout(lines)

    def order(self, **lines: int) -> str:
        """A customer orders and Picqer gets it; `lines` is quantity by SKU. The order's pk."""
        pk = self.place(**lines)
        self.run_until_idle()
        return pk

    def expire_leases(self) -> None:
        """Requests that got no answer are certainly over."""
        OutboxOrder.objects.update(leased_until=None)

    def pass_time(self) -> None:
        """Every waiting time is over, the sweeper comes round, and all goes on."""
        wait()
        tasks.sweep()
        self.run_until_idle()

    def status(self) -> dict[str, Any]:
        answer = self.shop.admin_api.query(STATUS, channel=self.shop.channel_slug)
        return answer["picqerStatus"]

    def stock(self, sku: str, amount: int, warehouse: str = "Main") -> None:
        """Somebody counts stock in Picqer's warehouse."""
        self.control("POST", "/stock", productcode=sku, warehouse=warehouse, amount=amount)

    def free_stock(self, sku: str) -> int:
        """Picqer's free stock over all warehouses."""
        return sum(row["freestock"] for row in self.product(sku)["stock"])

    def product(self, sku: str) -> dict[str, Any]:
        (found,) = [p for p in self.picqer_api("GET", "/products") if p["productcode"] == sku]
        return found

    def orders(self) -> list[dict[str, Any]]:
        return self.picqer_api("GET", "/orders")

    def number(self, pk: str) -> str:
        """The order's number, which on Saleor 2.10 is its primary key."""
        return str(getattr(Order.objects.get(pk=pk), "number", pk))

    def picqer_order(self, pk: str) -> dict[str, Any]:
        """The one order in Picqer that the shop's order became."""
        number = self.number(pk)
        (found,) = [order for order in self.orders() if order["reference"] == number]
        return found

    def remote(self, pk: str) -> dict[str, Any]:
        """The order in Picqer that the plugin takes for the shop's."""
        return self.picqer_api("GET", f"/orders/{self.row(pk).remote_id}")

    def lines_of(self, pk: str) -> dict[str, dict[str, Any]]:
        """Lines of the order in Picqer by SKU."""
        return {line["productcode"]: line for line in self.remote(pk)["products"]}

    def enter_in_picqer(self, reference: str, **lines: int) -> int:
        """Somebody enters an order in Picqer by hand; `lines` is quantity by SKU. Its id."""
        products = [{"productcode": sku, "amount": amount} for sku, amount in lines.items()]
        who = {f"{kind}{field}": value for kind in ("delivery", "invoice") for field, value in WHO}
        entered = self.picqer_api("POST", "/orders", reference=reference, products=products, **who)
        return int(entered["idorder"])

    def fail_next(self, method: str, route: str, fault: str, **options: Any) -> None:
        """What goes wrong with the next request of this kind."""
        self.control("POST", "/faults", method=method, route=route, fault=fault, **options)

    def ship(self, pk: str, **options: Any) -> None:
        """The warehouse picks and ships, all of it unless `lines` says what."""
        self.control("POST", f"/orders/{self.picqer_order(pk)['idorder']}/ship", **options)

    def row(self, pk: str) -> OutboxOrder:
        return OutboxOrder.objects.get(order_pk=pk)

    def requests(self) -> dict[str, int]:
        """Requests to Picqer by route since `forget_requests`."""
        by_route: dict[str, int] = self.control("GET", "/requests")["by_route"]
        return by_route

    def requests_of_push(self) -> dict[str, int]:
        """What pushing costs, without what Picqer's webhooks lead to."""
        self.reset_requests()
        self.worker.run()
        return self.requests()

    def reset_requests(self) -> None:
        self.control("DELETE", "/requests")

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        """A control route of the simulator."""
        return self._call(method, f"/_simulator{path}", body)

    def picqer_api(self, method: str, path: str, /, **body: Any) -> Any:
        """Picqer's API, as some other program uses it."""
        return self._call(method, f"/api/v1{path}", body)

    def _call(self, method: str, path: str, body: dict[str, Any]) -> Any:
        response = requests.request(
            method,
            self.server.url + path,
            json=body or None,
            auth=(self.server.api_key, ""),
            headers={"User-Agent": "tests (tests@shop.example)"},
            timeout=10,
        )
        assert response.ok, response.text
        return response.json() if response.content else None


def until_idle(worker: Worker, webhooks: WebhookQueue) -> Callable[[], None]:
    """Lets our worker and Picqer's webhooks go on until nobody has anything to do."""

    def run_until_idle() -> None:
        while worker.queue or webhooks.pending:
            worker.run()
            webhooks.deliver()

    return run_until_idle


def wait() -> None:
    """Lets every waiting time pass; what is due then is up to the sweeper."""
    OutboxOrder.objects.update(not_before=None, leased_until=None)
    InboxEvent.objects.update(not_before=None)
    ChannelState.objects.exclude(open_until=None).update(open_until=timezone.now())


def manager_of() -> Any:
    """The plugins manager as Saleor's own code gets it."""
    return get_plugins_manager(**({"allow_replica": False} if IS_SALEOR_3 else {}))


def plugin_of(channel: str) -> Any:
    """The plugin as Saleor's own code gets it when something happens in the channel."""
    return manager_of().get_plugin("picqer", *([channel] if IS_SALEOR_3 else []))
