"""The entries that settings can name: lists of Picqer's, read when asked for, and of Saleor's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Final

from saleor_picqer import connection, extensions
from saleor_picqer.config import check_settings
from saleor_picqer.config.form import Source
from saleor_picqer.errors import IntegrationError, Remedy, SettingsError, TryLaterError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.client import PicqerClient

# Seconds that one request takes at most, and all of them together: staff wait for the answer.
_TIMEOUT: Final = (3, 10)
_MAX_WAIT: Final = 3
_TIME: Final = 12.0
# Entries of a list that a form can show.
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """An entry: what a setting stores, and what staff read.

    `name` is what a setting may store instead: the entry's name.
    """

    value: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """The entries of a list, or the reason why they are not known."""

    entries: tuple[SettingChoice, ...] = ()
    problem: str = ""


def _by_id(number: int, name: str, place: str = "") -> SettingChoice:
    # A setting that stores the id survives a new name in Picqer.
    label = f"{place}: {name}" if place else name
    return SettingChoice(str(number), label or str(number), name)


def _by_name(name: str) -> SettingChoice:
    return SettingChoice(name, name, name)


def _profiles(client: PicqerClient) -> Iterator[SettingChoice]:
    for provider in client.shippingproviders.list():
        for profile in provider.profiles:
            yield _by_id(profile.idshippingprovider_profile, profile.name, provider.name)


def _vat_rates(client: PicqerClient) -> Iterator[SettingChoice]:
    for group in client.vatgroups.list():
        rate = f"{group.percentage.normalize():f}"
        yield SettingChoice(rate, f"{group.name} ({rate} %)", rate)


_IN_PICQER: Final[Mapping[Source, Callable[[PicqerClient], Iterator[SettingChoice]]]] = {
    Source.PICQER_PROFILES: _profiles,
    Source.PICQER_TEMPLATES: lambda client: (
        _by_id(one.idtemplate, one.name) for one in client.templates.list()
    ),
    Source.PICQER_TAGS: lambda client: (_by_name(one.title) for one in client.tags.list()),
    Source.PICQER_VAT_RATES: _vat_rates,
    Source.PICQER_WAREHOUSES: lambda client: (
        _by_id(one.idwarehouse, one.name) for one in client.warehouses.list()
    ),
}


class Choices:
    """The lists of a channel, each read once. Raises no error: a list has its problem."""

    def __init__(self, stored: connection.StoredSettings) -> None:
        self._stored = stored
        self._known: dict[Source, ChoiceList] = {}
        self._deadline = monotonic() + _TIME
        # Why Picqer cannot be asked, until this object is forgotten.
        self._problem = ""

    def of(self, source: Source) -> ChoiceList:
        """Return the entries, with one request for each list of Picqer's."""
        if source not in self._known:
            self._known[source] = self._read(source)
        return self._known[source]

    def _read(self, source: Source) -> ChoiceList:
        if source is Source.SHIPPING_METHODS:
            found = host().shipping.deliveries(self._stored.channel)
            names = dict.fromkeys(one.method_name for one in found)
            return ChoiceList(tuple(map(_by_name, names)))
        if source is Source.SHOP_WAREHOUSES:
            return ChoiceList(
                tuple(
                    SettingChoice(one.pk, one.name, one.name)
                    for one in host().warehouses.all(self._stored.channel)
                )
            )
        return ChoiceList(problem=self._problem) if self._problem else self._ask(source)

    def _ask(self, source: Source) -> ChoiceList:
        """Read a list of Picqer's; after a fault that will last, Picqer is not asked again."""
        try:
            with PicqerClient(self._account(), timeout=_TIMEOUT, max_wait=_MAX_WAIT) as client:
                entries = tuple(islice(self._in_time(_IN_PICQER[source](client)), _LONGEST))
        except SettingsError as error:
            self._problem = error.message
        except IntegrationError as error:
            problem = error.explain()
            # A list that the key may not read says nothing about the others.
            if error.remedy is Remedy.RETRY:
                self._problem = problem
            return ChoiceList(problem=problem)
        else:
            return ChoiceList(entries)
        return ChoiceList(problem=self._problem)

    def _account(self) -> PicqerAccount:
        if problem := connection.copy_problem(self._stored):
            raise SettingsError(problem.setting, problem.message)
        # Other settings may be half filled in.
        valid, _ = check_settings(self._stored.values)
        if not ("endpoint" in valid and "api_key" in valid):
            message = "The choices come from Picqer. Save Picqer address and Picqer API key first."
            raise SettingsError("endpoint", message)
        return PicqerAccount(
            endpoint=valid["endpoint"],
            api_key=valid["api_key"],
            storefront=valid.get("storefront", ""),
            contact_email=valid.get("contact_email", ""),
            plain_http_hosts=extensions.plain_http_hosts(),
        )

    def _in_time(self, entries: Iterator[SettingChoice]) -> Iterator[SettingChoice]:
        for entry in entries:
            if monotonic() > self._deadline:
                raise TryLaterError("Picqer takes too long to send its lists")
            yield entry
