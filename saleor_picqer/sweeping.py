"""One sweep: whatever is due, found in the tables of Saleor and of the plugin.

Celery's task sends a message for what is found; `manage.py picqer sweep` does it at once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Protocol

from saleor_picqer import (
    capture,
    hook_upkeep,
    product_runs,
    reconciling,
    retention,
    stock_reading,
    sync_runs,
    wiring,
)
from saleor_picqer.dashboard import installation
from saleor_picqer.errors import IntegrationError

logger = logging.getLogger(__name__)


class Executor(Protocol):
    """Does what a sweep has found, or enqueues it."""

    def push_orders(self, channels: Collection[str]) -> None:
        """Push the due orders of the channels."""

    def work_off_inbox(self, accounts: Collection[str]) -> None:
        """Act on waiting webhook deliveries of the accounts."""

    def follow_shipments(self) -> None:
        """Send due e-mails to customers, and capture due payments."""

    def read_stock(self, accounts: Collection[str]) -> None:
        """Read the requested products of the accounts."""

    def count_stock(self) -> None:
        """Count stock anew where that is due."""

    def push_products(self, accounts: Collection[str]) -> None:
        """Send the due products of the accounts."""

    def carry_on_runs(self) -> None:
        """Carry on the due runs."""

    def sync_hooks(self) -> None:
        """Register due webhooks, and check the accounts whose turn it is."""

    def reconcile(self, channels: Sequence[str]) -> None:
        """Carry on the due reconciles of the channels."""

    def tell_alarms(self) -> None:
        """Raise and clear alarms, and tell staff."""


def sweep(executor: Executor) -> None:
    """Find what is due, and pass it to the executor; orders come first."""
    capture.follow_moved_orders()
    channels = wiring.active_channels()
    for channel in channels:
        _find_orders(channel)
    executor.push_orders(channels)
    executor.work_off_inbox(wiring.channels_by_account().keys())
    executor.follow_shipments()
    executor.read_stock(stock_reading.upkeep())
    executor.count_stock()
    sync_runs.queue_scheduled()
    executor.push_products(product_runs.find_all())
    executor.carry_on_runs()
    hook_upkeep.follow_settings()
    installation.follow_settings()
    executor.sync_hooks()
    retention.clean_up()
    reconciling.queue_nightly()
    executor.reconcile(channels)
    executor.tell_alarms()


def _find_orders(channel: str) -> None:
    """Record the channel's orders that were modified since the last sweep."""
    # Errors are logged, not raised: other channels must be swept all the same.
    try:
        missed = capture.capture_modified(wiring.load_settings(channel))
    except IntegrationError as error:
        logger.warning("Channel %s could not be swept. %s", channel, error)
    except Exception:
        logger.exception("The sweep of channel %s failed.", channel)
    else:
        if missed:
            logger.info("%s orders of channel %s were found without a hook.", missed, channel)
