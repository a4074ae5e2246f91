"""Failure mode F50: cancelling is refused, or would cost a parcel that is packed already."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.cancellation import may_cancel, refusal
from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.orders import CancelInPicqer

NEVER, CONCEPT, UNPICKED = CancelInPicqer


def remote(status: RemoteStatus, *, picked: bool = False) -> RemoteOrder:
    return RemoteOrder(24035, "O2026-2210", "10042", status, picked=picked)


@pytest.mark.parametrize(
    ("status", "allowing"),
    [
        (RemoteStatus.CONCEPT, {CONCEPT, UNPICKED}),
        (RemoteStatus.EXPECTED, {CONCEPT, UNPICKED}),
        (RemoteStatus.PROCESSING, {UNPICKED}),
        (RemoteStatus.PAUSED, {UNPICKED}),
        (RemoteStatus.COMPLETED, set()),
        (RemoteStatus.CANCELLED, set()),
        (RemoteStatus.UNKNOWN, set()),
    ],
)
@pytest.mark.parametrize("policy", CancelInPicqer)
def test_order_is_cancelled_as_far_as_the_channel_allows(
    status: RemoteStatus, allowing: set[CancelInPicqer], policy: CancelInPicqer
) -> None:
    assert may_cancel(remote(status), policy) is (policy in allowing)


@pytest.mark.parametrize("status", [RemoteStatus.PROCESSING, RemoteStatus.PAUSED])
@pytest.mark.parametrize("policy", CancelInPicqer)
def test_order_is_never_cancelled_when_something_of_it_is_picked(
    status: RemoteStatus, policy: CancelInPicqer
) -> None:
    assert not may_cancel(remote(status, picked=True), policy)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (remote(RemoteStatus.PROCESSING), "it is being processed"),
        (remote(RemoteStatus.PROCESSING, picked=True), "it is picked already"),
        (remote(RemoteStatus.PAUSED, picked=True), "it is picked already"),
        (remote(RemoteStatus.COMPLETED, picked=True), "it is shipped already"),
    ],
)
def test_reason_is_told_when_an_order_stays(order: RemoteOrder, reason: str) -> None:
    assert f"order O2026-2210 is still in Picqer, where {reason}" in refusal(order)


def test_no_reason_is_made_up_when_only_the_channel_forbids_it() -> None:
    assert "is still in Picqer: cancel it there" in refusal(remote(RemoteStatus.CONCEPT))
