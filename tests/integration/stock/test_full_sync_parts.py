"""A full sync in parts: no task is long, and no worker's end is the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from saleor_picqer import tasks, wiring
from saleor_picqer.errors import RateLimitedError
from saleor_picqer.models import SyncItem, SyncRun
from saleor_picqer.picqer.gateway.products import Products
from saleor_picqer.store import runs, work
from tests.integration.support.connected_shop import FULL_SYNC, ConnectedShop

MINUTES = timedelta(minutes=1)


@pytest.fixture
def short_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a task time for one step only."""
    monkeypatch.setattr(tasks, "RUN_SECONDS", 0)


def trigger(shop: ConnectedShop) -> None:
    shop.shop.admin_api.query(FULL_SYNC, channel=shop.shop.channel_slug)


def pass_time(minutes: int) -> None:
    """Let the time pass that a run knows of."""
    SyncRun.objects.update(
        held_until=F("held_until") - minutes * MINUTES,
        enqueued_at=F("enqueued_at") - minutes * MINUTES,
        not_before=F("not_before") - minutes * MINUTES,
    )


@contextmanager
def killed_after_creating(monkeypatch: pytest.MonkeyPatch, count: int) -> Iterator[None]:
    """Kill the worker once Picqer has created so many products."""
    create, left = Products.create, count

    def last(self: Products, product: Any) -> Any:
        nonlocal left
        created = create(self, product)
        left -= 1
        if not left:
            raise KeyboardInterrupt
        return created

    with monkeypatch.context() as patch:
        patch.setattr(Products, "create", last)
        with pytest.raises(KeyboardInterrupt):
            yield


def test_run_goes_on_in_the_next_task_when_the_time_is_up(
    connected_shop: ConnectedShop, short_tasks: None
) -> None:
    """Failure mode F90: no task works for hours."""
    connected_shop.shop.products(3)
    trigger(connected_shop)
    parts = 0

    while connected_shop.worker.pending == ["carry_on_run"]:
        connected_shop.worker.run(only=1)
        parts += 1

    run = connected_shop.status()["lastRun"]
    assert parts > 5
    assert (run["status"], run["created"], run["total"]) == ("DONE", 3, 3)
    assert not SyncItem.objects.exists()


def test_parts_send_no_more_requests_than_one_task(
    connected_shop: ConnectedShop, short_tasks: None
) -> None:
    connected_shop.shop.products(3)
    connected_shop.full_sync()
    connected_shop.reset_requests()

    run = connected_shop.full_sync()

    assert (run["unchanged"], run["total"]) == (3, 3)
    assert connected_shop.requests() == {
        "GET /products": 2,  # active and inactive ones
        "GET /warehouses": 2,
    }


def test_run_goes_on_when_its_worker_was_killed(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F90: what was sent before is neither sent nor counted again."""
    connected_shop.shop.products(3)
    trigger(connected_shop)
    with killed_after_creating(monkeypatch, 2):
        connected_shop.run_until_idle()
    connected_shop.worker.queue.clear()
    assert SyncRun.objects.get().created == 1

    pass_time(6)
    connected_shop.worker.send("sweep")
    connected_shop.run_until_idle()

    run = connected_shop.status()["lastRun"]
    counts = [run[name] for name in ("created", "updated", "unchanged", "failed", "total")]
    assert (run["status"], counts) == ("DONE", [2, 0, 1, 0, 3])
    assert connected_shop.requests()["POST /products"] == 4, "one is refused: it exists"
    assert len(connected_shop.picqer_api("GET", "/products")) == 3


def test_run_is_given_up_when_each_worker_dies(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected_shop.shop.products(1)
    trigger(connected_shop)
    connected_shop.worker.queue.clear()
    run = SyncRun.objects.get()

    for _ in range(work.MAX_FAILURES + 1):
        assert runs.claim(run.pk) is not None
        pass_time(6)

    assert runs.claim(run.pk) is None
    run.refresh_from_db()
    assert run.status == "failed"
    assert "Start the run again." in runs.problems(run)[-1]


def test_run_is_alive_when_it_only_reads_for_a_long_time(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F85."""
    connected_shop.control(
        "POST",
        "/seed",
        products=[
            {"productcode": f"P{number}", "name": "Other", "price": 1, "idvatgroup": 1}
            for number in range(250)
        ],
    )
    page, pages = Products.page, 0

    def slow(self: Products, *args: Any, **options: Any) -> Any:
        nonlocal pages
        pages += 1
        pass_time(4)
        assert runs.due() == []
        return page(self, *args, **options)

    monkeypatch.setattr(Products, "page", slow)

    run = connected_shop.full_sync()

    assert (run["status"], pages) == ("DONE", 4)
    assert SyncRun.objects.count() == 1


def test_run_waits_when_picqer_does_not_answer(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.products(1)
    for _ in range(4):
        connected_shop.fail_next("GET", "/products", "500")

    trigger(connected_shop)
    connected_shop.run_until_idle()
    assert SyncRun.objects.get().status == "running"
    assert [message.countdown for message in connected_shop.worker.later] == [60]

    pass_time(1)
    connected_shop.worker.run_later()
    assert connected_shop.status()["lastRun"]["status"] == "DONE"


def test_run_waits_for_its_turn_when_picqer_allows_an_attempt_at_once(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RateLimitedError("GET", "/products", status=429, retry_after=0.0)

    monkeypatch.setattr(Products, "page", refuse)

    trigger(connected_shop)
    connected_shop.run_until_idle()

    assert [message.countdown for message in connected_shop.worker.later] == [1]
    assert SyncRun.objects.get().failures == 0


def test_run_begins_again_when_the_channel_has_moved(
    connected_shop: ConnectedShop, short_tasks: None
) -> None:
    """Failure mode F71: what was read from the former account is not taken for the new one's."""
    connected_shop.shop.products(2)
    trigger(connected_shop)
    connected_shop.worker.run(only=4)
    SyncRun.objects.update(account="former.picqer.com")

    connected_shop.run_until_idle()

    run = connected_shop.status()["lastRun"]
    assert (run["status"], run["total"]) == ("DONE", 2)
    assert run["created"] + run["unchanged"] == 2


def test_sweeper_sends_one_message_when_no_worker_takes_it(connected_shop: ConnectedShop) -> None:
    """Failure mode F75."""
    trigger(connected_shop)
    connected_shop.worker.queue.clear()

    for _ in range(10):
        tasks.sweep()

    assert connected_shop.worker.pending.count("carry_on_run") == 1


def test_run_is_left_alone_when_another_worker_has_taken_it(connected_shop: ConnectedShop) -> None:
    trigger(connected_shop)
    run = SyncRun.objects.get()
    slow = runs.claim(run.pk)
    assert slow is not None
    SyncRun.objects.update(held_until=timezone.now() - MINUTES)
    assert runs.claim(run.pk) is not None

    with pytest.raises(work.RunTakenError):
        slow.save(slow.position)


def test_run_waits_when_another_channel_syncs_the_same_account(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F115: both runs would create the products that the account lacks."""
    connected_shop.shop.products(2)
    account = wiring.context_for_channel(connected_shop.shop.channel_pk).account
    other = SyncRun.objects.create(
        channel="other", account=account, status="running", held_until=timezone.now() + MINUTES
    )

    trigger(connected_shop)
    connected_shop.run_until_idle()

    run = SyncRun.objects.exclude(pk=other.pk).get()
    assert (run.status, run.failures, run.created) == ("running", 0, 0)
    assert connected_shop.picqer_api("GET", "/products") == []

    SyncRun.objects.filter(pk=other.pk).update(status="done", held_until=None)
    pass_time(minutes=1)
    connected_shop.worker.run_later()
    connected_shop.run_until_idle()

    run.refresh_from_db()
    assert (run.status, run.created) == ("done", 2)
