"""Runs as staff start and see them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.picqer.gateway.products import Products
from tests.integration.support.connected_shop import ConnectedShop

FIELDS = """
    id kind dryRun status total done created updated unchanged failed read stockChanged zeroed
    withheld requests secondsLeft problems
    preview {
      known withStock warning
      created { sku fields } updated { sku fields } stock { sku warehouse before after }
    }
"""
START = """
mutation Start($channel: String, $dryRun: Boolean, $confirmZero: Boolean) {
  %s(channel: $channel, dryRun: $dryRun%s) {
    run { %s }
    errors { field code message }
  }
}
"""
CONFIRM = ", confirmZero: $confirmZero"
PULL = START % ("picqerPullStock", CONFIRM, FIELDS)
PUSH = (START % ("picqerPushProducts", "", FIELDS)).replace(", $confirmZero: Boolean", "")
FULL = START % ("triggerPicqerFullSync", CONFIRM, FIELDS)
LAST_RUN = f"""
query Last($channel: String) {{
  picqerStatus(channel: $channel) {{ lastRun {{ {FIELDS} }} }}
}}
"""


def run(shop: ConnectedShop, document: str, **arguments: Any) -> dict[str, Any]:
    """Carry out a run, and return the run as shown by the API."""
    shop.shop.admin_api.query(document, channel=shop.shop.channel_slug, **arguments)
    shop.run_until_idle()
    # On a slow machine the plugin's own rate limit may postpone a part of the run.
    while any(message.task.endswith(".carry_on_run") for message in shop.worker.later):
        time.sleep(0.2)
        shop.worker.run_later()
        shop.run_until_idle()
    return last_run(shop)


def last_run(shop: ConnectedShop) -> dict[str, Any]:
    """Return the channel's latest run."""
    answer = shop.shop.admin_api.query(LAST_RUN, channel=shop.shop.channel_slug)
    found: dict[str, Any] = answer["picqerStatus"]["lastRun"]
    return found


def pull(shop: ConnectedShop, **arguments: Any) -> dict[str, Any]:
    """Pull the stock, and return the run."""
    return run(shop, PULL, **arguments)


def stock_silently(shop: ConnectedShop, amount: int, *skus: str) -> None:
    """Set the stock in Picqer, and lose the webhooks."""
    for sku in skus:
        shop.stock(sku, amount)
    shop.webhooks.pending.clear()


@contextmanager
def pages(monkeypatch: pytest.MonkeyPatch, change: Any) -> Iterator[None]:
    """Change the pages of Picqer's products: `change(page, offset, active)` returns the page."""
    original = Products.page

    def changed(self: Products, offset: int, *, active: bool) -> Page[RemoteProduct]:
        found: Page[RemoteProduct] = change(original(self, offset, active=active), offset, active)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Products, "page", changed)
        yield
