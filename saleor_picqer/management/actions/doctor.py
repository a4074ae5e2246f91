"""`manage.py picqer doctor`: what is wrong with the shop and its channels, and what to do."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from itertools import groupby
from textwrap import TextWrapper
from typing import Any, Final

from django.core.management.base import CommandError

from saleor_picqer import alarms, doctor
from saleor_picqer.domain.doctor.checks import CHECKS
from saleor_picqer.domain.doctor.findings import Diagnosis, Level, described, worst
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand, find_channel

# The shape of `--json`: raised when a field is renamed or removed.
JSON_VERSION: Final = 1
_SIGNS: Final = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.ERROR: "ERROR  "}
_TEXT: Final = TextWrapper(100, subsequent_indent=10 * " ", break_long_words=False)
_ADVICE: Final = TextWrapper(
    100, initial_indent=10 * " ", subsequent_indent=10 * " ", break_long_words=False
)


class Doctor(Subcommand):
    name = "doctor"
    help = "examine the shop, its channels and their Picqer accounts, and say what to do"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--channel",
            help="slug of a channel (default: every channel in which the plugin is switched on)",
        )
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument(
            "--strict", action="store_true", help="end with exit code 1 after warnings, too"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        configurations = _configurations(options["channel"])
        found = doctor.examine_shop()
        if not doctor.lacks_migrations(found):
            found += _examine_channels(configurations)
        slugs = host().channels.slugs()
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found, slugs), indent=2))
        else:
            self._print(found, slugs)
        counts = {level: sum(one.finding.level is level for one in found) for level in Level}
        if counts[Level.ERROR] or (options["strict"] and counts[Level.WARNING]):
            errors = _numbered(counts[Level.ERROR], "error")
            warnings = _numbered(counts[Level.WARNING], "warning")
            raise CommandError(f"The doctor found {errors} and {warnings}.")

    def _print(self, found: Sequence[Diagnosis], slugs: Mapping[str, str]) -> None:
        for channel, group in groupby(found, key=lambda one: one.channel):
            title = f"Channel {slugs.get(channel, channel)}" if channel else "Shop"
            self.stdout.write(f"{title}\n{len(title) * '-'}")
            for one in group:
                finding = one.finding
                text = f"{_SIGNS[finding.level]}   {CHECKS[one.check].title}: {finding.text}"
                self.stdout.write(_TEXT.fill(text))
                if finding.advice:
                    self.stdout.write(_ADVICE.fill(finding.advice))
            self.stdout.write("")


def as_json(found: Sequence[Diagnosis], slugs: Mapping[str, str]) -> dict[str, Any]:
    """Return the findings in the documented shape of `--json`."""
    return {
        "version": JSON_VERSION,
        "level": worst(found).value,
        "findings": [
            {
                "check": one.check.value,
                "channel": slugs.get(one.channel, one.channel) or None,
                "level": one.finding.level.value,
                "text": one.finding.text,
                "advice": one.finding.advice,
                "count": one.finding.count,
            }
            for one in found
        ],
    }


def _numbered(count: int, thing: str) -> str:
    return described(count, thing) if count else f"no {thing}"


def _examine_channels(configurations: Sequence[Any]) -> list[Diagnosis]:
    # A sweeper that does not run raises no alarm: the doctor does, for example from cron.
    alarms.evaluate(sweeping=False)
    alarms.send_mails()
    if not configurations:
        return [doctor.NONE_ACTIVE]
    return [one for row in configurations for one in doctor.examine_channel(row)]


def _configurations(slug: str | None) -> list[Any]:
    """Return the stored configuration of the named channel, or those of all active channels."""
    rows = list(host().channels.configurations())
    if slug is None:
        return [row for row in rows if row.active]
    channel = find_channel(slug)
    found = [row for row in rows if host().channels.pk_of(row) == channel]
    if not found:
        raise CommandError(f'The Picqer plugin is not set up for channel "{slug}".')
    return found
