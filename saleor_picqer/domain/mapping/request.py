"""The request for an order in Picqer, made from the mapping tables (Picqer API: orders)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from saleor_picqer.domain.digests import canonical, digest
from saleor_picqer.domain.mapping.fields import CALLABLES, check_callable
from saleor_picqer.domain.mapping.header import HEADER
from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.inputs import OrderInput, OrderMapping, ReferenceData
from saleor_picqer.domain.mapping.lines import LineRequest, line_requests
from saleor_picqer.domain.mapping.metadata import TITLES, private_value
from saleor_picqer.domain.orders import Order
from saleor_picqer.errors import SettingsError

# The key of the lines among the digests of header fields.
LINES_DIGEST: Final = "lines"

_TAGS: Final = "tags"


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A request for an order in Picqer: header fields, lines, and titles of tags to add afterwards.

    `header` has all mapped fields by Picqer's names, None for a blank field. Without a
    `customer_id` the order is a guest order. `digest_key` is the shop's secret for digests.
    """

    header: Mapping[str, Any] = field(repr=False)
    lines: tuple[LineRequest, ...]
    tags: tuple[str, ...] = ()
    customer_id: int | None = None
    digest_key: str = field(default="", repr=False)

    @property
    def reference(self) -> str:
        return str(self.header["reference"])

    @property
    def body(self) -> dict[str, Any]:
        """Header and lines by Picqer's names, without tags.

        Blank fields are left out: Picqer's defaults count.
        """
        body = {name: value for name, value in self.header.items() if value is not None}
        if self.customer_id is not None:
            # Picqer would fill blank parts of the addresses from the customer's record: a parcel
            # for a friend would get the customer's own second line. Whether Picqer fills
            # empty texts too is not documented: see `digests`.
            blank = dict.fromkeys(self._blank_address_fields(), "")
            body = blank | body | {"idcustomer": self.customer_id}
        return body | {"products": [line.body for line in self.lines]}

    def for_customer(self, customer_id: int | None) -> OrderRequest:
        """Return the same order for a customer's record in Picqer; a guest order for None."""
        return replace(self, customer_id=customer_id)

    def digests(self, stored: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Return short digests: of each header field's value, and of all lines together.

        The digests are the same for a customer's order and for a guest order, and for any
        sequence of the lines. `stored` has the addresses from Picqer: a blank field filled
        by Picqer counts with Picqer's value, and `changes` clears the field.
        """
        # Digests, because the outbox must not keep the customer's data itself.
        filled = (
            {name: stored.get(name) or None for name in self._blank_address_fields()}
            if stored
            else {}
        )
        header = {name: self._digest(value) for name, value in {**self.header, **filled}.items()}
        contents = (canonical(line.content) for line in self.lines)
        return header | {LINES_DIGEST: self._digest(sorted(contents))}

    def changes(self, sent: Mapping[str, str]) -> HeaderChanges:
        """Return the header fields with another digest than in `sent`.

        A newly blank field has the clearing value, if Picqer documents any.
        """
        body = dict(self._changes(sent))
        return HeaderChanges(body, {name: self._digest(self.header[name]) for name in body})

    def was_sent(self, name: str, value: object, sent: Mapping[str, str]) -> bool:
        """Tell whether a field was sent with this value, by the digests of what was sent."""
        return sent.get(name) == self._digest(value)

    def _digest(self, value: object) -> str:
        return digest(value, self.digest_key)

    def _changes(self, sent: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        for row in HEADER:
            value = self.header[row.name]
            known = sent.get(row.name, self._digest(None))
            if row.name == "reference" or self._digest(value) == known:
                continue
            if value is not None:
                yield row.name, value
            elif not row.sticky:
                yield row.name, row.kind.blank

    def _blank_address_fields(self) -> list[str]:
        return [row.name for row in HEADER if row.in_address and self.header[row.name] is None]


def order_request(
    order: Order, mapping: OrderMapping, reference_data: ReferenceData
) -> OrderRequest:
    """Map the unshipped part of an order.

    Raises DataError, in words for staff, for an order with invalid data; SettingsError for a
    field that the callable may not set; and the errors of `reference_data`.
    """
    source = OrderInput(order, mapping, reference_data)
    check_callable(order.extra, HEADER, source.label, _TAGS)
    return OrderRequest(
        header={row.name: row.fill(source) for row in HEADER},
        lines=line_requests(order.shippable_lines, reference_data.vat_group),
        tags=_tags(source),
    )


def _tags(source: OrderInput) -> tuple[str, ...]:
    """Return the tags of the channel, of private metadata and of the callable, each once."""
    order = source.order
    written = private_value(TITLES, _TAGS, order.private_metadata, source.label)
    titles = (*source.mapping.tags, *(written or ()), *_tags_of_callable(order.extra.get(_TAGS)))
    unique: dict[str, str] = {}
    for title in titles:
        unique.setdefault(title.casefold(), title)
    return tuple(unique.values())


def _tags_of_callable(titles: object) -> Iterable[str]:
    if titles is None:
        return ()
    if not (isinstance(titles, list | tuple) and all(isinstance(t, str) for t in titles)):
        raise SettingsError(CALLABLES, 'The field "tags" of the order has to be a list of titles.')
    return filter(None, map(str.strip, titles))
