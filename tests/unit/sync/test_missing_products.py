"""An order with products that Picqer does not have."""

from __future__ import annotations

from saleor_picqer.domain.outbox import Stage
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.accidents import lost_after, meanwhile
from tests.unit.sync.world import World


def shop_with(*skus: str, known: tuple[str, ...] = (), **settings: object) -> World:
    """The shop lists these; Picqer is known to have only some of them, and it is so."""
    world = World(**settings)
    world.shop.list_products(*skus)
    for sku in {*skus} - {*known}:
        world.account.products.pop(sku, None)
    world.links.products.link({sku: world.account.products[sku] for sku in known})
    return world


def test_one_request_for_each_missing_product_and_one_more_try() -> None:
    """Failure mode F35."""
    world = shop_with("MUG", "CUP", "POT", known=("MUG",))
    world.place(order(line("MUG"), line("CUP"), line("POT", 2)))

    world.push()

    assert world.requests == [
        "orders.create",
        *["products.create"] * 2,
        "orders.create",
        "orders.process",
    ]
    assert world.remote().goods == {"MUG": 1, "CUP": 1, "POT": 2}


def test_nothing_is_asked_about_products_the_next_time() -> None:
    world = shop_with("MUG")
    world.sent()
    world.forget()
    world.place(pk="2", number="10043")

    world.push("2")

    assert world.requests == ["orders.create", "orders.process"]


def test_order_arrives_once_when_products_had_to_be_made() -> None:
    world = shop_with("MUG", "CUP")

    world.sent(order(line("MUG"), line("CUP")))

    assert len(world.live()) == 1


def test_product_is_asked_about_when_picqer_has_it_without_our_knowing() -> None:
    world = shop_with("MUG", "CUP")
    world.account.add_product("MUG")
    world.place(order(line("MUG"), line("CUP")))

    world.push()

    assert world.remote().goods == {"MUG": 1, "CUP": 1}
    assert {*world.links.products.known} == {"MUG", "CUP"}


def test_product_is_made_again_when_it_was_deleted_in_picqer() -> None:
    """What we knew of it is out of date."""
    world = shop_with("MUG", "CUP", known=("MUG", "CUP"))
    del world.account.products["MUG"]
    world.place(order(line("MUG"), line("CUP")))

    world.push()

    assert world.row().stage is Stage.PROCESSED
    assert world.links.products.known["MUG"] == world.account.products["MUG"]


def test_order_fails_with_the_sku_when_products_are_not_to_be_made() -> None:
    """Failure mode F35."""
    world = shop_with("MUG", "CUP", known=("MUG",), create_missing_products=False)
    world.place(order(line("MUG"), line("CUP")))

    world.push()

    assert world.row().stage is Stage.FAILED
    assert 'SKU "CUP" is not in Picqer' in world.row().attention
    assert "CUP" not in world.account.products


def test_order_fails_with_the_sku_when_the_channel_does_not_list_the_product() -> None:
    """Failure mode F34: the variant is deleted, the order line has only its SKU."""
    world = shop_with()
    world.place(order(line("GONE")))

    world.push()

    assert 'SKU "GONE" is neither in Picqer nor in this channel' in world.row().attention


def test_deleted_variant_is_no_trouble_when_picqer_has_the_product() -> None:
    """Failure mode F34."""
    world = World()
    world.account.add_product("GONE")

    remote = world.sent(order(line("GONE", 2)))

    assert remote.goods == {"GONE": 2}


def test_order_fails_with_the_sku_when_the_product_is_inactive() -> None:
    """Failure mode F35: this account does not let inactive products be ordered."""
    world = shop_with(create_missing_products=False)
    code = world.account.products.pop("MUG")
    put_back = meanwhile(lambda: world.account.products.update(MUG=code))
    world.account.inactive.add("MUG")
    world.accidents.at("picqer.products.find", put_back)
    world.place()

    world.push()

    assert 'SKU "MUG" is inactive in Picqer' in world.row().attention


def test_order_goes_on_when_somebody_else_made_the_product_meanwhile() -> None:
    world = shop_with("MUG")
    quick = meanwhile(lambda: world.account.add_product("MUG"))
    world.accidents.at("picqer.products.create", quick)
    world.place()

    world.push()

    assert world.row().stage is Stage.PROCESSED


def test_product_is_there_once_when_the_answer_is_lost() -> None:
    world = shop_with("MUG")
    world.accidents.at("picqer.products.create", lost_after)
    world.place()
    world.push()

    world.later()

    assert world.row().stage is Stage.PROCESSED
    assert len(world.live()) == 1
