"""Hooks that Saleor 3 has beyond those of every line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

if TYPE_CHECKING:
    from saleor.order.models import Order


class Saleor3Hooks:
    """Mixed into `PicqerPlugin`; each hook does what the plugin's own hooks do."""

    active: bool
    channel: Any

    def order_confirmed(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_paid(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_expired(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        return self.orders_changed([order], previous_value)

    def order_metadata_updated(self, order: Order, previous_value: Any = None, **_: Any) -> Any:
        """Staff corrects what an order says to Picqer; what we remember on it tells nobody."""
        return self.orders_changed([order], previous_value)

    def webhook(self, request: Any, path: str, previous_value: Any = None) -> HttpResponse:
        return self.receive(request, path)

    @property
    def channel_slug(self) -> str | None:
        """None for the plugin instance behind Saleor's legacy URL, which belongs to no channel."""
        return None if self.channel is None else str(self.channel.slug)

    def orders_changed(self, orders: list[Order], previous_value: Any) -> Any:
        raise NotImplementedError

    def receive(self, request: Any, path: str) -> HttpResponse:
        raise NotImplementedError
