"""The summary of several errors, for a form that shows one error at a time."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError


class SettingsSummaryError(ValidationError):
    """The last of several errors, which repeats all of them."""


def summarise(messages: Sequence[str], code: str) -> SettingsSummaryError:
    """Return the error that repeats all messages."""
    sentences = (text if text.endswith((".", "!", "?")) else f"{text}." for text in messages)
    return SettingsSummaryError(f"{len(messages)} problems. {' '.join(sentences)}", code=code)
