"""The statement with which the webhook endpoint stores a delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from saleor_picqer.domain.outbox import ENQUEUE_AGAIN
from saleor_picqer.models import InboxEvent, PeriodicTask
from saleor_picqer.store.inbox import Inbox, task_name

# Picqer repeats a delivery for about 17 hours. A body that was known before that is no delivery of
# Picqer's any more, so that a copy of an old request has no effect.
REPEATED_FOR: Final = timedelta(hours=24)

# One statement in place of three, each a round trip to the database: store the body unless the same
# body waits already, and note that a message is sent unless one waits or a worker is at work.
# The row of the task is only locked by the request that sends the message.
_STORE: Final = f"""
WITH stored AS (
  INSERT INTO {InboxEvent._meta.db_table}
    (channel, account, body_hash, body, status, topic, event, triggered_at, attempts, last_error,
     received_at)
  SELECT %(channel)s, %(account)s, %(hash)s, %(body)s, 'received', 'unread', '', '', 0, '', %(now)s
  WHERE NOT EXISTS (
    SELECT 1 FROM {InboxEvent._meta.db_table}
    WHERE body_hash = %(hash)s AND channel = %(channel)s AND account = %(account)s
      AND received_at < %(replayed)s
  )
  ON CONFLICT DO NOTHING
  RETURNING id
), flagged AS (
  UPDATE {PeriodicTask._meta.db_table} SET enqueued_at = %(now)s
  WHERE name = %(task)s
    AND (enqueued_at IS NULL OR enqueued_at <= %(lost)s)
    AND (leased_until IS NULL OR leased_until < %(now)s)
    AND EXISTS (SELECT 1 FROM stored)
  RETURNING id
)
SELECT EXISTS (SELECT 1 FROM stored), EXISTS (SELECT 1 FROM flagged),
  EXISTS (SELECT 1 FROM {PeriodicTask._meta.db_table} WHERE name = %(task)s)
"""  # noqa: S608 - only our own table names


def body_hash(raw: bytes) -> str:
    """Return the keyed hash by which a body is known."""
    # A plain hash would confirm a guessed body, and with it a name or an address.
    return salted_hmac("saleor_picqer.inbox", raw, algorithm="sha256").hexdigest()


def store_delivery(channel: str, account: str, raw: bytes) -> tuple[bool, bool]:
    """Store a delivery in one statement; return whether it is new, and whether to send a message.

    Not new is the same body while the first still waits, and a copy of a body that was known before
    Picqer's own repetitions. The message is "work off the inbox" of the account: none is sent while
    one waits or a worker is at work, because that worker looks again before it ends.
    """
    now = timezone.now()
    values: dict[str, Any] = {
        "channel": channel,
        "account": account,
        "hash": body_hash(raw),
        "body": raw,
        "now": now,
        "replayed": now - REPEATED_FOR,
        "lost": now - ENQUEUE_AGAIN,
        "task": task_name(account),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        is_new, is_flagged, is_known = cursor.fetchone()
    # The account's first delivery of all.
    if is_new and not is_known:
        is_flagged = Inbox().task(account).may_enqueue()
    return is_new, is_flagged
