"""Tags and the records that carry tags."""

from __future__ import annotations

from picqer_simulator.rules import orders, tags
from simulator_support.builders import add_product, build_account, create_order, refusal_of

TAG = {"title": "Urgent", "color": "#FF0000", "inherit": False}


def test_are_keyed_by_title_when_a_record_carries_them() -> None:
    account = build_account()
    add_product(account)
    idorder = create_order(account)
    tag = account.run(tags.create, TAG)

    account.run(orders.add_tag, idorder, {"idtag": tag["idtag"]})
    account.run(orders.add_tag, idorder, {"idtag": tag["idtag"]})

    assert account.run(orders.get, idorder)["tags"] == {"Urgent": tag}
    assert [entry["idorder"] for entry in account.run(orders.list_, {"tag": "Urgent"})] == [1]


def test_are_refused_when_a_field_is_missing() -> None:
    assert refusal_of(build_account(), tags.create, {"title": "Urgent"}) == 5


def test_disappear_from_all_records_when_deleted() -> None:
    account = build_account()
    add_product(account)
    idorder = create_order(account)
    idtag = account.run(tags.create, TAG)["idtag"]
    account.run(orders.add_tag, idorder, {"idtag": idtag})

    account.run(tags.delete, idtag)

    assert account.run(orders.get, idorder)["tags"] == {}
    assert refusal_of(account, orders.add_tag, idorder, {"idtag": idtag}) == 20


def test_are_not_found_when_removed_a_second_time() -> None:
    account = build_account()
    add_product(account)
    idorder = create_order(account)
    idtag = account.run(tags.create, TAG)["idtag"]
    account.run(orders.add_tag, idorder, {"idtag": idtag})

    account.run(orders.remove_tag, idorder, idtag)

    assert refusal_of(account, orders.remove_tag, idorder, idtag) == 20
