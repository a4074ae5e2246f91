"""Which channel an operator means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from saleor_picqer.graphql.errors import PicqerErrorCode
from saleor_picqer.hosts import host


def find_channel(slug: str | None, configurations: Iterable[Any]) -> Any | None:
    """The stored configuration of that channel, or the only one there is; else None."""
    rows = list(configurations)
    if slug is None:
        rows = [row for row in rows if row.active] if len(rows) > 1 else rows
        return rows[0] if len(rows) == 1 else None
    return next((row for row in rows if host().channels.slug_of(row) == slug), None)


def active_channel(slug: str | None) -> str:
    """Raises ValidationError on the field `channel` unless the plugin is on there."""
    found = find_channel(slug, host().channels.configurations())
    if found is None:
        message = "Name the channel." if slug is None else f'No Picqer settings for "{slug}".'
        raise _channel_error(message, PicqerErrorCode.NOT_FOUND)
    if not found.active:
        raise _channel_error("The plugin is switched off here.", PicqerErrorCode.NOT_ACTIVE)
    return host().channels.slug_of(found)


def _channel_error(message: str, code: PicqerErrorCode) -> ValidationError:
    return ValidationError({"channel": ValidationError(message, code=code.value)})
