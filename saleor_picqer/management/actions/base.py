"""The shape of an action."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.management.base import CommandError, OutputWrapper

from saleor_picqer import wiring


class Action(ABC):
    """One word after `manage.py picqer`."""

    name: ClassVar[str]
    help: ClassVar[str]

    def __init__(self, stdout: OutputWrapper, stderr: OutputWrapper) -> None:
        self.stdout = stdout
        self.stderr = stderr

    @classmethod  # noqa: B027 - some take none
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declares what may follow the word."""

    @abstractmethod
    def run(self, options: Mapping[str, Any]) -> None:
        """Raises CommandError, which makes the exit code 1, when anything could not be done."""


class ChannelAction(Action):
    """Done for one channel, or for each where the plugin is switched on."""

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", help="slug; by default every channel switched on")

    def for_each(self, channel: str | None, act: Callable[[str], bool], problem: str) -> None:
        channels = [channel] if channel else wiring.active_channels()
        if not channels:
            raise CommandError("The plugin is not switched on in any channel.")
        failed = [slug for slug in channels if not act(slug)]
        if failed:
            raise CommandError(f"{problem} {', '.join(failed)}.")
