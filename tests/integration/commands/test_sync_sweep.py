"""`manage.py picqer sync` and `sweep`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from saleor_picqer import tasks
from saleor_picqer.models import FulfilmentLink, PeriodicTask
from saleor_picqer.store import runs
from tests.integration.support.api import commit_hooks
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.emails import CONFIRMATION, recorded_emails


def test_sync_says_what_it_did(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.products(2)

    assert "2 created" in manage_picqer("sync")
    assert "2 unchanged" in manage_picqer("sync", "--channel", connected_shop.shop.channel_slug)


def test_sync_fails_saying_why_when_a_product_has_no_rate(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS")
    groups = connected_shop.picqer_api("GET", "/vatgroups")
    strange = [{"name": group["name"], "percentage": 13} for group in groups]
    connected_shop.control("POST", "/seed", vatgroups=strange)

    with pytest.raises(CommandError, match=connected_shop.shop.channel_slug):
        manage_picqer("sync")


def test_sync_fails_when_the_plugin_is_off(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.configure_plugin(active=False)

    with pytest.raises(CommandError, match="not switched on"):
        manage_picqer("sync")


def test_sweep_pushes_what_no_worker_has_pushed(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5)
    order = connected_shop.shop.checkout({"BEANS": 1})
    connected_shop.worker.queue.clear()

    assert manage_picqer("sweep").startswith("1 orders")
    assert connected_shop.picqer_order(order)["status"] == "processing"


def test_sweep_tries_each_order_once(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS", stock=1)
    connected_shop.shop.checkout({"BEANS": 1})
    connected_shop.connect(create_missing_products=False)

    assert manage_picqer("sweep").startswith("1 orders")
    assert manage_picqer("sweep").startswith("0 orders")


def sweep() -> None:
    """Sweep, and send the e-mails that Saleor sends after the commit."""
    with commit_hooks():
        manage_picqer("sweep")


def test_sweep_sends_the_emails_that_were_held_back(stocked_shop: ConnectedShop) -> None:
    """Failure mode F65: a shop without Celery."""
    stocked_shop.connect(notify_delay="360")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()

    with recorded_emails() as emails:
        sweep()
        assert emails == []
        FulfilmentLink.objects.update(notify_at=timezone.now())
        sweep()
        sweep()

    assert [kind for kind, _ in emails] == [CONFIRMATION]


# --- the safety net


def swept_long_ago() -> None:
    tasks.sweep()
    PeriodicTask.objects.update(finished_at=timezone.now() - timedelta(minutes=11))


def test_status_shows_when_the_sweeper_last_finished(connected_shop: ConnectedShop) -> None:
    """Failure mode F112."""
    PeriodicTask.objects.all().delete()
    assert connected_shop.status()["lastSweep"] is None

    before = timezone.now()
    tasks.sweep()

    assert before <= datetime.fromisoformat(connected_shop.status()["lastSweep"]) <= timezone.now()


def test_sweep_by_cron_counts_as_a_sweep(connected_shop: ConnectedShop) -> None:
    """Failure mode F112: a shop without Celery."""
    PeriodicTask.objects.all().delete()

    manage_picqer("sweep")

    assert connected_shop.status()["lastSweep"]


def test_sweep_that_breaks_off_does_not_count(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept_long_ago()
    before = connected_shop.status()["lastSweep"]
    monkeypatch.setattr(runs, "to_enqueue", lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        tasks.sweep()

    assert connected_shop.status()["lastSweep"] == before
    assert PeriodicTask.objects.get(name="sweep").leased_until is None
