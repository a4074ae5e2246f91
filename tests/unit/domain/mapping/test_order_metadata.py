"""What the shop's order shows of the order in Picqer."""

from __future__ import annotations

from saleor_picqer.domain.mapping.order_metadata import order_metadata
from saleor_picqer.domain.outbox import Entry, Stage


def test_order_shows_its_stage_until_picqer_has_said_something() -> None:
    assert order_metadata(Entry("1", "default", Stage.FAILED, attention="No SKU")) == {
        "idorder": "",
        "number": "",
        "status": "failed",
        "attention": "No SKU",
    }


def test_order_shows_what_picqer_said_last() -> None:
    entry = Entry("1", "default", Stage.PROCESSED, remote_id=7, remote_status="paused")

    shown = order_metadata(entry)

    assert (shown["idorder"], shown["status"]) == ("7", "paused")
