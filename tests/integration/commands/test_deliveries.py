"""`manage.py picqer deliveries` and `replay`."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from saleor_picqer.models import InboxEvent
from tests.integration.support.api import commit_hooks
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, order_event, signed


def statuses() -> list[str]:
    return [*InboxEvent.objects.order_by("pk").values_list("status", flat=True)]


@pytest.fixture
def told(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return the shop with an ignored delivery and a failed one."""
    for body in (BODY, b"no event"):
        signed(connected_shop, body)
    connected_shop.run_until_idle()
    return connected_shop


def test_deliveries_prints_a_table(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    signed(stocked_shop, order_event(stocked_shop, order))
    stocked_shop.run_until_idle()
    number = stocked_shop.number(order)

    header, line, count = manage_picqer("deliveries", "--order", number).splitlines()

    assert header.split()[:4] == ["ID", "Came", "Channel", "Event"]
    assert f"orders.status_changed  {stocked_shop.row(order).remote_id}" in line
    assert (number in line, "done" in line, count) == (True, True, "1 of 1 deliveries")


def test_deliveries_are_filtered_when_options_are_given(told: ConnectedShop) -> None:
    def count(*options: str) -> str:
        return manage_picqer("deliveries", *options).splitlines()[-1]

    assert count("--status", "failed") == "1 of 1 deliveries"
    assert count("--event", "orders.status_changed", "--limit", "0") == "0 of 1 deliveries"
    assert count("--since", "2020-01-01", "--channel", told.shop.channel_slug).startswith("2 of")
    assert count("--until", "2020-01-01T10:00").startswith("0 of")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--since", "soon"), "no date or time"),
        (("--until", "2026-02-30"), "no date or time"),
        (("--order", "999999"), "There is no order 999999"),
    ],
)
def test_deliveries_fails_when_an_option_is_wrong(
    connected_shop: ConnectedShop, options: tuple[str, str], problem: str
) -> None:
    with pytest.raises(CommandError, match=problem):
        manage_picqer("deliveries", *options)


def test_failed_deliveries_are_replayed_in_this_process(told: ConnectedShop) -> None:
    with commit_hooks():
        out = manage_picqer("replay", "--failed", "--now")

    assert out == "1 deliveries replayed, 0 refused\n"
    assert statuses() == ["ignored", "failed"]
    assert InboxEvent.objects.filter(attempts=0, status="failed").exists()


def test_one_delivery_is_replayed_by_workers(told: ConnectedShop) -> None:
    event = InboxEvent.objects.order_by("pk")[0]

    with commit_hooks():
        out = manage_picqer("replay", str(event.pk))

    assert out == "1 deliveries replayed, 0 refused\n"
    assert told.worker.pending == ["work_off_inbox"]
    assert statuses() == ["received", "failed"]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--event", "orders.status_changed"), 1),
        (("--since", "2020-01-01"), 2),
        (("--until", "2020-01-01"), 0),
    ],
)
def test_deliveries_of_an_event_or_a_time_are_replayed(
    told: ConnectedShop, options: tuple[str, str], count: int
) -> None:
    with commit_hooks():
        out = manage_picqer("replay", *options)

    assert out == f"{count} deliveries replayed, 0 refused\n"
    assert statuses().count("received") == count


def test_replay_names_each_refusal_and_fails(told: ConnectedShop) -> None:
    InboxEvent.objects.update(body=b"")
    pk = InboxEvent.objects.order_by("pk")[0].pk

    with pytest.raises(CommandError):
        manage_picqer("replay", str(pk))
    assert "was dropped after the retention time" in manage_picqer("replay", "--failed")


@pytest.mark.parametrize("options", [(), ("1", "--failed")])
def test_replay_fails_when_it_is_not_clear_which(
    connected_shop: ConnectedShop, options: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError, match="Give either ids"):
        manage_picqer("replay", *options)
