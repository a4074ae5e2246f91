"""Staff and customers of the example shop. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """`address` has the keys of Saleor's `Address` model, without the name."""

    first_name: str
    last_name: str
    email: str
    password: str
    address: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def _address(
    street: str, postal_code: str, city: str, phone: str = "", company: str = ""
) -> dict[str, str]:
    return {
        "company_name": company,
        "street_address_1": street,
        "postal_code": postal_code,
        "city": city,
        "country": "NL",
        "phone": phone,
    }


SHOP_ADDRESS = _address(
    "Voorstraat 212", "3512 AT", "Utrecht", "+31302000100", "Koffie & Blad B.V."
)

OWNER = Person("Sanne", "de Wit", "admin@koffieblad.example", "admin")
WAREHOUSE_HAND = Person("Bram", "Kuiper", "magazijn@koffieblad.example", "magazijn")

ANNA = Person(
    "Anna",
    "Visser",
    "anna.visser@example.org",
    "anna-visser",
    _address("Oudegracht 480", "3511 PG", "Utrecht", "+31302000101"),
)
JOOST = Person(
    "Joost",
    "Hendriks",
    "joost@hendriks.example",
    "joost-hendriks",
    _address("Prinsengracht 1400", "1017 KZ", "Amsterdam", "+31202000102", "Hendriks Ontwerp"),
)
FLEUR = Person(
    "Fleur",
    "van den Berg",
    "fleur.vandenberg@example.org",
    "fleur-vandenberg",
    _address("Nieuwe Binnenweg 612", "3023 ES", "Rotterdam", "+31102000103"),
)
CUSTOMERS = (ANNA, JOOST, FLEUR)
