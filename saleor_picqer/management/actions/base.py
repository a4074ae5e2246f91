"""The base classes of subcommands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.management.base import CommandError, OutputWrapper

from saleor_picqer import wiring
from saleor_picqer.hosts import host


class Subcommand(ABC):
    """One word after `manage.py picqer`."""

    name: ClassVar[str]
    help: ClassVar[str]

    def __init__(self, stdout: OutputWrapper, stderr: OutputWrapper) -> None:
        self.stdout = stdout
        self.stderr = stderr

    @classmethod  # noqa: B027 - a subcommand may take no arguments
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare the arguments that may follow the word."""

    @abstractmethod
    def run(self, options: Mapping[str, Any]) -> None:
        """Carry out the subcommand.

        Raises CommandError if any part of the work could not be done; the exit code is then 1.
        """


class ChannelSubcommand(Subcommand):
    """A subcommand for one channel, or for each channel in which the plugin is switched on."""

    # Begins the sentence that names the channels in which the work failed.
    failure: ClassVar[str]

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--channel",
            help="slug of a channel (default: every channel in which the plugin is switched on)",
        )

    def run(self, options: Mapping[str, Any]) -> None:
        slug = options["channel"]
        channels = [find_channel(slug)] if slug else wiring.active_channels()
        if not channels:
            raise CommandError("The Picqer plugin is not switched on in any channel.")
        slugs = host().channels.slugs()
        failed = [slugs[pk] for pk in channels if not self.run_in(pk, slugs[pk])]
        if failed:
            raise CommandError(f"{self.failure} {', '.join(failed)}.")

    @abstractmethod
    def run_in(self, channel: str, slug: str) -> bool:
        """Carry out the subcommand in one channel; return True on success."""


def find_channel(slug: str) -> str:
    """Return the channel with the slug; raise CommandError if there is none."""
    channel = host().channels.find(slug)
    if channel is None:
        raise CommandError(f'There is no channel "{slug}".')
    return channel
