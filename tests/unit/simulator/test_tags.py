from __future__ import annotations

from picqer_simulator.rules import orders, tags

from tests.unit.simulator.builders import account, add_product, create_order, refusal_of

TAG = {"title": "Urgent", "color": "#FF0000", "inherit": False}


def test_are_keyed_by_title_on_what_carries_them() -> None:
    simulator = account()
    add_product(simulator)
    idorder = create_order(simulator)
    tag = simulator.run(tags.create, TAG)

    simulator.run(orders.add_tag, idorder, {"idtag": tag["idtag"]})
    simulator.run(orders.add_tag, idorder, {"idtag": tag["idtag"]})

    assert simulator.run(orders.get, idorder)["tags"] == {"Urgent": tag}
    assert [entry["idorder"] for entry in simulator.run(orders.list_, {"tag": "Urgent"})] == [1]


def test_need_all_their_fields() -> None:
    assert refusal_of(account(), tags.create, {"title": "Urgent"}) == 5


def test_disappear_everywhere_when_deleted() -> None:
    simulator = account()
    add_product(simulator)
    idorder = create_order(simulator)
    idtag = simulator.run(tags.create, TAG)["idtag"]
    simulator.run(orders.add_tag, idorder, {"idtag": idtag})

    simulator.run(tags.delete, idtag)

    assert simulator.run(orders.get, idorder)["tags"] == {}
    assert refusal_of(simulator, orders.add_tag, idorder, {"idtag": idtag}) == 20


def test_can_be_taken_off_once() -> None:
    simulator = account()
    add_product(simulator)
    idorder = create_order(simulator)
    idtag = simulator.run(tags.create, TAG)["idtag"]
    simulator.run(orders.add_tag, idorder, {"idtag": idtag})

    simulator.run(orders.remove_tag, idorder, idtag)

    assert refusal_of(simulator, orders.remove_tag, idorder, idtag) == 20
