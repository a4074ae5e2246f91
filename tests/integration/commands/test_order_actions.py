"""`manage.py picqer orders`, `push`, `retry` and `skip`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import commit_hooks
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop


def number(connected_shop: ConnectedShop, order: str) -> str:
    return connected_shop.shop.order(order).number


def unhandled(connected_shop: ConnectedShop) -> tuple[str, str]:
    """Place an order excluded by the rules, and return the pk and number."""
    order = connected_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    return order, number(connected_shop, order)


def outcome(*arguments: str) -> str:
    """Run a command that fails, and return its output with the final error."""
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("picqer", *arguments, stdout=out, stderr=out)
    return f"{out.getvalue()}{failure.value}"


# --- orders


def test_orders_prints_a_table(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    waiting = stocked_shop.shop.checkout({"BEANS": 1})
    OutboxOrder.objects.filter(order_pk=waiting).update(waiting_for="its\npayment", channel="999")

    header, first, second, count = manage_picqer("orders").splitlines()

    assert header.split()[:4] == ["Order", "Channel", "Stage", "Picqer"]
    place = header.index("Remark")
    assert first.split()[:4] == [number(stocked_shop, waiting), "(deleted)", "pending", "-"]
    assert first[place:] == "its payment"
    remote = stocked_shop.picqer_order(order)["orderid"]
    channel = stocked_shop.shop.channel_slug
    assert second.split()[:4] == [number(stocked_shop, order), channel, "processed", remote]
    assert header.index("Stage") == first.index("pending") == second.index("processed")
    assert count == "2 of 2 orders"


def test_orders_are_filtered_when_options_are_given(stocked_shop: ConnectedShop) -> None:
    stocked_shop.order(BEANS=1)
    failing = stocked_shop.shop.checkout({"BEANS": 1})
    OutboxOrder.objects.filter(order_pk=failing).update(last_error="no answer")
    channel = stocked_shop.shop.channel_slug

    def counted(*options: str) -> str:
        return manage_picqer("orders", *options).splitlines()[-1]

    assert counted("--stage", "processed") == "1 of 1 orders"
    assert counted("--attention") == "1 of 1 orders"
    assert counted("--channel", channel) == "2 of 2 orders"
    assert counted("--limit", "1") == "1 of 2 orders"


def test_orders_are_refused_when_the_channel_is_unknown(stocked_shop: ConnectedShop) -> None:
    with pytest.raises(CommandError, match='There is no channel "elsewhere"'):
        manage_picqer("orders", "--channel", "elsewhere")


def test_orders_are_refused_when_the_stage_is_unknown(stocked_shop: ConnectedShop) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        manage_picqer("orders", "--stage", "lost")


# --- push


def test_push_queues_the_order_when_workers_run(stocked_shop: ConnectedShop) -> None:
    order, shown = unhandled(stocked_shop)

    with commit_hooks():
        assert manage_picqer("push", shown) == f"{shown}: queued\n"
    assert stocked_shop.orders() == []
    stocked_shop.run_until_idle()
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_push_runs_at_once_when_told_so(stocked_shop: ConnectedShop) -> None:
    order, shown = unhandled(stocked_shop)

    assert manage_picqer("push", shown, "--now") == f"{shown}: processed\n"
    assert stocked_shop.picqer_order(order)["status"] == "processing"
    assert stocked_shop.worker.pending == []


def test_push_runs_at_once_when_no_broker_is_set(
    stocked_shop: ConnectedShop, no_broker: None
) -> None:
    order, shown = unhandled(stocked_shop)

    assert manage_picqer("push", shown) == f"{shown}: processed\n"
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_push_names_the_orders_when_they_are_refused(stocked_shop: ConnectedShop) -> None:
    order, shown = unhandled(stocked_shop)
    draft = number(stocked_shop, stocked_shop.shop.draft({"BEANS": 1}))

    with pytest.raises(CommandError, match=f"Not done: 999999998, {draft}.") as failure:
        manage_picqer("push", "999999998", shown, draft, "--now")

    assert failure.value.returncode == 1
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_push_gives_the_reason_when_it_fails(stocked_shop: ConnectedShop) -> None:
    order, shown = unhandled(stocked_shop)
    stocked_shop.fail_next("POST", "/orders", "500")

    told = outcome("push", shown, "--now")

    assert told.startswith(f"{shown}: creating. ")
    assert told.endswith(f"Not done: {shown}.")
    assert stocked_shop.row(order).last_error in told


def test_refusals_are_printed_in_words(stocked_shop: ConnectedShop) -> None:
    draft = number(stocked_shop, stocked_shop.shop.draft({"BEANS": 1}))

    told = outcome("push", "999999998", draft)

    assert "999999998: There is no such order.\n" in told
    assert f"{draft}: The order is still a draft. Complete the draft first.\n" in told


# --- retry


def failing(connected_shop: ConnectedShop) -> tuple[str, str]:
    """Place an order without a response from Picqer, and return the pk and number."""
    connected_shop.fail_next("POST", "/orders", "500")
    order = connected_shop.order(BEANS=1)
    assert connected_shop.row(order).last_error
    connected_shop.expire_leases()
    return order, number(connected_shop, order)


def test_retry_pushes_one_order(stocked_shop: ConnectedShop) -> None:
    order, shown = failing(stocked_shop)

    assert manage_picqer("retry", shown, "--now") == f"{shown}: processed\n"
    assert stocked_shop.row(order).stage == "processed"


@pytest.mark.parametrize("which", ["--all", "--channel"])
def test_retry_pushes_all_failed_orders(stocked_shop: ConnectedShop, which: str) -> None:
    failed = [failing(stocked_shop) for _ in range(2)]
    stocked_shop.order(BEANS=1)
    options = [which] if which == "--all" else [which, stocked_shop.shop.channel_slug]

    told = manage_picqer("retry", *options, "--now").splitlines()

    assert told == [*(f"{shown}: processed" for _, shown in failed), "2 orders"]


def test_retry_of_all_succeeds_when_nothing_has_failed(stocked_shop: ConnectedShop) -> None:
    assert manage_picqer("retry", "--all") == "0 orders\n"


@pytest.mark.parametrize("options", [[], ["1", "--all"], ["--all", "--channel", "nl"]])
def test_retry_is_refused_when_orders_are_not_named(
    stocked_shop: ConnectedShop, options: list[str]
) -> None:
    with pytest.raises(CommandError):
        manage_picqer("retry", *options)


def test_retry_is_refused_when_nothing_has_failed(stocked_shop: ConnectedShop) -> None:
    shown = number(stocked_shop, stocked_shop.order(BEANS=1))

    assert f"{shown}: Nothing has failed" in outcome("retry", shown)


# --- skip


def test_skip_keeps_an_order_from_picqer(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1})
    shown = number(stocked_shop, order)

    assert manage_picqer("skip", shown) == f"{shown}: skipped\n"
    stocked_shop.pass_time()
    assert stocked_shop.orders() == []


def test_skip_is_refused_when_the_order_is_in_picqer(stocked_shop: ConnectedShop) -> None:
    shown = number(stocked_shop, stocked_shop.order(BEANS=1))

    told = outcome("skip", shown)

    assert f"{shown}: The order is in Picqer already. Cancel it in Picqer.\n" in told
    assert told.endswith(f"Not done: {shown}.")
