"""What an order looks like in Picqer, made from the tables of its fields (Picqer API: orders)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, Protocol

from saleor_picqer.domain.digests import canonical, digest
from saleor_picqer.domain.mapping.facts import OrderInput
from saleor_picqer.domain.mapping.fields import CALLABLES, check_callable
from saleor_picqer.domain.mapping.header import HEADER
from saleor_picqer.domain.mapping.lines import line_requests
from saleor_picqer.domain.mapping.metadata import TITLES, private_value
from saleor_picqer.domain.orders import Order
from saleor_picqer.errors import SettingsError


class ReferenceData(Protocol):
    """Picqer's small lists, by what people call their entries.

    Each method raises AccountSetupError, saying what to add in Picqer, for what it does not have.
    """

    def vat_group(self, percentage: Decimal) -> int: ...

    def shipping_profile(self, name: str) -> int:
        """By id or by name."""

    def template(self, name: str) -> int:
        """By id or by name."""


@dataclass(frozen=True, slots=True)
class OrderMapping:
    """A channel's own part of the mapping; methods by their normal name, `*` for all others."""

    reference_prefix: str = ""
    shipping_profiles: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


_BLANK: Final = digest(None)


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order in Picqer's words: header fields, lines and titles of tags.

    Only header and lines are part of the body of `POST /orders`. `header` has every field that we
    ever send, None for a blank one. Without `idcustomer` it is a guest order.
    """

    header: Mapping[str, Any]
    products: tuple[Mapping[str, Any], ...]
    tags: tuple[str, ...] = ()
    idcustomer: int | None = None

    @property
    def reference(self) -> str:
        return str(self.header["reference"])

    @property
    def body(self) -> dict[str, Any]:
        """Blank fields are left out, for Picqer to use its defaults.

        But with a customer Picqer would fill blank parts of the addresses from the customer's
        record, and a parcel for somebody else could get the customer's own second line: those are
        there as empty texts. Whether Picqer fills these too is not documented: see `digests`.
        """
        body = {name: value for name, value in self.header.items() if value is not None}
        if self.idcustomer is not None:
            body = dict.fromkeys(self._blank_parts(), "") | body | {"idcustomer": self.idcustomer}
        return body | {"products": [dict(product) for product in self.products]}

    def for_customer(self, idcustomer: int | None) -> OrderRequest:
        """The same order for a customer's record in Picqer; a guest order for None."""
        return replace(self, idcustomer=idcustomer)

    def digests(self, stored: Mapping[str, Any] | None = None) -> dict[str, str]:
        """A short digest of each header field's value, and of the lines under "products".

        They are the same whether it is a guest order or not, and in whatever sequence the lines
        come. What is kept to notice changes later is not the customer's data itself.

        `stored` is the order as Picqer has it: a blank part of an address that Picqer has filled
        counts with what is there, so that `changes` clears it.
        """
        filled = {name: stored.get(name) or None for name in self._blank_parts()} if stored else {}
        header = {name: digest(value) for name, value in {**self.header, **filled}.items()}
        return header | {"products": digest(sorted(map(canonical, self.products)))}

    def _blank_parts(self) -> list[str]:
        """Of the addresses."""
        return [row.name for row in HEADER if row.of_address and self.header[row.name] is None]

    def changes(self, sent: Mapping[str, str]) -> dict[str, Any]:
        """The header fields whose value is not the one that was sent, as `PUT /orders` takes them.

        One that has become blank is there with what clears it, if that is known.
        """
        return dict(self._changes(sent))

    def _changes(self, sent: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        for row in HEADER:
            value = self.header[row.name]
            known = sent.get(row.name, _BLANK)
            if row.name == "reference" or digest(value) == known:
                continue
            if value is not None:
                yield row.name, value
            elif not row.lasting:
                yield row.name, row.kind.blank


def order_request(order: Order, mapping: OrderMapping, directory: ReferenceData) -> OrderRequest:
    """The order in Picqer's words: what of it is still to be shipped.

    Raises DataError, in words for the shop's staff, for an order that cannot be sent as it is;
    SettingsError for a field that the shop's callable may not give; and what `directory` raises.
    """
    facts = OrderInput(order, mapping, directory)
    check_callable(order.extra, HEADER, facts.called, _TAGS)
    return OrderRequest(
        header={row.name: row.fill(facts) for row in HEADER},
        products=line_requests(order.shippable_lines, directory.vat_group),
        tags=_tags(facts),
    )


_TAGS: Final = "tags"


def _tags(facts: OrderInput) -> tuple[str, ...]:
    """Those of the channel, of private metadata and of the callable, each once."""
    order = facts.order
    written = private_value(TITLES, _TAGS, order.private_metadata, facts.called)
    titles = (*facts.mapping.tags, *(written or ()), *_called_tags(order.extra.get(_TAGS)))
    unique: dict[str, str] = {}
    for title in titles:
        unique.setdefault(title.casefold(), title)
    return tuple(unique.values())


def _called_tags(titles: object) -> Iterable[str]:
    if titles is None:
        return ()
    if not (isinstance(titles, list | tuple) and all(isinstance(t, str) for t in titles)):
        raise SettingsError(CALLABLES, '"tags" of the order has to be a list of titles')
    return filter(None, map(str.strip, titles))
