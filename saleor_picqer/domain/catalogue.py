"""Products on the way to Picqer: which channel sends them, and what was sent last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

# Products that one task sends: a bulk edit of 1,000 products becomes ten tasks.
BATCH: Final = 100
# How long a worker holds a batch: longer than its time limit and one slow request.
LEASE: Final = timedelta(minutes=10)
# Seconds after which a task leaves the rest of its batch to the next one.
SECONDS: Final = 30

_FIRST_DELAY: Final = timedelta(seconds=15)
_LONGEST_DELAY: Final = timedelta(minutes=15)
# A product that Picqer refuses costs one request a day in the end.
_LONGEST_SLOW_DELAY: Final = timedelta(days=1)


class SendProducts(StrEnum):
    """Whether a channel sends its products to Picqer."""

    AUTOMATIC = "automatic"  # if no other channel of the Picqer account does
    ALWAYS = "always"
    NEVER = "never"


class Inactivate(StrEnum):
    """The products of Saleor that become inactive in Picqer."""

    NEVER = "never"
    DELETED = "deleted"
    UNPUBLISHED = "unpublished"  # deleted, not listed in the channel any more, or not published

    def covers(self, what: Inactivate) -> bool:
        """Return whether products that are `what` become inactive."""
        return self is not Inactivate.NEVER and self in {what, Inactivate.UNPUBLISHED}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A channel of a Picqer account, with its setting."""

    channel: str
    sends: SendProducts


def catalogue_sources(channels: Iterable[Candidate]) -> tuple[str, ...]:
    """Return the channels of an account from which a product can be sent, by precedence.

    The first one that lists a product has the data of it. Channels with `always` come first, then
    those with the lowest primary keys. The first channel owns the catalogue: it sends the products.
    """
    # With two channels, each would replace the prices of the other.
    willing = [each for each in channels if each.sends is not SendProducts.NEVER]
    ranked = sorted(willing, key=lambda each: (each.sends is not SendProducts.ALWAYS, _key(each)))
    return tuple(each.channel for each in ranked)


def _key(candidate: Candidate) -> tuple[int, str]:
    # Saleor's primary keys are numbers; 2.10 has a single channel with a name.
    number = int(candidate.channel) if candidate.channel.isdecimal() else 0
    return number, candidate.channel


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the plugin knows of a variant in one Picqer account."""

    variant_pk: str
    # As it was sent last.
    sku: str = ""
    remote_id: int | None = None
    # A digest of each field's value as it was sent last: the fingerprint of the product.
    sent_digests: Mapping[str, str] = field(default_factory=dict)
    # The image in Saleor for which Picqer has one, whichever it is.
    image: str = ""
    # The setting under which a variant that is gone from the channel was handled.
    retired: str = ""
    # Whether the variant waits for a worker.
    dirty: bool = False
    attempts: int = 0
    # Names the worker that holds the row.
    lease: str = ""


def retry_delay(attempts: int, *, slowly: bool) -> timedelta:
    """Return the delay after a failed attempt: from 15 seconds, doubling up to 15 minutes.

    With `slowly`, for errors that only a change ends, the limit is a day.
    """
    longest = _LONGEST_SLOW_DELAY if slowly else _LONGEST_DELAY
    return min(_FIRST_DELAY * (1 << min(attempts, 13)), longest)
