"""The small lists of an account, asked for by what people call their entries."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from saleor_picqer.domain.names import normal_name
from saleor_picqer.errors import AccountSetupError
from saleor_picqer.picqer.cache import Cache
from saleor_picqer.picqer.client import PicqerClient

_REMEMBER: Final = 3600
"""Seconds that a list is remembered."""


@dataclass(frozen=True, slots=True)
class SmallList:
    """A list of Picqer's; `read` gives what its entries are found by, and their ids."""

    name: str
    noun: str
    read: Callable[[PicqerClient], Iterator[tuple[Hashable, int]]]
    remedy: str = "add it there, or correct its name in Saleor"


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


VAT_GROUPS: Final = SmallList("vatgroups", "VAT group", _vat_groups, "add it there")
PROFILES: Final = SmallList("shippingprofiles", "shipping profile", _profiles)
TEMPLATES: Final = SmallList("templates", "template", _templates)
TAGS: Final = SmallList("tags", "tag", _tags)


class CachedReferenceData:
    """`domain.order_request.ReferenceData` of one account. `cache` is shared by all processes.

    Every look-up raises AccountSetupError, saying what to add in Picqer, for what is not there.
    """

    def __init__(self, client: PicqerClient, cache: Cache) -> None:
        self._client = client
        self._cache = cache

    def vat_group(self, percentage: Decimal) -> int:
        """The first of several groups of one rate."""
        return self._ids(VAT_GROUPS, percentage, f"of {percentage.normalize():f} %")[0]

    def shipping_profile(self, name: str) -> int:
        return self._named(PROFILES, name)

    def template(self, name: str) -> int:
        return self._named(TEMPLATES, name)

    def tag(self, title: str) -> int:
        """By title only: one of digits is still a title."""
        return self._ids(TAGS, normal_name(title), f'"{title}"')[0]

    def _named(self, small: SmallList, name: str) -> int:
        """By id, which takes no request, or by name, whatever its case."""
        if name.isascii() and name.isdigit():
            return int(name)
        ids = self._ids(small, normal_name(name), f'"{name}"')
        if len(ids) > 1:
            found = ", ".join(map(str, ids))
            raise AccountSetupError(
                f'Picqer has several {small.noun}s "{name}": give the id of one, {found}'
            )
        return ids[0]

    def _ids(self, small: SmallList, wanted: Hashable, described: str) -> list[int]:
        """What is not in the remembered list is looked up again: it may be new."""
        key = f"picqer:{self._client.account.fingerprint}:ids:{small.name}"
        known: Mapping[Hashable, list[int]] = self._cache.get(key) or {}
        if wanted not in known:
            known = self._read(small)
            self._cache.set(key, known, _REMEMBER)
        if wanted not in known:
            raise AccountSetupError(f"Picqer has no {small.noun} {described}: {small.remedy}")
        return known[wanted]

    def _read(self, small: SmallList) -> dict[Hashable, list[int]]:
        ids: dict[Hashable, list[int]] = {}
        for found, number in small.read(self._client):
            ids.setdefault(found, []).append(number)
        return ids
