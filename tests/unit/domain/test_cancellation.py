"""Failure mode F50: a cancellation is refused where a parcel may be packed already."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.cancellation import may_cancel
from saleor_picqer.domain.orders import CancelInPicqer
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus

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
def test_order_is_never_cancelled_when_goods_are_picked(
    status: RemoteStatus, policy: CancelInPicqer
) -> None:
    assert not may_cancel(remote(status, picked=True), policy)
