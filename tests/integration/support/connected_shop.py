"""A shop connected to a simulated Picqer account."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from django.utils import timezone
from picqer_simulator import SimulatorServer
from saleor.order.models import Order
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer import tasks
from saleor_picqer.models import (
    ChannelState,
    HookRegistration,
    InboxEvent,
    OutboxOrder,
    PeriodicTask,
)
from tests.integration.support.api import commit_hooks
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop
from tests.integration.support.webhooks import WebhookQueue
from tests.integration.support.worker import Worker

FULL_SYNC = """
mutation Sync($channel: String, $confirm: Boolean) {
  triggerPicqerFullSync(channel: $channel, confirmZero: $confirm) {
    run { id status total created updated unchanged failed problems }
    errors { field code message }
  }
}
"""

STATUS = """
query Status($channel: String) {
  picqerStatus(channel: $channel) {
    channel active
    orders { stage count }
    events { status count }
    attention { orderId number stage attempts lastError }
    lastRun { id status total created updated unchanged failed problems finishedAt }
    lastSweep
  }
}
"""

WHO = (("name", "Jan Jansen"), ("country", "NL"))


@dataclass
class ConnectedShop:
    """Joins the shop, the Picqer account, the worker and the webhooks between the two."""

    shop: Shop
    server: SimulatorServer
    worker: Worker
    webhooks: WebhookQueue
    run_until_idle: Callable[[], None]

    def connect(self, **settings: Any) -> None:
        """Save working settings as the dashboard does; `settings` override the defaults."""
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

    def full_sync(self, *, confirm: bool = False) -> dict[str, Any]:
        """Trigger a full sync, finish it, and return the run as the API shows it.

        With `confirm`, the sync may sell out the shop.
        """
        channel = self.shop.channel_slug
        self.shop.admin_api.query(FULL_SYNC, channel=channel, confirm=confirm)
        self.run_until_idle()
        # On a slow machine the plugin's own rate limit may postpone a part of the run.
        while any(message.task.endswith(".carry_on_run") for message in self.worker.later):
            time.sleep(0.2)
            self.worker.run_later()
            self.run_until_idle()
        return self.status()["lastRun"]

    def offer(self, **amounts: int) -> None:
        """Sell products with these SKUs, known to Picqer, with the given amounts in stock."""
        for sku in amounts:
            self.shop.product(sku)
        self.full_sync()
        for sku, amount in amounts.items():
            self.stock(sku, amount)
        self.run_until_idle()

    def place(self, **lines: int) -> str:
        """Place a customer's order without pushing it, and return the pk.

        `lines` is quantity by SKU.
        """
        return self.shop.checkout(lines)

    def order(self, **lines: int) -> str:
        """Place a customer's order, push it to Picqer, and return the pk.

        `lines` is quantity by SKU.
        """
        pk = self.place(**lines)
        self.run_until_idle()
        return pk

    def expire_leases(self) -> None:
        """Let all leases expire, so that requests without a response count as over."""
        OutboxOrder.objects.update(leased_until=None)

    def pass_time(self) -> None:
        """End every waiting time, sweep, and run until idle."""
        wait()
        with commit_hooks():
            tasks.sweep()
        self.run_until_idle()

    def status(self) -> dict[str, Any]:
        answer = self.shop.admin_api.query(STATUS, channel=self.shop.channel_slug)
        return answer["picqerStatus"]

    def stock(self, sku: str, amount: int, warehouse: str = "Main") -> None:
        """Set the stock of a product in Picqer's warehouse."""
        self.control("POST", "/stock", productcode=sku, warehouse=warehouse, amount=amount)

    def free_stock(self, sku: str) -> int:
        """Return Picqer's free stock over all warehouses."""
        return sum(row["freestock"] for row in self.product(sku)["stock"])

    def product(self, sku: str) -> dict[str, Any]:
        (found,) = [p for p in self.picqer_api("GET", "/products") if p["productcode"] == sku]
        return found

    def orders(self) -> list[dict[str, Any]]:
        return self.picqer_api("GET", "/orders")

    def number(self, pk: str) -> str:
        """Return the order's number, which is its primary key on Saleor 2.10."""
        return str(getattr(Order.objects.get(pk=pk), "number", pk))

    def picqer_order(self, pk: str) -> dict[str, Any]:
        """Return the only order in Picqer with the order's number as reference."""
        number = self.number(pk)
        listed = self.picqer_api("GET", f"/orders?reference={number}")
        (found,) = [order for order in listed if order["reference"] == number]
        return found

    def remote(self, pk: str) -> dict[str, Any]:
        """Return the order in Picqer linked to the outbox row."""
        return self.picqer_api("GET", f"/orders/{self.row(pk).remote_id}")

    def lines_of(self, pk: str) -> dict[str, dict[str, Any]]:
        """Return the lines of the order in Picqer by SKU."""
        return {line["productcode"]: line for line in self.remote(pk)["products"]}

    def enter_in_picqer(self, reference: str, **lines: int) -> int:
        """Enter an order in Picqer by hand, and return its id; `lines` is quantity by SKU."""
        products = [{"productcode": sku, "amount": amount} for sku, amount in lines.items()]
        who = {f"{kind}{field}": value for kind in ("delivery", "invoice") for field, value in WHO}
        entered = self.picqer_api("POST", "/orders", reference=reference, products=products, **who)
        return int(entered["idorder"])

    def fail_next(self, method: str, route: str, fault: str, **options: Any) -> None:
        """Schedule a fault for the next request of this kind."""
        self.control("POST", "/faults", method=method, route=route, fault=fault, **options)

    def ship(self, pk: str, **options: Any) -> None:
        """Pick and ship the order in Picqer, complete unless `lines` says which part."""
        self.control("POST", f"/orders/{self.picqer_order(pk)['idorder']}/ship", **options)

    def close_picklist(self, pk: str, *, parcels: int = 0) -> int:
        """Pick the open picklist of the order, ship it in so many parcels, close it; return its id.

        A picklist with a shipment closes by itself.
        """
        picklists = self.remote(pk)["picklists"]
        (idpicklist,) = [one["idpicklist"] for one in picklists if one["status"] == "new"]
        self.picqer_api("POST", f"/picklists/{idpicklist}/pickall")
        if parcels:
            self.add_shipment(idpicklist, parcels)
        else:
            self.picqer_api("POST", f"/picklists/{idpicklist}/close")
        return int(idpicklist)

    def add_shipment(self, idpicklist: int, parcels: int = 1) -> Any:
        """Hand parcels of a picklist to the carrier, and return the shipment."""
        (profile, *_) = self.picqer_api("GET", f"/picklists/{idpicklist}/shippingmethods")
        return self.picqer_api(
            "POST",
            f"/picklists/{idpicklist}/shipments?return=shipment",
            idshippingprofile=profile["idshippingprovider_profile"],
            parcels=[{"weight": 500} for _ in range(parcels)],
        )

    def cancel_shipment(self, shipment: Any) -> None:
        self.picqer_api(
            "DELETE", f"/picklists/{shipment['idpicklist']}/shipments/{shipment['idshipment']}"
        )

    def row(self, pk: str) -> OutboxOrder:
        return OutboxOrder.objects.get(order_pk=pk)

    def requests(self) -> dict[str, int]:
        """Return the number of requests to Picqer by route since `reset_requests`."""
        by_route: dict[str, int] = self.control("GET", "/requests")["by_route"]
        return by_route

    def requests_of_push(self) -> dict[str, int]:
        """Return the requests of the queued pushes, without the requests caused by webhooks."""
        self.reset_requests()
        self.worker.run()
        return self.requests()

    def reset_requests(self) -> None:
        self.control("DELETE", "/requests")

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        """Call a control route of the simulator."""
        return self._call(method, f"/_simulator{path}", body)

    def picqer_api(self, method: str, path: str, /, **body: Any) -> Any:
        """Call Picqer's API as another program does."""
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
    """Return a function that runs tasks and delivers webhooks until both queues are empty."""

    def run_until_idle() -> None:
        while worker.queue or webhooks.pending or worker.gather():
            worker.run()
            webhooks.deliver()

    return run_until_idle


def wait() -> None:
    """End every waiting time; the next sweep finds the due rows."""
    OutboxOrder.objects.update(not_before=None, leased_until=None, enqueued_at=None)
    InboxEvent.objects.update(not_before=None)
    PeriodicTask.objects.update(enqueued_at=None)
    HookRegistration.objects.update(not_before=None)
    ChannelState.objects.exclude(open_until=None).update(open_until=timezone.now())


def manager_of() -> Any:
    """Return the plugins manager as Saleor's own code gets it."""
    return get_plugins_manager(**({"allow_replica": False} if IS_SALEOR_3 else {}))


def plugin_of(channel: str) -> Any:
    """Return the plugin as Saleor's own code gets it for an event in the channel."""
    return manager_of().get_plugin("picqer", *([channel] if IS_SALEOR_3 else []))
