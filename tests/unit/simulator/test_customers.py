from __future__ import annotations

from picqer_simulator.rules import customers

from tests.unit.simulator.builders import account, add_product, create_order, refusal_of

BODY = {"name": "Jansen B.V.", "emailaddress": "p@jansen.example"}
ADDRESS = {"name": "Jansen B.V.", "address": "Kade 1", "country": "NL"}


def test_get_a_number_of_their_own_unless_one_is_given() -> None:
    simulator = account()

    numbers = [
        simulator.run(customers.create, body)["customerid"]
        for body in (BODY, {**BODY, "customerid": 77})
    ]

    assert numbers == ["1001", "77"]


def test_search_is_fuzzy() -> None:
    simulator = account()
    for address in ("p@jansen.example", "pp@jansen.example"):
        simulator.run(customers.create, {**BODY, "emailaddress": address})

    assert len(simulator.run(customers.list_, {"search": "p@jansen"})) == 2


def test_keep_one_default_address_of_each_kind() -> None:
    simulator = account()
    addresses = [{**ADDRESS, "defaultdelivery": True}]
    idcustomer = simulator.run(customers.create, {**BODY, "addresses": addresses})["idcustomer"]

    simulator.run(customers.add_address, idcustomer, {**ADDRESS, "defaultdelivery": True})

    found = simulator.run(customers.list_addresses, idcustomer, {})
    assert [address["defaultdelivery"] for address in found] == [False, True]


def test_are_refused_when_name_or_country_is_wrong() -> None:
    simulator = account()
    idcustomer = simulator.run(customers.create, BODY)["idcustomer"]

    assert refusal_of(simulator, customers.create, {"name": " "}) == 5
    assert refusal_of(simulator, customers.add_address, idcustomer, {"country": "NL"}) == 5
    body = {**ADDRESS, "country": "Nederland"}
    assert refusal_of(simulator, customers.add_address, idcustomer, body) == 9


def test_cannot_be_deleted_when_they_have_orders() -> None:
    simulator = account()
    add_product(simulator)
    first, second = (simulator.run(customers.create, BODY)["idcustomer"] for _ in range(2))
    create_order(simulator, idcustomer=first)

    assert refusal_of(simulator, customers.delete, first) == 21
    simulator.run(customers.delete, second)

    assert [entry["idcustomer"] for entry in simulator.run(customers.list_, {})] == [first]


def test_addresses_can_be_changed_and_removed() -> None:
    simulator = account()
    addresses = [ADDRESS]
    idcustomer = simulator.run(customers.create, {**BODY, "addresses": addresses})["idcustomer"]

    changed = simulator.run(customers.update_address, idcustomer, 1, {"city": "Utrecht"})
    simulator.run(customers.remove_address, idcustomer, 1)

    assert changed["full_address"] == "Jansen B.V.\nKade 1\nUtrecht\nNL"
    assert simulator.run(customers.list_addresses, idcustomer, {}) == []
    assert refusal_of(simulator, customers.remove_address, idcustomer, 1) == 20
