"""Reading the products whose stock was requested, and counting stock anew, by Picqer account."""

from __future__ import annotations

import logging
from itertools import filterfalse
from time import monotonic
from typing import Final

from saleor_picqer import wiring
from saleor_picqer.errors import IntegrationError
from saleor_picqer.picqer.client import Priority
from saleor_picqer.store import recounts, reservations
from saleor_picqer.store.readings import accounts_with_requests
from saleor_picqer.sync import stock

logger = logging.getLogger(__name__)

# Products that Picqer lists in answer to one request.
_PAGE: Final = 100
# Seconds that a task reads or counts stock before it leaves the rest to another one.
SLICE: Final = 20.0


def work_off(account: str, seconds: float | None = SLICE) -> bool:
    """Read requested products for a while, without `seconds` to the end.

    Returns True when another task has to go on at once. After an error of Picqer, the sweeper
    goes on within a minute.
    """
    with wiring.stock_reader(account).run() as is_alone:
        if not is_alone or not _read(account, seconds):
            return False
    # After the end of the turn: a request that came before has sent no message.
    return bool(wiring.build_readings(account).requested(1))


def count_anew(account: str, seconds: float | None = SLICE) -> bool:
    """Count all stock of the account anew for a while, without a request, if that is due.

    Returns True when another task has to go on at once.
    """
    began = monotonic()
    with wiring.stock_counter(account).run() as is_alone:
        while is_alone and (part := recounts.next_slice(account)):
            stock.recount(wiring.stock_tables(account), skus=part.skus)
            part.finish()
            if seconds is not None and monotonic() - began > seconds:
                return True
    return False


def upkeep() -> list[str]:
    """Delete what no calculation needs any more; return the accounts with requested products."""
    reservations.prune()
    return accounts_with_requests()


def _read(account: str, seconds: float | None) -> bool:
    """Read requested products; False when the account cannot be read now."""
    channels = wiring.channels_by_account().get(account, [])
    channel = next(filterfalse(wiring.circuit_breaker.is_open, channels), None)
    if channel is None:
        return False
    began = monotonic()
    try:
        context = wiring.context_for_channel(channel, Priority.STOCK)
        while product_ids := context.readings.requested(_PAGE):
            stock.read_products(context, product_ids)
            if seconds is not None and monotonic() - began > seconds:
                break
    except IntegrationError as error:
        logger.warning("Stock of %s was not read; the sweeper tries again. %s", account, error)
        return False
    return True
