"""`manage.py picqer sync`, `sweep` and `check`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from saleor_picqer import tasks
from saleor_picqer.graphql import api
from saleor_picqer.models import PeriodicTask
from saleor_picqer.store import runs
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop


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


def test_check_names_the_owner_of_the_key_when_all_is_well(connected_shop: ConnectedShop) -> None:
    tasks.sweep()

    told = manage_picqer("check")

    assert "API key of" in told
    assert "500 requests per minute" in told
    assert "all granted" in told
    assert "all active" in told
    assert "Sweeper last finished 0 min" in told
    assert connected_shop.server.api_key not in told


def test_check_names_the_hook_when_it_is_off(connected_shop: ConnectedShop) -> None:
    hook = connected_shop.picqer_api("GET", "/hooks")[0]
    connected_shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")

    with pytest.raises(CommandError, match="check failed"):
        manage_picqer("check")


def test_check_names_the_key_when_picqer_refuses_it(
    connected_shop: ConnectedShop, capsys: pytest.CaptureFixture[str]
) -> None:
    connected_shop.server.runtime.api_key = "another"

    with pytest.raises(CommandError):
        call_command("picqer", "check")

    assert "does not accept the API key" in capsys.readouterr().err


def test_check_fails_when_the_schema_lacks_the_plugin(
    connected_shop: ConnectedShop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Failure mode F88."""
    monkeypatch.setattr(api, "is_served", lambda: False)

    with pytest.raises(CommandError, match="check of the shop"):
        call_command("picqer", "check")

    assert "lacks the queries and mutations" in capsys.readouterr().err


def test_check_is_quiet_about_a_silenced_message(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(api, "is_served", lambda: False)
    settings.SILENCED_SYSTEM_CHECKS = ["saleor_picqer.W002"]
    tasks.sweep()

    assert "lacks the queries" not in manage_picqer("check")


# --- the safety net


def never_swept(_connected_shop: ConnectedShop) -> None:
    PeriodicTask.objects.all().delete()


def swept_long_ago(_connected_shop: ConnectedShop) -> None:
    tasks.sweep()
    PeriodicTask.objects.update(finished_at=timezone.now() - timedelta(minutes=11))


def swept_without_reaching_the_end(connected_shop: ConnectedShop) -> None:
    swept_long_ago(connected_shop)
    PeriodicTask.objects.update(enqueued_at=timezone.now(), leased_until=timezone.now())


@pytest.mark.parametrize("situation", [never_swept, swept_long_ago, swept_without_reaching_the_end])
def test_check_fails_when_no_sweep_has_finished_for_minutes(
    connected_shop: ConnectedShop,
    capsys: pytest.CaptureFixture[str],
    situation: Callable[[ConnectedShop], None],
) -> None:
    """Failure mode F112."""
    situation(connected_shop)

    with pytest.raises(CommandError, match="check of the shop"):
        call_command("picqer", "check")

    told = capsys.readouterr().err
    assert 'schedule "picqer-sweep"' in told
    assert "docs/operating.md" in told
    assert ("never finished" if situation is never_swept else "last finished 11 min") in told


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
    swept_long_ago(connected_shop)
    before = connected_shop.status()["lastSweep"]
    monkeypatch.setattr(runs, "to_enqueue", lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        tasks.sweep()

    assert connected_shop.status()["lastSweep"] == before
    assert PeriodicTask.objects.get(name="sweep").leased_until is None
