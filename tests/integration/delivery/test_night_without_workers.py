"""A night without workers leaves a handful of messages."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from saleor.celeryconf import app

from saleor_picqer.domain.outbox import ENQUEUE_AGAIN
from saleor_picqer.models import OutboxOrder, PeriodicTask
from saleor_picqer.store import periodic
from tests.integration.delivery.real_worker import QUEUE, SWEEP
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support.order_copies import copy_order

ORDERS = 100
NIGHT = timedelta(hours=8)
MINUTE = timedelta(minutes=1)
MOST_MESSAGES = 200
# Seconds that a task of Saleor's own may be late.
LATE = 60


def pass_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Celery's beat enqueue the sweeper every minute, on a clock that ends now."""
    # Sweeps of this test's own day would lie in the future of that clock.
    PeriodicTask.objects.update(enqueued_at=None, leased_until=None)
    morning = timezone.now()
    saleor: Any = settings
    options = saleor.CELERY_BEAT_SCHEDULE["picqer-sweep"].get("options", {})
    for minute in range(NIGHT // MINUTE):
        moment = morning - NIGHT + minute * MINUTE
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda moment=moment: moment)
            app.tasks[SWEEP].apply_async(**options)


def test_few_messages_wait_and_all_is_done_when_the_workers_come_back(
    running_shop: RunningShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Failure mode F75."""
    monkeypatch.setattr(periodic, "ENQUEUE_AGAIN", ENQUEUE_AGAIN)
    worker, probe = running_shop.worker, tmp_path / "probe"
    worker.kill()
    pks = copy_order(running_shop.original, ORDERS)
    running_shop.place(*pks)
    pass_night(monkeypatch)
    messages = worker.messages()
    app.send_task("tests.probe", (str(probe),), queue=QUEUE)

    worker.start()
    back = time.monotonic()
    worker.wait_until(probe.exists, seconds=LATE)
    late = time.monotonic() - back
    running_shop.wait_until(lambda: _processed(pks) == ORDERS, seconds=LATE)

    print(f"{messages} messages, a task behind them {late:.1f} s late")  # noqa: T201 - for -rP
    assert ORDERS < messages <= MOST_MESSAGES
    found = running_shop.in_picqer(pks)
    assert {pk: [one.status for one in found[pk]] for pk in pks} == {
        pk: ["processing"] for pk in pks
    }


def _processed(pks: list[str]) -> int:
    return OutboxOrder.objects.filter(order_pk__in=pks, stage="processed", lease="").count()
