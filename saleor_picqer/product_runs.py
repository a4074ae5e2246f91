"""Carrying out what is due about products: in batches by Celery's workers, or in one process."""

from __future__ import annotations

import logging
import time
from typing import Final

from saleor_picqer import wiring
from saleor_picqer.domain.catalogue import BATCH, SECONDS
from saleor_picqer.errors import IntegrationError, PicqerApiError, TryLaterError
from saleor_picqer.store import catalogue as store
from saleor_picqer.store.channels import oldest_open_transaction
from saleor_picqer.sync import catalogue
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)

# Seconds that a message waits, so that it serves all changes of a moment.
GATHER: Final = 2
# Seconds after which another message is sent although the last one has not been taken.
_LOST_AFTER: Final = 60
# Seconds until another attempt, when Picqer does not say when.
_RETRY_AFTER: Final = 60.0


def may_enqueue(account: str) -> bool:
    """Return whether to send a message for the account, and note that it is sent.

    Takes no statement. False while an earlier message waits for a worker.
    """
    return wiring.cache.add(_key(account), 1, _LOST_AFTER)


def push(account: str) -> float | None:
    """Send a batch of due products; return in how many seconds another task has to go on.

    None if nothing is left to do, or if nothing can be sent now.
    """
    # A change from now on needs another message.
    wiring.cache.delete(_key(account))
    context = _context(account)
    if context is None:
        return None
    claimed = context.catalogue.claim(BATCH)
    deadline = time.monotonic() + SECONDS
    batch = catalogue.push_due(context, claimed, lambda: time.monotonic() >= deadline)
    _tell_circuit_breaker(context, batch)
    if batch.stopped_by is not None:
        logger.info("Products of %s wait. %s", account, batch.stopped_by)
        return _turn(batch.stopped_by)
    return 0 if batch.left or len(claimed) == BATCH else None


def push_all(account: str) -> int:
    """Send all due products in this process, as far as Picqer answers; return their number."""
    count = 0
    context = _context(account)
    while context and (claimed := context.catalogue.claim(BATCH)):
        batch = catalogue.push_due(context, claimed, lambda: False)
        _tell_circuit_breaker(context, batch)
        count += batch.done + batch.failed
        if batch.stopped_by is not None:
            break
    return count


def find_all() -> list[str]:
    """Make products due that have changed without a hook; return accounts with due products."""
    owned = wiring.catalogue_owners()
    for account in owned:
        _find(account)
    return [account for account in store.due_accounts() if account in owned]


def _find(account: str) -> None:
    # Errors are logged, not raised: other accounts must be swept all the same.
    try:
        context = _context(account)
        if context is not None:
            until = oldest_open_transaction()
            found = catalogue.find_changes(context, store.CatalogueWatch(account), until)
            if found:
                logger.info("%s products of %s were found without a hook.", found, account)
    except IntegrationError as error:
        logger.warning("Products of %s could not be compared. %s", account, error)
    except Exception:
        logger.exception("The sweep of the products of %s failed.", account)


def _context(account: str) -> Context | None:
    """Return the channel that sends the account's products; None while none can."""
    channel = wiring.catalogue_owners().get(account)
    if channel is None or wiring.circuit_breaker.is_open(channel):
        return None
    # Until staff have looked at the first sync, Picqer gets no product by itself.
    if not store.has_begun(account):
        return None
    try:
        return wiring.context_for_catalogue(channel)
    except IntegrationError as error:
        logger.warning("Products of %s wait. %s", account, error)
        return None


def _tell_circuit_breaker(context: Context, batch: catalogue.Batch) -> None:
    error = batch.stopped_by
    if isinstance(error, PicqerApiError) and not error.answered:
        wiring.circuit_breaker.record_failure(context.channel, f"product {batch.stopped_at}")
    elif context.picqer.answered:
        wiring.circuit_breaker.record_success(context.channel)


def _turn(error: IntegrationError) -> float:
    seconds = "delay" if isinstance(error, TryLaterError) else "retry_after"
    turn: float | None = getattr(error, seconds, None)
    return _RETRY_AFTER if turn is None else max(turn, 1.0)


def _key(account: str) -> str:
    return f"saleor-picqer:products:{account}"
