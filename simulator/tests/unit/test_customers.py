"""Customers and their addresses."""

from __future__ import annotations

from picqer_simulator.rules import customers
from simulator_support.builders import add_product, build_account, create_order, refusal_of

BODY = {"name": "Jansen B.V.", "emailaddress": "p@jansen.example"}
ADDRESS = {"name": "Jansen B.V.", "address": "Kade 1", "country": "NL"}


def test_get_a_number_when_none_is_given() -> None:
    account = build_account()

    numbers = [
        account.run(customers.create, body)["customerid"]
        for body in (BODY, {**BODY, "customerid": 77})
    ]

    assert numbers == ["1001", "77"]


def test_are_found_when_a_field_contains_the_words() -> None:
    account = build_account()
    for address in ("p@jansen.example", "pp@jansen.example"):
        account.run(customers.create, {**BODY, "emailaddress": address})

    assert len(account.run(customers.list_, {"search": "p@jansen"})) == 2


def test_keep_one_default_address_of_each_kind_when_another_is_added() -> None:
    account = build_account()
    addresses = [{**ADDRESS, "defaultdelivery": True}]
    idcustomer = account.run(customers.create, {**BODY, "addresses": addresses})["idcustomer"]

    account.run(customers.add_address, idcustomer, {**ADDRESS, "defaultdelivery": True})

    found = account.run(customers.list_addresses, idcustomer, {})
    assert [address["defaultdelivery"] for address in found] == [False, True]


def test_are_refused_when_name_or_country_is_wrong() -> None:
    account = build_account()
    idcustomer = account.run(customers.create, BODY)["idcustomer"]

    assert refusal_of(account, customers.create, {"name": " "}) == 5
    assert refusal_of(account, customers.add_address, idcustomer, {"country": "NL"}) == 5
    body = {**ADDRESS, "country": "Nederland"}
    assert refusal_of(account, customers.add_address, idcustomer, body) == 9


def test_cannot_be_deleted_when_they_have_orders() -> None:
    account = build_account()
    add_product(account)
    first, second = (account.run(customers.create, BODY)["idcustomer"] for _ in range(2))
    create_order(account, idcustomer=first)

    assert refusal_of(account, customers.delete, first) == 21
    account.run(customers.delete, second)

    assert [entry["idcustomer"] for entry in account.run(customers.list_, {})] == [first]


def test_addresses_change_and_disappear_when_updated_and_removed() -> None:
    account = build_account()
    addresses = [ADDRESS]
    idcustomer = account.run(customers.create, {**BODY, "addresses": addresses})["idcustomer"]

    changed = account.run(customers.update_address, idcustomer, 1, {"city": "Utrecht"})
    account.run(customers.remove_address, idcustomer, 1)

    assert changed["full_address"] == "Jansen B.V.\nKade 1\nUtrecht\nNL"
    assert account.run(customers.list_addresses, idcustomer, {}) == []
    assert refusal_of(account, customers.remove_address, idcustomer, 1) == 20
