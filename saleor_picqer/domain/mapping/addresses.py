"""The mapping of an order's two addresses, declared once for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from saleor_picqer.domain.mapping.fields import Field
from saleor_picqer.domain.mapping.inputs import OrderInput
from saleor_picqer.domain.mapping.metadata import COUNTRY
from saleor_picqer.domain.mapping.pickup_points import country_code
from saleor_picqer.domain.orders import Address
from saleor_picqer.errors import DataError


@dataclass(frozen=True, slots=True)
class AddressMapping:
    """The mapping of an address; Picqer's field names begin with `prefix`.

    With `borrows_country`, an address without a country takes the other address's country.
    """

    prefix: str
    label: str
    own: Callable[[OrderInput], Address]
    other: Callable[[OrderInput], Address]
    borrows_country: bool = False

    def name(self, source: OrderInput) -> str:
        """Return the company, else the person; never blank, which Picqer refuses (F39)."""
        party = self._party(source)
        named = party.company.strip() or party.person or source.order.email.strip()
        return named or f"Order {source.order.number}"

    def contact(self, source: OrderInput) -> str:
        """Return the person, where the name is a company's."""
        party = self._party(source)
        return party.person if party.company.strip() else ""

    def _party(self, source: OrderInput) -> Address:
        """Return the own address where a company or a person is named, else the other address."""
        own = self.own(source)
        return own if own.company.strip() or own.person else self.other(source)

    def part(self, attribute: str) -> Callable[[OrderInput], str]:
        """Return a function for reading an attribute of the address."""
        read: Callable[[Address], str] = attrgetter(attribute)
        return lambda source: read(self.own(source))

    def country(self, source: OrderInput) -> str:
        """Return the country code. Raises DataError for a missing country or another text."""
        code = self.own(source).country.strip()
        if self.borrows_country:
            code = code or self.other(source).country.strip()
        try:
            return country_code(code)
        except ValueError:
            problem = f'but "{code}" is not a code of two letters' if code else "but has none"
        raise DataError(f"The {self.label} needs a country, {problem}. Correct it in Saleor.")

    def fields(self) -> tuple[Field[OrderInput], ...]:
        """Return the address's rows of the mapping table."""
        return (
            self._row("name", "company, else person; see below", self.name, required=True),
            self._row("contactname", "person, where there is a company", self.contact),
            self._row("address", "street and number", self.part("street1")),
            self._row("address2", "second line", self.part("street2")),
            self._row("zipcode", "postal code", self.part("postal_code")),
            self._row("city", "city", self.part("city")),
            self._row("region", "region", self.part("region")),
            self._row(
                "country", "country, in two letters", self.country, kind=COUNTRY, required=True
            ),
        )

    def _row(
        self, name: str, source: str, value: Callable[[OrderInput], str], **options: Any
    ) -> Field[OrderInput]:
        described = f"{self.label}: {source}"
        return Field(self.prefix + name, described, value, in_address=True, **options)


_shipping: Final[Callable[[OrderInput], Address]] = attrgetter("shipping")
_billing: Final[Callable[[OrderInput], Address]] = attrgetter("billing")

DELIVERY: Final = AddressMapping("delivery", "shipping address", _shipping, _billing)
INVOICE: Final = AddressMapping(
    "invoice", "billing address", _billing, _shipping, borrows_country=True
)
