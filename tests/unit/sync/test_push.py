"""When an order is pushed, and what Saleor shows of it."""

from __future__ import annotations

from datetime import timedelta

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import address, order
from tests.unit.sync.scenario import Scenario


def test_push_sends_no_request_when_nothing_has_changed() -> None:
    scenario = Scenario()
    scenario.place_and_push()
    scenario.forget_requests()
    scenario.outbox.touch(["1"])

    assert scenario.push() is Outcome.DONE

    assert scenario.requests == []


def test_push_does_nothing_when_the_order_is_not_due() -> None:
    scenario = Scenario()
    scenario.place_and_push()

    assert scenario.push() is Outcome.NOT_DUE


def test_order_waits_until_it_is_paid_when_only_paid_ones_are_sent() -> None:
    scenario = Scenario(push_when="paid")
    scenario.place()
    scenario.run_until_idle()
    assert (scenario.row().waiting_for, scenario.requests) == ("The order is not paid yet.", [])

    scenario.shop.change("1", paid=True)
    scenario.run_until_idle()

    assert scenario.remote().status == "processing"


def test_waiting_order_is_pushed_when_no_hook_has_told_of_its_payment() -> None:
    scenario = Scenario(push_when="paid")
    scenario.place()
    scenario.run_until_idle()
    scenario.shop.placed["1"] = order(paid=True)

    scenario.advance(timedelta(hours=2))

    assert scenario.remote().status == "processing"


def test_order_is_skipped_when_it_was_placed_before_the_plugin_was_switched_on() -> None:
    scenario = Scenario()
    scenario.since = scenario.clock.now
    scenario.place(placed_at=scenario.clock.now - timedelta(days=1))

    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.requests) == (Stage.SKIPPED, [])


def test_old_order_is_sent_when_staff_ask_for_it() -> None:
    scenario = Scenario()
    scenario.since = scenario.clock.now
    scenario.place(placed_at=scenario.clock.now - timedelta(days=1))
    scenario.run_until_idle()

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()

    assert scenario.remote().status == "processing"


def test_existing_order_is_kept_when_staff_push_it_again() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push()
    scenario.forget_requests()

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()

    assert scenario.requests == ["orders.get"]
    assert (scenario.live(), scenario.row().stage) == ([remote], Stage.ALLOCATED)
    assert not scenario.row().requested


def test_missing_order_is_created_when_staff_push_it_again() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push()
    del scenario.account.orders[remote.id]

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()

    assert scenario.remote().id != remote.id
    assert scenario.row().stage is Stage.ALLOCATED


def test_metadata_has_the_order_in_picqer() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()

    assert scenario.shop.metadata["1"] == {
        "idorder": str(remote.id),
        "number": remote.number,
        "status": "processing",
    }


def test_metadata_has_the_status_before_a_webhook_comes() -> None:
    scenario = Scenario()
    scenario.place()

    scenario.push()

    assert scenario.shop.metadata["1"]["status"] == "processing"


def test_metadata_is_empty_while_the_order_waits() -> None:
    scenario = Scenario(push_when="paid")
    scenario.place()

    scenario.run_until_idle()

    assert scenario.shop.metadata["1"] == {}
    assert scenario.notes() == []


def test_flag_is_removed_when_staff_cancel_an_order_that_was_cancelled_in_picqer() -> None:
    scenario = Scenario(cancel_in_saleor=False)
    scenario.account.cancel(scenario.place_and_push())
    scenario.run_until_idle()
    assert scenario.row().attention

    scenario.cancel()
    scenario.run_until_idle()

    assert scenario.row().attention == ""
    assert "attention" not in scenario.shop.metadata["1"]


def test_order_of_another_account_is_left_alone_when_it_is_cancelled() -> None:
    """Failure mode F57."""
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.account_name = "other.picqer.test"

    scenario.cancel()
    scenario.run_until_idle()

    assert remote.status == "processing"
    assert "of the Picqer account example.picqer.test" in scenario.row().attention
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention
    assert (scenario.row().lease, scenario.row().waiting_for) == ("", texts.IN_OTHER_ACCOUNT)


def test_new_address_is_flagged_once_when_the_order_is_in_a_former_account() -> None:
    """Failure mode F71: the former account ships to the old address."""
    scenario = Scenario()
    scenario.place_and_push()
    scenario.account_name = "other.picqer.test"
    scenario.forget_requests()

    scenario.shop.change("1", shipping=address(street1="Gracht 9"))
    scenario.run_until_idle()
    told = list(scenario.notes())
    scenario.shop.change("1", version="later")
    scenario.run_until_idle()

    assert scenario.row().attention.startswith("Changed in Saleor: delivery address.")
    assert scenario.notes() == told
    assert scenario.requests == []
