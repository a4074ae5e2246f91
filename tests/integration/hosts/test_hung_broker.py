"""A checkout while the Celery broker is down, silent or stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from saleor_picqer import publishing
from tests.integration.support.broker import (
    MAX_WAIT,
    RedisServer,
    broker,
    redis_server,
    silent_broker,
)
from tests.integration.support.connected_shop import ConnectedShop

# Seconds that a checkout may take longer, on a machine that is busy with other things.
LIMIT = MAX_WAIT + 3


@pytest.fixture(scope="module")
def own_redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


def seconds_of_checkout(shop: ConnectedShop) -> float:
    started = time.monotonic()
    order = shop.place(BEANS=1)
    seconds = time.monotonic() - started
    assert shop.row(order).stage == "pending"
    return seconds


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_checkout_takes_a_second_longer_when_the_broker_is_silent(
    stocked_shop: ConnectedShop, scheme: str
) -> None:
    usual = seconds_of_checkout(stocked_shop)

    with silent_broker(scheme):
        first = seconds_of_checkout(stocked_shop)
        second = seconds_of_checkout(stocked_shop)

    assert MAX_WAIT < first < usual + LIMIT
    assert second < usual + LIMIT - MAX_WAIT


def test_checkout_takes_a_second_longer_when_redis_is_stopped(
    stocked_shop: ConnectedShop, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PAUSE", 0.1)
    with broker(own_redis.url, {}):
        usual = seconds_of_checkout(stocked_shop)
        assert own_redis.messages() == 1

        own_redis.freeze()
        try:
            stopped = seconds_of_checkout(stocked_shop)
        finally:
            own_redis.thaw()
        time.sleep(publishing.PAUSE)
        before = own_redis.messages()
        after = seconds_of_checkout(stocked_shop)

        assert MAX_WAIT < stopped < usual + LIMIT
        assert after < usual + LIMIT - MAX_WAIT
        assert own_redis.messages() == before + 1


def test_sweeper_finds_the_order_when_the_broker_was_silent(stocked_shop: ConnectedShop) -> None:
    with silent_broker("redis"):
        order = stocked_shop.place(BEANS=1)
    assert stocked_shop.worker.pending == []

    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"
