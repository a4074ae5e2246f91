"""Errors that stop the demo."""

from __future__ import annotations


class DemoStoppedError(Exception):
    """A step failed on which the next steps depend. The message says what went wrong."""
