"""Changed fields of an order, and the names for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class HeaderChanges:
    """Fields of an order with another value than the last value sent to Picqer.

    `body` has the new values by Picqer's names, `digests` a digest of each for the outbox.
    """

    body: Mapping[str, Any] = field(repr=False)
    digests: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.body)

    @property
    def of_people(self) -> HeaderChanges:
        """The changed addresses, contacts and notes."""
        found = {name: value for name, value in self.body.items() if name.startswith(_OF_PEOPLE)}
        return HeaderChanges(found, {name: self.digests[name] for name in found})

    @property
    def labels(self) -> str:
        """The changed fields in words, each once."""
        return ", ".join(dict.fromkeys(map(_label, self.body)))


# Beginnings of the fields that mean the same in each account.
_OF_PEOPLE: Final = ("delivery", "invoice", "emailaddress", "telephone", "customer_remarks")
# Beginnings of Picqer's field names, and what people call the fields. The first match counts.
_LABELS: Final[Mapping[str, str]] = {
    "invoiced": "whether it is invoiced",
    "delivery": "delivery address",
    "invoice": "invoice address",
    "emailaddress": "e-mail address",
    "telephone": "telephone number",
    "customer_remarks": "customer's note",
    "preferred_delivery_date": "preferred delivery date",
    "pickup_point_data": "pick-up point",
    "idshippingprovider_profile": "shipping profile",
    "idtemplate": "template",
}


def _label(field: str) -> str:
    return next((label for start, label in _LABELS.items() if field.startswith(start)), field)
