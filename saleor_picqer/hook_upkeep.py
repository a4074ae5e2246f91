"""Keeping the webhooks in Picqer alive: registered, checked on schedule, removed when left."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db import transaction
from django.utils import timezone

from saleor_picqer import wiring
from saleor_picqer.config import configuration_values, parse_settings
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import AuthenticationError, IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.client import Priority
from saleor_picqer.store import backlog, inbox_former, reconcile
from saleor_picqer.store.hooks import Registration, credentials_of
from saleor_picqer.sync import hooks, warehouses
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.reconcile import BATCH, have_moved_on

logger = logging.getLogger(__name__)

# An account that has sent nothing for so long may be silent.
SILENT_FOR: Final = timedelta(hours=1)
# Requests that an hourly check takes at most to find an order that has moved on, for each channel.
MOST_PAGES: Final = 5


class BackFill(Protocol):
    """Has the stock and orders of a channel read again that may have changed without a webhook."""

    def __call__(self, channel: str, *, moved: bool) -> None:
        """With `moved`, the channel is new to the account, which has its products and stock."""


def follow_settings() -> None:
    """Ask for hooks to be registered or removed where the settings say so.

    Deliveries that still wait from a former account are set aside. Takes 3 statements if there is
    nothing to do.
    """
    accounts = wiring.account_by_channel()
    wiring.hook_registrations.follow(accounts, host().channels.public_address())
    inbox_former.set_former_aside(accounts)


def bring_in_step(pk: int, back_fill: BackFill) -> None:
    """Register or remove the hooks of a registration, and have an outage back-filled."""
    registration = wiring.hook_registrations.get(pk)
    if registration is None:
        return
    try:
        done = _remove(registration) if registration.leaving else _register(registration, back_fill)
    except IntegrationError as error:
        done = False
        logger.warning("The %s could not be set up. %s", registration, error)
        _record_failure([registration], error)
    if done:
        wiring.hook_registrations.mark_registered(registration)
    elif not wiring.hook_registrations.postpone(registration):
        logger.error("The %s were left in Picqer after many attempts.", registration)


def check(account: str) -> list[int]:
    """Compare the hooks of all channels of an account with one list of Picqer.

    Returns pks of the registrations whose hooks are missing, off or at an old address.
    """
    channels = wiring.channels_by_account().get(account, [])
    registrations = wiring.hook_registrations.claim_check(account, channels)
    if not registrations:
        return []
    try:
        contexts = {one.channel: _context(one.channel) for one in registrations}
        found = list(contexts[registrations[0].channel].picqer.hooks.list())
    except IntegrationError as error:
        logger.warning("The webhooks in %s could not be checked. %s", account, error)
        _record_failure(registrations, error)
        return []
    wrong = [
        one
        for one in registrations
        if one.lost_at
        or not hooks.compare(contexts[one.channel], found, one.current, one.hook_ids).is_empty
    ]
    for one in wrong:
        logger.warning("The %s are not as they should be, and are repaired.", one)
        wiring.hook_registrations.mark_stale(one.channel, one.account)
    wiring.hook_registrations.record_check([one for one in registrations if one not in wrong])
    _find_silence(contexts[one.channel] for one in registrations if one not in wrong)
    return [one.pk for one in wrong]


def _find_silence(contexts: Iterable[Context]) -> None:
    """Have orders compared after an hour without webhooks, if an order has moved on in Picqer.

    Takes one request for a hundred orders that are in the warehouse, at most `MOST_PAGES` for each
    channel, and none after a webhook within the hour.
    """
    since = timezone.now() - SILENT_FOR
    for context in contexts:
        try:
            if not backlog.has_heard(context.account, since) and _have_moved_on(context, since):
                logger.warning("No webhook told of changes in channel %s.", context.channel)
                # The sweeper sends the message.
                reconcile.queue(context.channel, reconcile.Cause.HOOKS, apply=True)
        except IntegrationError as error:
            logger.warning("Whether webhooks are silent was not found out. %s", error)


def _have_moved_on(context: Context, since: datetime) -> bool:
    """Compare orders in the warehouse with Picqer's list, from where the last check has stopped."""
    channel, account, status = context.channel, context.account, RemoteStatus.PROCESSING.value
    limit = MOST_PAGES * BATCH
    after = wiring.hook_registrations.open(channel, account).compared_until
    entries = backlog.open_orders(
        channel, account, status, after=after, unchanged_since=since, limit=limit
    )
    moved, position = have_moved_on(context, entries, status, MOST_PAGES)
    is_end = len(entries) < limit and (not entries or position == entries[-1].remote_id)
    if after or not is_end:
        position = 0 if is_end else position
        wiring.hook_registrations.set_compared_until(channel, account, position)
    return moved


def is_check_due(channel: str, account: str) -> bool:
    """Return whether the channel's hooks were not compared for an hour, or were wrong."""
    return wiring.hook_registrations.open(channel, account).is_check_due


def is_wrong(context: Context) -> bool:
    """Compare the channel's hooks with Picqer's list; True if something is to be done."""
    one = wiring.hook_registrations.open(context.channel, context.account)
    due = hooks.find_changes(context, one.current, one.hook_ids)
    return one.lost_at is not None or not due.is_empty


def repair(context: Context, back_fill: BackFill) -> bool:
    """Bring the channel's hooks in step now; False if that has to be tried again."""
    wiring.hook_registrations.mark_stale(context.channel, context.account)
    one = wiring.hook_registrations.open(context.channel, context.account)
    bring_in_step(one.pk, back_fill)
    return wiring.hook_registrations.get(one.pk) is None


def _register(registration: Registration, back_fill: BackFill) -> bool:
    channel, account = registration.channel, registration.account
    if wiring.is_copy(channel) or channel not in wiring.channels_by_account().get(account, []):
        return False
    configuration = host().channels.configuration(channel)
    context = _context(channel)
    due = hooks.find_changes(context, registration.current, registration.hook_ids)
    if due.lost:
        # Saved first: once a hook is on again, Picqer's list does not tell that it was off.
        wiring.hook_registrations.mark_lost(channel, account)
    wiring.hook_registrations.record(
        registration,
        hooks.register(context, registration.current, due),
        configuration_values(configuration.configuration if configuration else None),
        host().channels.public_address(),
    )
    _read_again(context, back_fill, has_lost=bool(due.lost))
    return True


def _read_again(context: Context, back_fill: BackFill, *, has_lost: bool) -> None:
    """Queue what makes up for lost deliveries, now that the hooks are on."""
    lost_at = wiring.hook_registrations.open(context.channel, context.account).lost_at
    with transaction.atomic():
        moved = warehouses.retire_former_mirrors(context)
        if moved:
            # In the same transaction: the next attempt finds no former mirrors.
            back_fill(context.channel, moved=True)
    if not moved and (has_lost or lost_at):
        back_fill(context.channel, moved=False)
    wiring.hook_registrations.clear_lost(context.channel, context.account, lost_at)


def _remove(registration: Registration) -> bool:
    if wiring.is_copy(registration.channel):
        return False
    settings = parse_settings(registration.channel, credentials_of(registration))
    hooks.remove(wiring.build_context(settings), registration.hook_ids)
    return True


def _context(channel: str) -> Context:
    return wiring.context_for_channel(channel, Priority.STOCK)


def _record_failure(registrations: list[Registration], error: IntegrationError) -> None:
    refused = isinstance(error, AuthenticationError)
    wiring.hook_registrations.record_failure(registrations, error.explain(), refused=refused)
