"""A worker process under an account's shared rate limit, for the tests.

Takes what to do as JSON in its argument, says "ready", starts when it is sent a line, and prints
the seconds that each piece of its work took.
"""

import json
import sys
import time
from typing import Any

from django.conf import settings

from saleor_picqer.picqer.client import PicqerAccount, PicqerClient, Priority, RateLimiter
from tests.contract import samples


def client(job: dict[str, Any]) -> PicqerClient:
    from django.core.cache import cache  # after the settings

    account = PicqerAccount(job["endpoint"], job["api_key"], "worker", "ops@shop.example")
    rate_limiter = RateLimiter(cache, account, window=job["window"])
    return PicqerClient(
        account, rate_limiter=rate_limiter, priority=Priority[job["priority"]], max_wait=120
    )


def read_catalogue(picqer: PicqerClient, seconds: float) -> list[float]:
    """List products over and over, as a full sync does."""
    took: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        list(picqer.products.list())
        took.append(time.monotonic() - started)
    return took


def push_orders(picqer: PicqerClient, seconds: float) -> list[float]:
    """Push an order now and then, with two requests each."""
    took: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        order = picqer.orders.create(samples.order(f"S-{len(took)}", "MUG"))
        picqer.orders.process(order.idorder)
        took.append(time.monotonic() - started)
        time.sleep(seconds / 20)
    return took


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    job = json.loads(sys.argv[1])
    settings.configure(CACHES={"default": job["cache"]})
    work = push_orders if job["priority"] == "ORDERS" else read_catalogue
    picqer = client(job)
    # The first request opens connections and imports the cache's driver.
    picqer.users.me()
    say("ready")
    sys.stdin.readline()
    say(json.dumps(work(picqer, job["seconds"])))


if __name__ == "__main__":
    main()
