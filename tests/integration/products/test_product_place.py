"""Stock and state of a product in Picqer for staff of products; push and stock on request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError

from saleor_picqer import product_state
from saleor_picqer.hosts import host
from saleor_picqer.models import CatalogueProduct, CatalogueState, StockReading, StockRequest
from tests.integration.products.conftest import ProductShop, counted_statements
from tests.integration.support.api import Api, Json, to_global_id
from tests.integration.support.commands import manage_picqer

STATE = """
query ($product: ID!, $first: Int, $after: String) {
  picqerProduct(product: $product) {
    productId
    variants(first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node {
        variantId sku name
        accounts {
          account channels code title advice picqerId sentAt lastError nextAttempt
          stock { picqerWarehouseId name free readAt offered }
        }
      } }
    }
  }
}
"""
PUSH = """
mutation ($product: ID!) {
  picqerPushProduct(product: $product) { count errors { field code message } }
}
"""
READ = """
mutation ($products: [ID!]!) {
  picqerReadStock(products: $products) { count errors { field code message } }
}
"""
UNKNOWN = to_global_id("Product", 999_999)


@pytest.fixture
def clerk(products: ProductShop) -> Api:
    """Return the API of a member of staff with the permission *Manage products* only."""
    return products.connected.shop.staff_api("manage_products", email="clerk@example.com")


def product_id(products: ProductShop, sku: str = "TEA") -> str:
    return to_global_id("Product", products.variant(sku).product_id)


def ask(api: Api, document: str, **variables: Any) -> Json:
    """Return the only field of the answer, with the errors of a mutation."""
    answer = api.raw(document, **variables)
    assert "errors" not in answer, answer
    (field,) = answer["data"].values()
    return field


def nodes(api: Api, product: str, **page: Any) -> list[Json]:
    answer = ask(api, STATE, product=product, **page)
    return [edge["node"] for edge in answer["variants"]["edges"]]


def only_account(api: Api, product: str) -> Json:
    (node,) = nodes(api, product)
    (account,) = node["accounts"]
    return account


# --- what it shows


def test_shows_state_and_stock_without_a_request(products: ProductShop, clerk: Api) -> None:
    products.connected.stock("TEA", 7)
    products.connected.run_until_idle()
    products.connected.reset_requests()

    (node,) = nodes(clerk, product_id(products))

    assert (node["sku"], node["variantId"]) == (
        "TEA",
        to_global_id("ProductVariant", products.variant("TEA").pk),
    )
    (account,) = node["accounts"]
    assert account["code"] == "SENT"
    assert account["title"] == "Picqer has the variant."
    assert account["picqerId"] == str(products.product("TEA")["idproduct"])
    assert account["sentAt"]
    assert account["channels"] == [products.connected.shop.channel_slug]
    (stock,) = account["stock"]
    assert (stock["name"], stock["free"], stock["offered"]) == ("Main", 7, 7)
    assert stock["readAt"]
    products.connected.reset_requests()
    nodes(clerk, product_id(products))
    assert products.connected.requests() == {}


def test_offer_is_less_than_picqers_stock_when_an_order_waits(
    products: ProductShop, clerk: Api
) -> None:
    products.connected.stock("TEA", 7)
    products.connected.run_until_idle()
    products.connected.place(TEA=2)

    (stock,) = only_account(clerk, product_id(products))["stock"]

    assert (stock["free"], stock["offered"]) == (7, 5)


def test_shows_why_a_variant_could_not_be_sent(products: ProductShop, clerk: Api) -> None:
    products.edit.set_metadata(products.variant("TEA"), "picqer.weight", "heavy")
    products.run()

    account = only_account(clerk, product_id(products))

    assert account["code"] == "FAILED"
    assert 'Metadata "weight"' in account["lastError"]
    assert account["nextAttempt"]
    assert "push the product" in account["advice"]


def digital(products: ProductShop) -> str:
    return products.connected.shop.product("BOOK", ships=False).sku


def without_first_sync(products: ProductShop) -> str:
    CatalogueState.objects.update(begun_at=None)
    return "TEA"


def sends_nothing(products: ProductShop) -> str:
    products.connected.connect(send_products="never")
    return "TEA"


def waiting(products: ProductShop) -> str:
    CatalogueProduct.objects.update(dirty=True)
    return "TEA"


def unsent(products: ProductShop) -> str:
    CatalogueProduct.objects.all().delete()
    return "TEA"


def unlisted(products: ProductShop) -> str:
    products.edit.unlist(products.variant("TEA"))
    products.run()
    return "TEA"


REASONS = {
    "DIGITAL": digital,
    "NOT_BEGUN": without_first_sync,
    "NOT_SENT_BY_SETTING": sends_nothing,
    "WAITING": waiting,
    "NOT_SENT": unsent,
    "NOT_LISTED": unlisted,
}


@pytest.mark.parametrize("code", REASONS)
def test_says_why_a_variant_is_not_sent(products: ProductShop, clerk: Api, code: str) -> None:
    if code == "NOT_LISTED" and not host().has_shipping_metadata:
        pytest.skip("Saleor 2.10 lists every variant")
    sku = REASONS[code](products)

    account = only_account(clerk, product_id(products, sku))

    assert account["code"] == code
    assert account["title"]


def test_shows_no_account_when_the_plugin_is_switched_off(
    products: ProductShop, clerk: Api
) -> None:
    products.connected.shop.configure_plugin(active=False)

    assert nodes(clerk, product_id(products))[0]["accounts"] == []


def test_variants_are_shown_in_pages(products: ProductShop, clerk: Api) -> None:
    products.connected.shop.add_variants(products.variant("TEA").product, 130)
    product, seen, after = product_id(products), [], None

    while True:
        found = ask(clerk, STATE, product=product, first=100, after=after)["variants"]
        seen += [edge["node"]["sku"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break

    assert found["totalCount"] == 131
    assert len(seen) == len(set(seen)) == 131
    for wrong in ({"first": 101}, {"first": 0}, {"after": "bm9uc2Vuc2U="}):
        assert "must be" in clerk.raw(STATE, product=product, **wrong)["errors"][0]["message"]


def test_statements_do_not_depend_on_variants_and_warehouses(products: ProductShop) -> None:
    product = product_state.read_product(str(products.variant("TEA").product_id))
    assert product is not None
    with counted_statements() as few:
        product_state.read_variants(product, "", 100)
    products.connected.shop.add_variants(products.variant("TEA").product, 120)
    names = [{"name": f"Warehouse {number}"} for number in range(3)]
    products.connected.control("POST", "/seed", warehouses=names)
    products.connected.full_sync()

    with counted_statements() as many:
        found = product_state.read_variants(product, "", 100)

    assert len(found) == 100
    assert len(found[1].accounts[0].stock) == 4
    assert len(few) == len(many) <= 9


def test_unknown_product_is_null_and_a_wrong_id_is_an_error(
    products: ProductShop, clerk: Api
) -> None:
    assert ask(clerk, STATE, product=UNKNOWN) is None

    for wrong in (to_global_id("Order", 1), "x", to_global_id("Product", 2**40)):
        answer = clerk.raw(STATE, product=wrong)
        assert answer["errors"][0]["message"] == f'"{wrong}" is not the ID of a product.'


# --- push


def test_pushed_product_is_sent_whole_when_nothing_has_changed(
    products: ProductShop, clerk: Api
) -> None:
    tea = products.product("TEA")
    products.connected.picqer_api("PUT", f"/products/{tea['idproduct']}", name="Typed in Picqer")

    answer = ask(clerk, PUSH, product=product_id(products))

    assert answer == {"count": 1, "errors": []}
    assert only_account(clerk, product_id(products))["code"] == "WAITING"
    assert products.run() == {"PUT /products/{idproduct}": 1}
    assert products.product("TEA")["name"] == tea["name"]
    assert only_account(clerk, product_id(products))["code"] == "SENT"
    # Nothing is left to send.
    assert products.sweep() == {}


def test_pushed_product_clears_what_has_become_blank(products: ProductShop, clerk: Api) -> None:
    variant = products.variant("TEA")
    products.edit.set_metadata(variant, "picqer.barcode", "87123")
    products.run()
    type(variant).objects.filter(pk=variant.pk).update(metadata={})

    ask(clerk, PUSH, product=product_id(products))
    products.run()

    assert not products.product("TEA")["barcode"]


def test_push_takes_a_fixed_number_of_statements(products: ProductShop, clerk: Api) -> None:
    from saleor_picqer import product_actions

    pk = str(products.variant("TEA").product_id)
    with counted_statements() as few:
        product_actions.push(pk)
    products.connected.shop.add_variants(products.variant("TEA").product, 150)

    with counted_statements() as many:
        assert product_actions.push(pk).count == 151

    assert len(few) == len(many) <= 8


PUSH_REFUSALS = {
    "DIGITAL": (digital, "never goes to Picqer"),
    "NOT_BEGUN": (without_first_sync, "first full sync"),
    "NO_SENDER": (sends_nothing, "No channel sends products"),
}


@pytest.mark.parametrize("code", PUSH_REFUSALS)
def test_push_is_refused_with_the_reason(products: ProductShop, clerk: Api, code: str) -> None:
    prepare, words = PUSH_REFUSALS[code]
    sku = prepare(products)

    answer = ask(clerk, PUSH, product=product_id(products, sku))

    (error,) = answer["errors"]
    assert (answer["count"], error["field"], error["code"]) == (0, "product", code)
    assert words in error["message"]


def test_push_of_an_unknown_product_is_refused(products: ProductShop, clerk: Api) -> None:
    for unknown in (UNKNOWN, "x"):
        (error,) = ask(clerk, PUSH, product=unknown)["errors"]
        assert error["code"] == "NOT_FOUND"


# --- reading stock


def test_stock_is_read_on_request(products: ProductShop, clerk: Api) -> None:
    products.connected.stock("TEA", 9)
    products.connected.stock("BEANS", 4)
    products.connected.webhooks.pending.clear()
    wanted = [product_id(products, "TEA"), product_id(products, "BEANS")]

    answer = ask(clerk, READ, products=wanted)

    assert answer == {"count": 2, "errors": []}
    # One request for both.
    assert sum(products.run().values()) == 1
    assert only_account(clerk, wanted[0])["stock"][0]["offered"] == 9
    assert only_account(clerk, wanted[1])["stock"][0]["offered"] == 4


def test_stock_is_read_once_however_often_it_is_asked_for(
    products: ProductShop, clerk: Api
) -> None:
    for _ in range(5):
        ask(clerk, READ, products=[product_id(products)] * 3)

    assert StockRequest.objects.count() == 1
    assert sum(products.run().values()) == 1


def test_reading_refuses_what_picqer_does_not_have(products: ProductShop, clerk: Api) -> None:
    new = products.connected.shop.product("NEW")
    CatalogueProduct.objects.filter(variant_pk=new.pk).delete()

    answer = ask(clerk, READ, products=[product_id(products), product_id(products, "NEW"), UNKNOWN])

    assert answer["count"] == 1
    assert [error["code"] for error in answer["errors"]] == ["NOT_IN_PICQER", "NOT_FOUND"]
    assert "Push the product first" in answer["errors"][0]["message"]


def test_reading_takes_a_fixed_number_of_statements(products: ProductShop, clerk: Api) -> None:
    from saleor_picqer import product_actions

    pks = [str(products.variant(sku).product_id) for sku in ("TEA", "BEANS")]
    with counted_statements() as few:
        product_actions.read_stock(pks[:1])
    products.add_known_variants(120)

    with counted_statements() as many:
        assert product_actions.read_stock(pks)[pks[0]].count == 121

    assert len(few) == len(many) <= 8


def test_reading_refuses_too_many_products(products: ProductShop, clerk: Api) -> None:
    many = [to_global_id("Product", number) for number in range(1, 102)]

    (error,) = ask(clerk, READ, products=many)["errors"]

    assert error["code"] == "INVALID"
    assert "at most 100" in error["message"]


def test_reading_is_refused_when_the_plugin_is_switched_off(
    products: ProductShop, clerk: Api
) -> None:
    products.connected.shop.configure_plugin(active=False)

    (error,) = ask(clerk, READ, products=[product_id(products)])["errors"]

    assert error["code"] == "NOT_ACTIVE"


# --- permissions


def test_everything_needs_the_permission_of_products(
    products: ProductShop, customer_api: Api
) -> None:
    shop, product = products.connected.shop, product_id(products)
    others = shop.staff_api("manage_orders", "manage_plugins", email="others@example.com")

    for api in (customer_api, others, shop.app_api("manage_orders")):
        for document in (STATE, PUSH, READ):
            given = {"products": [product]} if "$products" in document else {"product": product}
            answer = api.raw(document, **given)
            assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert ask(shop.app_api("manage_products"), PUSH, product=product)["count"] == 1


# --- the command line


def test_command_shows_pushes_and_reads(products: ProductShop) -> None:
    tea = products.product("TEA")
    products.connected.picqer_api("PUT", f"/products/{tea['idproduct']}", name="Typed in Picqer")
    products.connected.stock("TEA", 3)
    products.connected.webhooks.pending.clear()

    shown = manage_picqer("product", "tea", "--push", "--read-stock")

    assert f"Picqer has the variant. (idproduct {tea['idproduct']})" in shown
    assert "Main: 3 free in Picqer (read: " in shown
    assert "Saleor offers 3" in shown
    assert products.product("TEA")["name"] == tea["name"]


def test_command_fails_when_something_is_refused(products: ProductShop) -> None:
    with pytest.raises(CommandError, match="Not found: NONE"):
        manage_picqer("product", "NONE")
    sends_nothing(products)
    with pytest.raises(CommandError, match="Not everything could be done"):
        manage_picqer("product", "TEA", "--push")


def test_reading_is_shown_with_its_age(products: ProductShop, clerk: Api) -> None:
    products.connected.stock("TEA", 3)
    products.connected.run_until_idle()
    before = StockReading.objects.filter(sku="TEA").values_list("read_at", flat=True)[0]

    StockReading.objects.update(read_at=before - timedelta(days=3))
    (stock,) = only_account(clerk, product_id(products))["stock"]

    before -= timedelta(days=3)
    assert stock["readAt"].startswith(before.strftime("%Y-%m-%dT%H:%M"))
