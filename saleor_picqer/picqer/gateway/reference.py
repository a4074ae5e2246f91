"""Picqer's small lists, looked up by the names that people use."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from saleor_picqer.domain.names import normal_name
from saleor_picqer.errors import AccountSetupError
from saleor_picqer.picqer.cache import Cache, SafeCache
from saleor_picqer.picqer.client import PicqerClient

# Seconds that a list stays in the cache.
_TIMEOUT: Final = 3600


@dataclass(frozen=True, slots=True)
class SmallList:
    """A list of Picqer's; `read` yields the look-up value and the id of each entry."""

    name: str
    noun: str
    read: Callable[[PicqerClient], Iterator[tuple[Hashable, int]]]
    advice: str = "Add it in Picqer, or correct its name in Saleor."
    # Whether settings may give an id instead of a name.
    has_ids: bool = False

    def missing(self, described: str) -> str:
        """Return the message about an entry that does not exist."""
        return f"Picqer has no {self.noun} {described}. {self.advice}"

    def ambiguous(self, name: str, ids: Iterable[int]) -> str:
        """Return the message about a name of several entries."""
        found = ", ".join(map(str, ids))
        return f'Picqer has several {self.noun}s "{name}". Enter the id of one: {found}.'


def _vat_groups(client: PicqerClient) -> Iterator[tuple[Hashable, int]]:
    return ((group.percentage, group.idvatgroup) for group in client.vatgroups.list())


def _profiles(client: PicqerClient) -> Iterator[tuple[Hashable, int]]:
    for provider in client.shippingproviders.list():
        for profile in provider.profiles:
            yield normal_name(profile.name), profile.idshippingprovider_profile


def _templates(client: PicqerClient) -> Iterator[tuple[Hashable, int]]:
    return ((normal_name(found.name), found.idtemplate) for found in client.templates.list())


def _tags(client: PicqerClient) -> Iterator[tuple[Hashable, int]]:
    return ((normal_name(found.title), found.idtag) for found in client.tags.list())


def _warehouses(client: PicqerClient) -> Iterator[tuple[Hashable, int]]:
    return ((normal_name(found.name), found.idwarehouse) for found in client.warehouses.list())


VAT_GROUPS: Final = SmallList("vatgroups", "VAT group", _vat_groups, "Add it in Picqer.")
PROFILES: Final = SmallList("shippingprofiles", "shipping profile", _profiles, has_ids=True)
TEMPLATES: Final = SmallList("templates", "template", _templates, has_ids=True)
TAGS: Final = SmallList("tags", "tag", _tags)
WAREHOUSES: Final = SmallList("warehouses", "warehouse", _warehouses, has_ids=True)


def is_id(name: str) -> bool:
    """Return whether a text is an id instead of a name."""
    return name.isascii() and name.isdigit()


def describe_rate(percentage: Decimal) -> str:
    return f"of {percentage.normalize():f} %"


class CachedReferenceData:
    """`domain.mapping.inputs.ReferenceData` of an account. All processes share `cache`.

    Every look-up raises AccountSetupError, saying what to add in Picqer, for a missing entry.
    """

    def __init__(self, client: PicqerClient, cache: Cache) -> None:
        self._client = client
        self._cache = SafeCache.around(cache)

    def vat_group(self, percentage: Decimal) -> int:
        # Several groups may have the same rate: the first one counts.
        return self._ids(VAT_GROUPS, percentage, describe_rate(percentage))[0]

    def shipping_profile(self, name: str) -> int:
        return self._named(PROFILES, name)

    def template(self, name: str) -> int:
        return self._named(TEMPLATES, name)

    def tag(self, title: str) -> int:
        """Return the id of a tag by title only: "2026" is a title, not an id."""
        return self._ids(TAGS, normal_name(title), f'"{title}"')[0]

    def _named(self, small: SmallList, name: str) -> int:
        """Return an id unchanged, without a request, or look a name up, ignoring case."""
        if is_id(name):
            return int(name)
        ids = self._ids(small, normal_name(name), f'"{name}"')
        if len(ids) > 1:
            raise AccountSetupError(small.ambiguous(name, ids))
        return ids[0]

    def _ids(self, small: SmallList, wanted: Hashable, described: str) -> list[int]:
        """Return the ids of an entry; a list without the entry is read again, once."""
        key = f"picqer:{self._client.account.fingerprint}:ids:{small.name}"
        known: Mapping[Hashable, list[int]] = self._cache.get(key) or {}
        if wanted not in known:
            known = self._read(small)
            self._cache.set(key, known, _TIMEOUT)
        if wanted not in known:
            raise AccountSetupError(small.missing(described))
        return known[wanted]

    def _read(self, small: SmallList) -> dict[Hashable, list[int]]:
        ids: dict[Hashable, list[int]] = {}
        for found, number in small.read(self._client):
            ids.setdefault(found, []).append(number)
        return ids
