"""A check whether Picqer has what settings name, before an order needs it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from time import monotonic
from typing import Final, NamedTuple

from saleor_picqer.domain.names import normal_name
from saleor_picqer.errors import PicqerApiError, Remedy, TryLaterError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.reference import SmallList, describe_rate, is_id

logger = logging.getLogger(__name__)

# Seconds for reading all lists: staff wait for the answer.
_TIME: Final = 12.0

type _Ids = Mapping[Hashable, list[int]]


class WantedEntries(NamedTuple):
    """Entries of a small list that a setting names: a percentage for VAT groups, else names."""

    setting: str
    small: SmallList
    entries: Collection[str | Decimal]


def missing_entries(
    client: PicqerClient, wanted: Iterable[WantedEntries]
) -> Iterator[tuple[str, str]]:
    """Yield the setting and a message for each entry that Picqer does not have.

    A list that the key may not read, or that Picqer cannot send just now, is skipped.
    """
    deadline = monotonic() + _TIME
    for setting, small, entries in wanted:
        if not entries:
            continue
        try:
            known = _read(client, small, deadline)
        except (PicqerApiError, TryLaterError) as error:
            logger.warning("%s was not checked in Picqer: %s", setting, error)
            if error.remedy is Remedy.RETRY:
                return
            continue
        problems = (_problem(small, known, entry) for entry in entries)
        yield from ((setting, problem) for problem in problems if problem)


def _read(client: PicqerClient, small: SmallList, deadline: float) -> _Ids:
    ids: dict[Hashable, list[int]] = {}
    for found, number in small.read(client):
        ids.setdefault(found, []).append(number)
        if monotonic() > deadline:
            raise TryLaterError(f"reading every {small.noun} takes too long")
    return ids


def _problem(small: SmallList, known: _Ids, entry: str | Decimal) -> str | None:
    if isinstance(entry, Decimal):
        return None if entry in known else small.missing(describe_rate(entry))
    if small.has_ids and is_id(entry):
        exists = any(int(entry) in ids for ids in known.values())
        return None if exists else small.missing(f"with the id {entry}")
    ids = known.get(normal_name(entry), [])
    if small.has_ids and len(ids) > 1:
        return small.ambiguous(entry, ids)
    return None if ids else small.missing(f'"{entry}"')
