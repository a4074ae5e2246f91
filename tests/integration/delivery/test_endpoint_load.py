"""The webhook endpoint under load, on Saleor's own HTTP server.

Durations depend on the machine, so they are printed (`-rP`), and compared with Saleor's smallest
request only if `PICQER_ASSERT_RATIOS` is set: alone on the machine, as `docs/testing.md` says.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from saleor_picqer.hosts import host
from saleor_picqer.models import HookRegistration, InboxEvent
from saleor_picqer.picqer.signature import HEADER, sign
from saleor_picqer.store.inbox_endpoint import body_hash
from saleor_picqer.webhooks import MAX_BODY
from tests.integration.delivery.real_server import (
    RealServer,
    Sample,
    ask,
    from_connections,
    percentile,
    post_in_chunks,
    shop_name,
)
from tests.integration.delivery.real_worker import RealWorker
from tests.integration.delivery.running_shop import RunningShop

WEBHOOKS = 500
CONNECTIONS = 10
# Requests of one kind in a row, so that both kinds meet the same load of the machine.
BLOCK = 50
P50_RATIO, P99_RATIO = 1.5, 2.0


@pytest.fixture(scope="module")
def server(
    module_shop: RunningShop, real_worker: RealWorker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealServer]:
    running = RealServer(tmp_path_factory.mktemp("server"), real_worker.environment())
    try:
        running.start()
        yield running
    finally:
        running.kill()


@pytest.fixture
def webhook(running_shop: RunningShop) -> Callable[[RealServer, bytes], Callable[..., Sample]]:
    """Return a function that makes a job out of a body: post the body, signed."""
    channel = running_shop.connected_shop.shop.channel_pk
    path = urlsplit(host().channels.webhook_url(channel)).path
    secret = HookRegistration.objects.get(channel=channel).current

    def job(server: RealServer, body: bytes) -> Callable[..., Sample]:
        headers = {HEADER: sign(body, secret)}
        return lambda connection=None: ask(server.port, path, body, connection, **headers)

    return job


def events(running_shop: RunningShop, count: int, name: str) -> list[bytes]:
    """Return bodies of events about the stock of 50 products."""
    hook_id = HookRegistration.objects.get().hook_ids[0]
    return [
        json.dumps(
            {
                "idhook": hook_id,
                "name": f"{name} {number}",
                "event": "products.free_stock_changed",
                "event_triggered_at": "2026-02-03 11:20:05",
                "data": {"idproduct": 1 + number % 50, "productcode": f"P{number % 50}"},
            }
        ).encode()
        for number in range(count)
    ]


def stored(bodies: list[bytes]) -> int:
    hashes = [body_hash(body) for body in bodies]
    return InboxEvent.objects.filter(body_hash__in=hashes).count()


def test_endpoint_is_about_as_fast_as_saleors_smallest_request(
    running_shop: RunningShop,
    server: RealServer,
    webhook: Callable[[RealServer, bytes], Callable[..., Sample]],
) -> None:
    """Failure mode F117."""
    bodies = events(running_shop, WEBHOOKS, "load")
    jobs = [webhook(server, body) for body in bodies]

    def ask_name(connection: HTTPConnection) -> Sample:
        return shop_name(server.port, connection)

    warm = [webhook(server, body) for body in events(running_shop, 20, "warm")]
    for warm_up in (warm, [ask_name] * 20):
        from_connections(server.port, CONNECTIONS, list(warm_up))
    ours: list[Sample] = []
    saleors: list[Sample] = []
    for start in range(0, WEBHOOKS, BLOCK):
        ours += from_connections(server.port, CONNECTIONS, jobs[start : start + BLOCK])
        saleors += from_connections(server.port, CONNECTIONS, [ask_name] * BLOCK)

    assert {sample.status for sample in (*ours, *saleors)} == {200}
    assert stored(bodies) == WEBHOOKS
    p50, p99 = (percentile(ours, share) / percentile(saleors, share) for share in (0.5, 0.99))
    for name, found in (("webhook", ours), ("shop name", saleors)):
        durations = (1000 * percentile(found, share) for share in (0.5, 0.99))
        print(name, "p50 {:.0f} ms, p99 {:.0f} ms".format(*durations))  # noqa: T201 - for -rP
    print(f"ratios {p50:.2f} and {p99:.2f}")  # noqa: T201 - for -rP
    if os.environ.get("PICQER_ASSERT_RATIOS"):
        assert p50 <= P50_RATIO
        assert p99 <= P99_RATIO
    # None was lost while workers processed them either.
    running_shop.wait_until(
        lambda: not InboxEvent.objects.filter(status__in=["received", "handling"]).exists(),
        seconds=60,
    )


def test_no_webhook_answered_200_is_lost_when_the_server_is_killed(
    running_shop: RunningShop,
    real_worker: RealWorker,
    webhook: Callable[[RealServer, bytes], Callable[..., Sample]],
    tmp_path: Path,
) -> None:
    victim = RealServer(tmp_path, real_worker.environment())
    bodies = events(running_shop, WEBHOOKS, "kill")
    try:
        victim.start()
        jobs = [webhook(victim, body) for body in bodies]
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(from_connections, victim.port, CONNECTIONS, list(jobs))
            while stored(bodies) < WEBHOOKS // 5:
                time.sleep(0.02)
            victim.kill()
            samples = running.result()
    finally:
        victim.kill()

    told = [body for body, sample in zip(bodies, samples, strict=True) if sample.status == 200]
    print(f"{len(told)} of {WEBHOOKS} were answered before the kill")  # noqa: T201 - for -rP
    assert {sample.status for sample in samples} == {200, None}
    assert stored(told) == len(told)


def test_body_in_chunks_is_kept_or_refused_by_its_size(
    running_shop: RunningShop, server: RealServer
) -> None:
    """Failure mode F7: a body without Content-Length, over Saleor's own HTTP server."""
    (small,) = events(running_shop, 1, "chunks")
    channel = running_shop.connected_shop.shop.channel_pk
    path = urlsplit(host().channels.webhook_url(channel)).path
    secret = HookRegistration.objects.get(channel=channel).current
    large = small.ljust(MAX_BODY + 1)

    answers = [
        post_in_chunks(server.port, path, small, **{HEADER: sign(small, secret)}),
        post_in_chunks(server.port, path, small + b" ", **{HEADER: sign(small, secret)}),
        post_in_chunks(server.port, path, large, **{HEADER: sign(large, secret)}),
    ]

    assert answers == [200, 401, 413]
    assert (stored([small]), stored([small + b" ", large])) == (1, 0)
