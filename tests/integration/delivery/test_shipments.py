"""Webhooks about a shipment, handled by several workers at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from saleor.order.models import Fulfillment

from saleor_picqer import wiring
from saleor_picqer.domain.events import OrderEvent, ShipmentHint
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import FulfilmentLink
from saleor_picqer.sync import inbound
from saleor_picqer.sync.orders import shipments
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support.emails import CONFIRMATION, Email, recorded_emails

ATTEMPTS = 20


@pytest.fixture
def emails() -> Iterator[list[Email]]:
    with recorded_emails() as sent:
        yield sent


def at_once(*jobs: Callable[[], object]) -> None:
    """Run jobs in threads with a common start, and repeat postponed jobs."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        start.wait()
        try:
            for _ in range(ATTEMPTS):
                try:
                    job()
                except TryLaterError:
                    continue
                return
            raise AssertionError("the job never came to its turn")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as threads:
        done = [threads.submit(run, job) for job in jobs]
    assert [each.exception() for each in done] == [None] * len(jobs)


def shipped(running_shop: RunningShop) -> tuple[str, list[OrderEvent]]:
    """Ship an order, and return the pk and the events about the shipment."""
    pk = running_shop.new_order()
    running_shop.place(pk)
    running_shop.wait_for_stage(pk, "processed")
    idpicklist = running_shop.connected_shop.close_picklist(pk, parcels=2)
    remote = running_shop.one_in_picqer(pk)
    (shipment,) = running_shop.connected_shop.picqer_api(
        "GET", f"/picklists/{idpicklist}/shipments"
    )
    hints = (ShipmentHint(idpicklist), ShipmentHint(idpicklist, shipment["idshipment"]))
    told = [OrderEvent(remote.idorder, is_changed=False, hints=(hint,)) for hint in hints]
    return pk, [OrderEvent(remote.idorder), *told]


@pytest.mark.parametrize("turned", [False, True])
def test_one_email_is_sent_when_workers_handle_all_events_at_once(
    running_shop: RunningShop, emails: list[Email], turned: bool
) -> None:
    """Failure mode F8: `shipment created` and `status changed` together, in either order."""
    pk, events = shipped(running_shop)
    running_shop.break_call("GET /picklists/{idpicklist}/shipments", "slow", seconds=0.2, times=2)
    channel = running_shop.connected_shop.shop.channel_pk

    def handle(event: OrderEvent) -> Callable[[], object]:
        return lambda: inbound.handle(wiring.context_for_channel(channel), event)

    at_once(*[handle(event) for event in (events[::-1] if turned else events) * 2])

    fulfilment = Fulfillment.objects.get(order=pk)
    assert emails == [(CONFIRMATION, fulfilment.tracking_number)]
    assert fulfilment.tracking_number.count(",") == 1
    assert FulfilmentLink.objects.filter(order_pk=pk).count() == 1
    assert running_shop.row(pk).stage == "completed"


def test_held_email_is_sent_once_when_workers_send_it_at_once(
    running_shop: RunningShop, emails: list[Email]
) -> None:
    connected_shop = running_shop.connected_shop
    connected_shop.connect(process_when="placed", notify_delay="86400")
    pk, events = shipped(running_shop)
    context = wiring.context_for_channel(connected_shop.shop.channel_pk)
    inbound.handle(context, events[0])
    assert emails == []
    link = FulfilmentLink.objects.get(order_pk=pk)
    FulfilmentLink.objects.filter(pk=link.pk).update(notify_at="2026-01-01T00:00Z")

    def send() -> None:
        own = wiring.context_for_channel(connected_shop.shop.channel_pk)
        shipments.confirm(own, link.account, link.picklist_id)

    at_once(send, send, send, send)

    assert len(emails) == 1
    connected_shop.connect(process_when="placed")
