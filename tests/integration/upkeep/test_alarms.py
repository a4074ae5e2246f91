"""Alarms: raised and cleared by the sweeper, told by signal, by mail and to staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer import alarms, tasks, wiring
from saleor_picqer.models import (
    AlarmState,
    ChannelState,
    HookRegistration,
    InboxEvent,
    OutboxOrder,
    PeriodicTask,
    ReconcileRun,
)
from saleor_picqer.signals import alarm_cleared, alarm_raised
from tests.integration.support.api import ApiError
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop

ALARMS = """
query Alarms($channel: String) {
  picqerStatus(channel: $channel) { alarms { key since count message advice } }
}
"""


@pytest.fixture
def watched_shop(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop in which all is well, whose operator gets mails."""
    stocked_shop.connect(alarm_recipients="ops@shop.example, anna@shop.example")
    stocked_shop.run_until_idle()
    tasks.sweep()
    stocked_shop.run_until_idle()
    assert shown(stocked_shop) == []
    return stocked_shop


def shown(connected_shop: ConnectedShop) -> list[str]:
    """Return the keys of the alarms that staff see."""
    slug = connected_shop.shop.channel_slug
    answer = connected_shop.shop.admin_api.query(ALARMS, channel=slug)
    return [alarm["key"] for alarm in answer["picqerStatus"]["alarms"]]


def mails() -> list[EmailMessage]:
    """Return the mails about alarms, without Saleor's own."""
    return [one for one in mail.outbox if one.subject.startswith(("Alarm:", "Over:"))]


def sweep(connected_shop: ConnectedShop) -> None:
    """Sweep, and send the mails that are due."""
    tasks.evaluate_alarms()
    while "send_alarm_mails" in connected_shop.worker.pending:
        connected_shop.worker.run()


def later(**duration: float) -> None:
    """Let time pass for the alarms."""
    delta = timedelta(**duration)
    for row in AlarmState.objects.all():
        row.since -= delta
        row.notified_at = row.notified_at and row.notified_at - delta
        row.cleared_at = row.cleared_at and row.cleared_at - delta
        row.save()


def long_ago() -> Any:
    return timezone.now() - timedelta(days=8)


def refused_key(shop: ConnectedShop) -> None:
    shop.server.runtime.api_key = "another"
    HookRegistration.objects.update(check_at=None)
    tasks.check_hooks(wiring.watermark.account(shop.shop.channel_pk))


def refused_order(shop: ConnectedShop) -> None:
    shop.server.runtime.api_key = "another"
    shop.order(BEANS=1)


def silent_picqer(shop: ConnectedShop) -> None:
    shop.fail_next("*", "*", "drop-before", times=50)
    shop.order(BEANS=1)
    ChannelState.objects.update(failing_since=long_ago())


def dead_hooks(_: ConnectedShop) -> None:
    HookRegistration.objects.update(stale_since=long_ago())


def unchecked_hooks(_: ConnectedShop) -> None:
    HookRegistration.objects.update(checked_at=long_ago())


def lost_webhooks(shop: ConnectedShop) -> None:
    order = shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    shop.ship(order)
    shop.webhooks.pending.clear()
    manage_picqer("reconcile", "--apply")


def one_lost_webhook(shop: ConnectedShop) -> None:
    order = shop.order(BEANS=1)
    shop.ship(order)
    shop.webhooks.pending.clear()
    manage_picqer("reconcile", "--apply")


def postponed_order(shop: ConnectedShop) -> None:
    shop.place(BEANS=1)
    shop.worker.queue.clear()
    OutboxOrder.objects.update(not_before=timezone.now() - timedelta(minutes=20))


def waiting_delivery(shop: ConnectedShop) -> None:
    account = wiring.watermark.account(shop.shop.channel_pk)
    InboxEvent.objects.create(
        channel=shop.shop.channel_pk, account=account, body=b"{}", received_at=long_ago()
    )


def lost_stock_webhooks(shop: ConnectedShop) -> None:
    """Let Picqer tell of orders only, while its stock changes before the nightly pull."""
    for amount in (7, 5):
        shop.stock("BEANS", amount)
        shop.webhooks.pending.clear()
        manage_picqer("sync", "--only", "stock")
    shop.order(BEANS=1)
    InboxEvent.objects.filter(topic="stock").update(received_at=long_ago())


def failed_delivery(shop: ConnectedShop) -> None:
    waiting_delivery(shop)
    InboxEvent.objects.update(status="failed", received_at=timezone.now())


def unswept_channel(_: ConnectedShop) -> None:
    ChannelState.objects.update(swept_until=long_ago())


def failed_order(shop: ConnectedShop) -> None:
    shop.order(BEANS=1)
    OutboxOrder.objects.update(stage="failed", last_error="Unknown SKU.")


def failing_order(shop: ConnectedShop) -> None:
    shop.place(BEANS=1)
    shop.worker.queue.clear()
    OutboxOrder.objects.update(attempts=30, not_before=timezone.now() + timedelta(minutes=5))


def forgotten_order(shop: ConnectedShop) -> None:
    shop.order(BEANS=1)
    OutboxOrder.objects.update(processed_at=long_ago())


@pytest.mark.parametrize(
    ("trouble", "key"),
    [
        (refused_key, "KEY_REFUSED"),
        (refused_order, "KEY_REFUSED"),
        (silent_picqer, "UNREACHABLE"),
        (dead_hooks, "HOOKS_DEAD"),
        (unchecked_hooks, "HOOKS_DEAD"),
        (lost_webhooks, "SILENCE"),
        (one_lost_webhook, "REPAIRED"),
        (lost_stock_webhooks, "SILENCE"),
        (postponed_order, "BACKLOG"),
        (waiting_delivery, "BACKLOG"),
        (failed_delivery, "DELIVERIES_FAILED"),
        (unswept_channel, "NOT_SWEPT"),
        (failed_order, "ORDERS_FAILED"),
        (failing_order, "ORDERS_WAITING"),
        (forgotten_order, "ORDERS_PROCESSING"),
    ],
)
def test_alarm_is_raised(
    watched_shop: ConnectedShop, trouble: Callable[[ConnectedShop], None], key: str
) -> None:
    """Failure mode F4: hooks that are dead or silent; F112: work that no worker takes."""
    trouble(watched_shop)

    sweep(watched_shop)

    assert shown(watched_shop) == [key]
    (message,) = mails()
    assert message.to == ["anna@shop.example", "ops@shop.example"]
    assert message.subject.startswith("Alarm: Picqer in channel ")


def test_no_alarm_is_raised_when_an_old_order_was_processed_just_now(
    watched_shop: ConnectedShop,
) -> None:
    order = watched_shop.place(BEANS=1)
    OutboxOrder.objects.update(created_at=long_ago())
    watched_shop.run_until_idle()

    sweep(watched_shop)

    assert watched_shop.row(order).stage == "processed"
    assert shown(watched_shop) == []


def test_repairs_are_told_when_the_reconcile_failed_later(watched_shop: ConnectedShop) -> None:
    one_lost_webhook(watched_shop)
    ReconcileRun.objects.update(status="failed", problem="Picqer reports a fault of its own.")

    sweep(watched_shop)

    assert shown(watched_shop) == ["REPAIRED"]


def test_alarm_is_cleared_when_its_cause_is_over(watched_shop: ConnectedShop) -> None:
    failed_order(watched_shop)
    sweep(watched_shop)
    OutboxOrder.objects.update(stage="processed")

    sweep(watched_shop)
    assert shown(watched_shop) == []
    later(minutes=11)
    sweep(watched_shop)
    sweep(watched_shop)

    assert [message.subject.split(":")[0] for message in mails()] == ["Alarm", "Over"]


def test_alarm_is_mailed_once_and_again_after_a_day(watched_shop: ConnectedShop) -> None:
    failed_order(watched_shop)
    for _ in range(3):
        sweep(watched_shop)
    later(hours=23)
    sweep(watched_shop)
    assert len(mails()) == 1

    later(hours=2)
    sweep(watched_shop)

    assert len(mails()) == 2


def test_alarm_that_comes_and_goes_is_mailed_once(watched_shop: ConnectedShop) -> None:
    failed_order(watched_shop)
    for stage in ("failed", "processed") * 5:
        OutboxOrder.objects.update(stage=stage)
        sweep(watched_shop)

    assert len(mails()) == 1


def test_mail_has_no_personal_data(watched_shop: ConnectedShop) -> None:
    for trouble in (failed_order, waiting_delivery, refused_key, dead_hooks):
        trouble(watched_shop)
    sweep(watched_shop)

    told = "".join(f"{message.subject} {message.body}" for message in mails())
    assert len(mails()) == 4
    for secret in ("jan@example.com", "Jansen", watched_shop.server.api_key, "Unknown SKU"):
        assert secret not in told


def test_mail_is_sent_later_when_the_mail_server_fails(
    watched_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed_order(watched_shop)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", lambda _: 1 // 0)
        sweep(watched_shop)
    assert mails() == []

    sweep(watched_shop)

    assert len(mails()) == 1


def test_nothing_is_mailed_when_no_recipient_is_set(watched_shop: ConnectedShop) -> None:
    watched_shop.connect(alarm_recipients="")
    failed_order(watched_shop)
    sweep(watched_shop)

    assert shown(watched_shop) == ["ORDERS_FAILED"]
    assert mails() == []


def test_recipients_are_checked_when_the_settings_are_saved(stocked_shop: ConnectedShop) -> None:
    with pytest.raises(ApiError, match="Recipients of alarms"):
        stocked_shop.connect(alarm_recipients="ops@shop.example, anna")


# --- signals


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Collect what the signals tell, beside a receiver that fails."""
    told: list[str] = []

    def fail(**_: Any) -> None:
        raise ValueError

    def raised(alarm: Any, **_: Any) -> None:
        told.append(f"raised {alarm.key}")

    def cleared(alarm: Any, **_: Any) -> None:
        told.append(f"cleared {alarm.key}")

    for signal, receiver in (
        (alarm_raised, fail),
        (alarm_raised, raised),
        (alarm_cleared, cleared),
    ):
        signal.connect(receiver)
    yield told
    for signal, receiver in (
        (alarm_raised, fail),
        (alarm_raised, raised),
        (alarm_cleared, cleared),
    ):
        signal.disconnect(receiver)


def test_signals_tell_of_each_change_once(watched_shop: ConnectedShop, heard: list[str]) -> None:
    failed_order(watched_shop)
    for stage in ("failed", "failed", "processed", "processed"):
        OutboxOrder.objects.update(stage=stage)
        sweep(watched_shop)

    assert heard == ["raised orders_failed", "cleared orders_failed"]


# --- a sweeper that does not run


def test_sweeper_that_does_not_run_is_shown_when_staff_look(watched_shop: ConnectedShop) -> None:
    """Failure mode F112: a dead sweeper cannot tell of itself."""
    PeriodicTask.objects.update(finished_at=timezone.now() - timedelta(minutes=11))

    assert shown(watched_shop) == ["NO_WORKER"]
    alarms.evaluate(sweeping=False)
    alarms.send_mails()

    (message,) = mails()
    assert "The sweeper has not finished" in message.subject


def test_sweeper_clears_its_own_alarm_when_it_runs_again(watched_shop: ConnectedShop) -> None:
    """Failure mode F112."""
    test_sweeper_that_does_not_run_is_shown_when_staff_look(watched_shop)

    tasks.sweep()
    watched_shop.run_until_idle()

    assert shown(watched_shop) == []


def test_scheduler_mails_once_when_no_worker_takes_the_sweep(watched_shop: ConnectedShop) -> None:
    """Failure mode F112: a sweeper that does not run sends no mail."""
    PeriodicTask.objects.update(finished_at=timezone.now() - timedelta(minutes=11))
    tasks.sweep.apply_async()
    assert mails() == []

    for _ in range(3):
        tasks.sweep.apply_async()

    (message,) = mails()
    assert "The sweeper has not finished" in message.subject
    assert AlarmState.objects.get(cleared_at=None).key == "no_worker"


def test_scheduler_goes_on_when_the_alarm_cannot_be_raised(
    watched_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.sweep.apply_async()
    monkeypatch.setattr(alarms, "is_worker_missing", lambda: 1 // 0)

    assert tasks.sweep.apply_async() is None


# --- its costs


def test_alarms_cost_the_same_statements_whatever_there_is(watched_shop: ConnectedShop) -> None:
    with CaptureQueriesContext(connection) as quiet:
        alarms.evaluate(sweeping=True)
    forgotten_order(watched_shop)
    failed_delivery(watched_shop)
    alarms.evaluate(sweeping=True)

    with CaptureQueriesContext(connection) as busy:
        alarms.evaluate(sweeping=True)

    assert len(quiet) == len(busy)
    assert len(busy) <= 12


def test_sweep_goes_on_when_alarms_cannot_be_evaluated(
    watched_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "evaluate", lambda **_: 1 // 0)
    before = watched_shop.status()["lastSweep"]

    tasks.sweep()

    assert watched_shop.status()["lastSweep"] > before


def test_alarms_are_cleared_when_the_plugin_is_switched_off(watched_shop: ConnectedShop) -> None:
    failed_order(watched_shop)
    sweep(watched_shop)
    watched_shop.shop.configure_plugin(active=False)

    sweep(watched_shop)

    assert shown(watched_shop) == []
    assert ReconcileRun.objects.count() == 0
