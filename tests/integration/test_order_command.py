"""`manage.py picqer orders`, `push`, `retry` and `skip`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import Connected
from tests.integration.test_command import picqer


def number(connected: Connected, order: str) -> str:
    return connected.shop.order(order).number


def unhandled(connected: Connected) -> tuple[str, str]:
    """An order that the rules keep from Picqer: its pk and number."""
    order = connected.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    return order, number(connected, order)


def outcome(*arguments: str) -> str:
    """What a command that does not end well prints, and its last words."""
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("picqer", *arguments, stdout=out, stderr=out)
    return f"{out.getvalue()}{failure.value}"


# --- orders


def test_orders_are_a_table(stocked: Connected) -> None:
    order = stocked.order(BEANS=1)
    waiting = stocked.shop.checkout({"BEANS": 1})
    OutboxOrder.objects.filter(order_pk=waiting).update(waiting_for="its\npayment", channel="nl")

    header, first, second, count = picqer("orders").splitlines()

    assert header.split()[:4] == ["order", "channel", "stage", "picqer"]
    place = header.index("about it")
    assert first.split()[:4] == [number(stocked, waiting), "nl", "pending", "-"]
    assert first[place:] == "its payment"
    remote = stocked.order_of(order)["orderid"]
    channel = stocked.shop.channel_slug
    assert second.split()[:4] == [number(stocked, order), channel, "processed", remote]
    assert header.index("stage") == first.index("pending") == second.index("processed")
    assert count == "2 of 2 orders"


def test_orders_are_narrowed_down(stocked: Connected) -> None:
    stocked.order(BEANS=1)
    failing = stocked.shop.checkout({"BEANS": 1})
    OutboxOrder.objects.filter(order_pk=failing).update(last_error="no answer")
    channel = stocked.shop.channel_slug

    def counted(*options: str) -> str:
        return picqer("orders", *options).splitlines()[-1]

    assert counted("--stage", "processed") == "1 of 1 orders"
    assert counted("--attention") == "1 of 1 orders"
    assert counted("--channel", channel) == "2 of 2 orders"
    assert counted("--channel", "elsewhere") == "0 of 0 orders"
    assert counted("--limit", "1") == "1 of 2 orders"


def test_stage_that_there_is_not_is_refused(stocked: Connected) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        picqer("orders", "--stage", "lost")


# --- push


def test_push_leaves_the_rest_to_the_workers(stocked: Connected) -> None:
    order, shown = unhandled(stocked)

    with commit_hooks():
        assert picqer("push", shown) == f"{shown}: queued\n"
    assert stocked.orders() == []
    stocked.settle()
    assert stocked.order_of(order)["status"] == "processing"


def test_push_does_it_at_once_when_told_so(stocked: Connected) -> None:
    order, shown = unhandled(stocked)

    assert picqer("push", shown, "--now") == f"{shown}: processed\n"
    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.worker.pending == []


def test_push_does_it_at_once_when_there_is_no_broker(stocked: Connected, no_broker: None) -> None:
    order, shown = unhandled(stocked)

    assert picqer("push", shown) == f"{shown}: processed\n"
    assert stocked.order_of(order)["status"] == "processing"


def test_push_names_who_it_could_not_be_done_for(stocked: Connected) -> None:
    order, shown = unhandled(stocked)
    draft = number(stocked, stocked.shop.draft({"BEANS": 1}))

    with pytest.raises(CommandError, match=f"Not done: 999999998, {draft}.") as failure:
        picqer("push", "999999998", shown, draft, "--now")

    assert failure.value.returncode == 1
    assert stocked.order_of(order)["status"] == "processing"


def test_push_says_why_it_failed(stocked: Connected) -> None:
    order, shown = unhandled(stocked)
    stocked.fault("POST", "/orders", "500")

    told = outcome("push", shown, "--now")

    assert f"{shown}: creating, " in told
    assert told.endswith(f"Not done: {shown}.")
    assert stocked.row(order).last_error in told


def test_each_refusal_is_told_in_words(stocked: Connected) -> None:
    draft = number(stocked, stocked.shop.draft({"BEANS": 1}))

    told = outcome("push", "999999998", draft)

    assert "999999998: there is no such order\n" in told
    assert f"{draft}: it is still a draft: complete it first\n" in told


# --- retry


def failing(connected: Connected) -> tuple[str, str]:
    """An order that Picqer did not answer on: its pk and number."""
    connected.fault("POST", "/orders", "500")
    order = connected.order(BEANS=1)
    assert connected.row(order).last_error
    connected.two_minutes_later()
    return order, number(connected, order)


def test_retry_of_one(stocked: Connected) -> None:
    order, shown = failing(stocked)

    assert picqer("retry", shown, "--now") == f"{shown}: processed\n"
    assert stocked.row(order).stage == "processed"


@pytest.mark.parametrize("which", ["--all", "--channel"])
def test_retry_of_all(stocked: Connected, which: str) -> None:
    failed = [failing(stocked) for _ in range(2)]
    stocked.order(BEANS=1)
    options = [which] if which == "--all" else [which, stocked.shop.channel_slug]

    told = picqer("retry", *options, "--now").splitlines()

    assert told == [*(f"{shown}: processed" for _, shown in failed), "2 orders"]


def test_retry_of_all_is_content_when_there_is_nothing(stocked: Connected) -> None:
    assert picqer("retry", "--all") == "0 orders\n"


@pytest.mark.parametrize("options", [[], ["1", "--all"], ["--all", "--channel", "nl"]])
def test_retry_wants_to_know_which(stocked: Connected, options: list[str]) -> None:
    with pytest.raises(CommandError):
        picqer("retry", *options)


def test_retry_is_refused_when_nothing_has_failed(stocked: Connected) -> None:
    shown = number(stocked, stocked.order(BEANS=1))

    assert f"{shown}: nothing has failed" in outcome("retry", shown)


# --- skip


def test_skip_keeps_an_order_from_picqer(stocked: Connected) -> None:
    order = stocked.shop.checkout({"BEANS": 1})
    shown = number(stocked, order)

    assert picqer("skip", shown) == f"{shown}: skipped\n"
    stocked.later()
    assert stocked.orders() == []


def test_skip_is_refused_when_the_order_is_in_picqer(stocked: Connected) -> None:
    shown = number(stocked, stocked.order(BEANS=1))

    told = outcome("skip", shown)

    assert f"{shown}: it is in Picqer already: cancel it there\n" in told
    assert told.endswith(f"Not done: {shown}.")
