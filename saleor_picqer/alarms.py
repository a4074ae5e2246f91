"""Raising and clearing alarms, and telling staff."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.dispatch import Signal
from django.utils import timezone

from saleor_picqer import extensions, wiring
from saleor_picqer.config import Settings
from saleor_picqer.dashboard.problems import DashboardProblems
from saleor_picqer.domain.alarms import RULES, Alarm, AlarmKey, find_alarms, find_no_worker
from saleor_picqer.errors import IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.signals import alarm_cleared, alarm_raised
from saleor_picqer.store import alarms, health
from saleor_picqer.sync.ports.alarms import AlarmReceiver

logger = logging.getLogger(__name__)

# Seconds that a mail server may take to answer.
_MAIL_TIMEOUT: Final = 10


class _Signals:
    """Tells the shop's own code of alarms."""

    def raised(self, alarm: Alarm) -> None:
        _send(alarm_raised, alarm)

    def cleared(self, alarm: Alarm) -> None:
        _send(alarm_cleared, alarm)

    def evaluated(self, channels: Collection[str], holding: Sequence[Alarm]) -> None:
        """Do nothing: there is a signal for each change."""


# Whatever shows alarms to staff joins this list.
RECEIVERS: Final[list[AlarmReceiver]] = [_Signals(), DashboardProblems()]


def evaluate(*, sweeping: bool) -> None:
    """Raise and clear the alarms of all active channels, in about 8 statements.

    Up to 4 more compare the problems in Saleor's dashboard.

    With `sweeping` the sweeper itself asks, which cannot tell whether it runs.
    """
    now = timezone.now()
    limits = extensions.alarm_limits()
    accounts = wiring.account_by_channel()
    found = [alarm for one in health.read(accounts, limits, now) for alarm in find_alarms(one)]
    if not sweeping and (missing := _no_worker(now)) is not None:
        found.append(missing)
    changes = alarms.save(found, now)
    for alarm in changes.raised:
        logger.error("Alarm %s: %s", alarm.key.value, alarm.message)
        for receiver in RECEIVERS:
            receiver.raised(alarm)
    for alarm in changes.cleared:
        logger.warning("Alarm %s is over.", alarm.key.value)
        for receiver in RECEIVERS:
            receiver.cleared(alarm)
    for receiver in RECEIVERS:
        receiver.evaluated(accounts.keys(), found)


def current(channel: str, using: str = "default") -> list[Alarm]:
    """Return the raised alarms of a channel and of the whole shop, without saving anything.

    Whether the sweeper runs is asked now: a sweeper that does not run raises no alarm.
    """
    raised = alarms.raised([channel], using)
    others = [alarm for alarm in raised if alarm.key is not AlarmKey.NO_WORKER]
    missing = _no_worker(timezone.now(), using)
    return [*others, missing] if missing else others


def raised() -> list[Alarm]:
    """Return the raised alarms of all active channels and of the whole shop, as last saved."""
    return alarms.raised(wiring.active_channels())


def is_worker_missing() -> bool:
    """Return whether the sweeper, which has run before, does not run any more: one statement."""
    missing = _no_worker(timezone.now())
    return missing is not None and missing.since is not None


def send_mails() -> None:
    """Tell staff by mail of alarms that were raised or are over, each once."""
    now = timezone.now()
    settings = _all_settings()
    for row in alarms.to_tell(now):
        recipients = _recipients(settings, row.channel)
        if recipients and alarms.claim_telling(row, now):
            try:
                _mail(alarms.to_alarm(row), recipients, is_over=row.cleared_at is not None)
            except Exception:  # each mail backend raises errors of its own
                logger.exception("The mail about the alarm %s could not be sent.", row.key)
                alarms.take_back(row)


def has_mail_to_send() -> bool:
    """Return whether staff have to be told of something now."""
    rows = alarms.to_tell(timezone.now())
    if not rows:
        return False
    settings = _all_settings()
    return any(_recipients(settings, row.channel) for row in rows)


def _no_worker(now: datetime, using: str = "default") -> Alarm | None:
    return find_no_worker(wiring.sweeper.finished_at(using), now, extensions.alarm_limits())


def _send(signal: Signal, alarm: Alarm) -> None:
    for receiver, result in signal.send_robust(AlarmKey, alarm=alarm):
        if isinstance(result, Exception):
            logger.error("%r failed for the alarm %s.", receiver, alarm.key, exc_info=result)


def _all_settings() -> Sequence[Settings]:
    found = []
    for channel in wiring.active_channels():
        try:
            found.append(wiring.load_settings(channel))
        except IntegrationError:
            continue
    return found


def _recipients(settings: Collection[Settings], channel: str) -> list[str]:
    """Return who is told of an alarm: of the whole shop, all who are told of any channel."""
    concerned = [one for one in settings if channel in ("", one.channel)]
    return sorted({address for one in concerned for address in one.alarm_recipients})


def _mail(alarm: Alarm, recipients: Sequence[str], *, is_over: bool) -> None:
    slugs = host().channels.slugs()
    place = f" in channel {slugs.get(alarm.channel, alarm.channel)}" if alarm.channel else ""
    about = f"Picqer{place}: {alarm.message}"
    since = f"{alarm.since:%Y-%m-%d %H:%M} UTC"
    rest = f"This alarm of {since} is over." if is_over else f"Since {since}."
    paragraphs = [about, rest] if is_over else [about, RULES[alarm.key].advice, rest]
    EmailMessage(
        subject=f"{'Over' if is_over else 'Alarm'}: {about}"[:200],
        body="\n\n".join(paragraphs) + "\n",
        to=list(recipients),
        connection=get_connection(timeout=_MAIL_TIMEOUT),
    ).send()
