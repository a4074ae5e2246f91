"""The channel of a request: named by slug, or the only channel."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError

from saleor_picqer.domain.order_actions import RefusalReason
from saleor_picqer.hosts import host


def find_channel(
    slug: str | None, configurations: Iterable[Any], using: str = "default"
) -> Any | None:
    """Return the stored configuration of the channel.

    Without a slug, the only configuration or else the only active one; None if there are several.
    """
    rows = list(configurations)
    if slug is None:
        rows = [row for row in rows if row.active] if len(rows) > 1 else rows
        return rows[0] if len(rows) == 1 else None
    channel = host().channels.find(slug, using)
    return next((row for row in rows if host().channels.pk_of(row) == channel), None)


def active_channel(slug: str | None) -> str:
    """Return the channel with the slug, in which the plugin is switched on.

    Raises ValidationError on the field `channel` for any other.
    """
    found = find_channel(slug, host().channels.configurations())
    if found is None:
        raise _channel_error(_not_found(slug), RefusalReason.NOT_FOUND)
    channel = host().channels.pk_of(found)
    if not found.active:
        message = f'The Picqer plugin is switched off in channel "{host().channels.slug(channel)}".'
        raise _channel_error(message, RefusalReason.NOT_ACTIVE)
    return channel


def find_any_channel(slug: str | None, using: str = "default") -> str | None:
    """Return the channel with the slug, or the shop's only channel, set up or not."""
    slugs = host().channels.slugs(using)
    if slug is None:
        return next(iter(slugs)) if len(slugs) == 1 else None
    return next((pk for pk, found in slugs.items() if found == slug), None)


def any_channel(slug: str | None) -> str:
    """Return the channel with the slug, set up or not.

    Raises ValidationError on the field `channel` if there is none.
    """
    if (found := find_any_channel(slug)) is None:
        message = (
            "Give the channel's slug: the shop has several."
            if slug is None
            else f'The shop has no channel "{slug}".'
        )
        raise _channel_error(message, RefusalReason.NOT_FOUND)
    return found


def channels_to_search(
    info: Any, wanted: str | None, using: str = "default"
) -> Collection[str] | None:
    """Return the channels to search, of which one may be wanted by slug; None for all channels.

    Raises PermissionDenied for a channel that the requestor may not access.
    """
    if wanted is None:
        return host().access.visible_channels(info)
    channel = host().channels.find(wanted, using)
    if channel is None:
        return []
    # Saleor's own list of orders also refuses a closed channel that is named.
    host().access.check_channel_access(info, [channel])
    return [channel]


def slug_of(info: Any, channel: str) -> str:
    """Return the slug of a channel, in one query for all fields of a request."""
    slugs = getattr(info.context, "picqer_slugs", None)
    if slugs is None:
        slugs = host().channels.slugs(host().access.reader(info))
        info.context.picqer_slugs = slugs
    return str(slugs.get(channel, channel))


def _not_found(slug: str | None) -> str:
    if slug is None:
        return "Give the channel's slug: the Picqer plugin is active in none or in several."
    return f'The Picqer plugin is not set up for channel "{slug}".'


def _channel_error(message: str, code: str) -> ValidationError:
    return ValidationError({"channel": ValidationError(message, code=str(code))})
