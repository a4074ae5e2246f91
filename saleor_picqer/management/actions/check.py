"""`manage.py picqer check`: the shop's set-up, and each channel's settings, key and webhooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.core import checks
from django.core.management.base import CommandError
from django.utils import timezone

from saleor_picqer import alarms, wiring
from saleor_picqer.config import PLUGIN_ID, SettingProblem
from saleor_picqer.domain.alarms import RULES
from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.domain.order_situation import SWEEP_OVERDUE
from saleor_picqer.errors import IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import ChannelSubcommand
from saleor_picqer.picqer.inspection import Inspection, inspect
from saleor_picqer.settings_check import find_warning, validate_configuration

_NO_SWEEP: Final = (
    'Celery beat has to run the schedule "picqer-sweep" every minute, and a worker has to take its'
    " task saleor_picqer.sweep; a shop without Celery runs `manage.py picqer sweep` from cron."
    ' Without it, orders that no hook told of are not sent. See "The sweeper" in docs/operating.md.'
)


class Check(ChannelSubcommand):
    name = "check"
    help = "check the shop's set-up, the settings, the API key, its rights and the webhooks"
    failure = "The check failed in"

    def run(self, options: Mapping[str, Any]) -> None:
        is_well = [self._check_shop(), self._check_sweeper(), self._check_alarms()]
        super().run(options)
        if not all(is_well):
            raise CommandError("The check of the shop failed.")

    def _check_shop(self) -> bool:
        """Print what Django's system checks find about the plugin; True if that is nothing."""
        found = [one for one in checks.run_checks(tags=[PLUGIN_ID]) if not one.is_silenced()]
        for message in found:
            self.stderr.write(f"{message.msg} {message.hint or ''}".rstrip())
        return not found

    def _check_sweeper(self) -> bool:
        """Print when the sweeper last finished; False if that is too long ago."""
        finished, now = wiring.sweeper.finished_at(), timezone.now()
        when = "has never finished"
        if finished is not None:
            ago = max(round((now - finished).total_seconds()), 0)
            when = f"last finished {ago // 60} min {ago % 60} s ago"
        if finished is not None and now - finished < SWEEP_OVERDUE:
            self.stdout.write(f"Sweeper {when}")
            return True
        self.stderr.write(f"The sweeper {when}. {_NO_SWEEP}")
        return False

    def _check_alarms(self) -> bool:
        """Raise and clear alarms, tell staff, and print the raised ones; True if there are none."""
        alarms.evaluate(sweeping=False)
        alarms.send_mails()
        raised = alarms.raised()
        for alarm in raised:
            self.stderr.write(f"Alarm {alarm.key}: {alarm.message} {RULES[alarm.key].advice}")
        if not raised:
            self.stdout.write("Alarms: none")
        return not raised

    def run_in(self, channel: str, slug: str) -> bool:
        try:
            found = inspect(wiring.build_account(wiring.load_settings(channel)))
        except IntegrationError as error:
            self.stderr.write(f"{slug}: {error.explain()}")
            return False
        missing_hooks = _missing_hooks(channel, found)
        user = found.user or "an unknown user (the key may not read it)"
        self.stdout.write(f"{slug}: API key of {user}")
        self.stdout.write(f"  Limit:    {found.limit} requests per minute, {found.remaining} left")
        self.stdout.write(f"  Rights:   {_summary(found.missing, 'all granted')}")
        self.stdout.write(f"  Webhooks: {_summary(missing_hooks, 'all active')}")
        problems = self._check_settings(channel)
        return not (found.missing or missing_hooks or problems)

    def _check_settings(self, channel: str) -> list[SettingProblem]:
        """Check what saving checks: shipping methods, tags and the like may be gone since then."""
        configuration = host().channels.configuration(channel)
        problems = validate_configuration(configuration)
        warning = find_warning(configuration)
        self.stdout.write(f"  Settings: {'problems' if problems else 'all valid'}")
        for problem in problems:
            self.stdout.write(f"    {problem.message}")
        if warning:
            self.stdout.write(f"    Warning: {warning}")
        return problems


def _missing_hooks(channel: str, found: Inspection) -> list[str]:
    """Return the events for which Picqer has no active webhook of the channel."""
    address = host().channels.webhook_url(channel)
    active = {hook.event for hook in found.hooks if hook.address == address and hook.active}
    return [event for event in EVENTS if event not in active]


def _summary(missing: Collection[str], complete: str) -> str:
    return f"missing: {', '.join(missing)}" if missing else complete
