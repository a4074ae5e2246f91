"""Texts that staff read about an order."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus
from saleor_picqer.sync.orders import texts


def remote(status: RemoteStatus, *, picked: bool = False) -> RemoteOrder:
    return RemoteOrder(id=1, number="O2026-2210", reference="10042", status=status, picked=picked)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (remote(RemoteStatus.PROCESSING), "it is being processed"),
        (remote(RemoteStatus.PROCESSING, picked=True), "it is picked already"),
        (remote(RemoteStatus.PAUSED, picked=True), "it is picked already"),
        (remote(RemoteStatus.COMPLETED, picked=True), "it is shipped already"),
    ],
)
def test_still_in_picqer_gives_the_reason(order: RemoteOrder, reason: str) -> None:
    text = texts.still_in_picqer(order)

    assert f"order O2026-2210 is still in Picqer, where {reason}" in text


def test_still_in_picqer_gives_no_reason_when_only_the_channel_forbids_it() -> None:
    text = texts.still_in_picqer(remote(RemoteStatus.CONCEPT))

    assert "is still in Picqer: cancel it in Picqer" in text
