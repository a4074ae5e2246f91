"""Orders read by the sweeper, and how the host judges them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from saleor.order.models import Order, OrderEvent
from saleor.warehouse.models import Warehouse

from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common import queries
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.host_orders import read_order
from tests.integration.support.shop import Shop

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(db: None, shop: Shop) -> Shop:  # pytest-django looks for `db` in the overriding fixture
    shop.product("BEANS", stock=100)
    return shop


def touched(shop: Shop, since: datetime) -> list[str]:
    return [str(order.pk) for order in host().orders.modified_since(shop.channel_pk, since)]


def age(pk: str, by: timedelta) -> None:
    """Move the order's creation and last change into the past."""
    then = timezone.now() - by
    fields = {"created_at": then, "updated_at": then} if IS_SALEOR_3 else {"created": then}
    Order.objects.filter(pk=pk).update(**fields)
    OrderEvent.objects.filter(order=pk).update(date=then)


def test_placed_orders_are_found_oldest_first(shop: Shop) -> None:
    first, second, third = (shop.checkout({"BEANS": 1}) for _ in range(3))
    age(first, 3 * HOUR)
    age(second, 2 * HOUR)
    age(third, HOUR)

    assert touched(shop, timezone.now() - 4 * HOUR) == [first, second, third]


def test_orders_of_long_ago_are_left_out(shop: Shop) -> None:
    old, new = (shop.checkout({"BEANS": 1}) for _ in range(2))
    age(old, 2 * HOUR)

    assert touched(shop, timezone.now() - HOUR) == [new]


def test_orders_are_found_when_they_are_drafts_or_over(shop: Shop) -> None:
    pks = [shop.draft({"BEANS": 1}), *(shop.checkout({"BEANS": 1}) for _ in range(2))]
    shop.cancel(pks[1])
    shop.fulfil(pks[2])

    assert sorted(touched(shop, timezone.now() - HOUR)) == sorted(pks)


def test_version_differs_after_each_change_when_no_hook_tells(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    versions = [read_order(pk).version]
    host().orders.write_metadata(pk, {"number": "1"}, {})
    host().orders.add_note(pk, "Of the plugin itself.")
    assert read_order(pk).version == versions[0]

    shop.fulfil(pk)

    assert read_order(pk).version != versions[0]


def test_partly_fulfilled_orders_are_found(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 2})
    (line,) = read_order(pk).lines
    host().fulfilments.create(pk, None, {line.pk: 1}, Tracking(), notify=False)

    assert touched(shop, timezone.now() - HOUR) == [pk]


def test_old_draft_is_found_when_it_was_completed_lately(shop: Shop) -> None:
    pk = shop.draft({"BEANS": 1})
    age(pk, 30 * 24 * HOUR)
    before = timezone.now()

    shop.complete_draft(pk)

    assert touched(shop, before) == [pk]


@only_saleor_3
def test_old_order_is_found_when_something_happened_to_it(shop: Shop) -> None:
    pk = shop.draft_order({"BEANS": 1}, paid=False)
    age(pk, 30 * 24 * HOUR)
    before = timezone.now()

    shop.pay(pk)

    assert touched(shop, before) == [pk]


@only_saleor_3
def test_unconfirmed_orders_are_found(shop: Shop) -> None:
    shop.set_channel(automatically_confirm_all_new_orders=False)
    pk = shop.checkout({"BEANS": 1})

    assert touched(shop, timezone.now() - HOUR) == [pk]


@only_saleor_3
def test_orders_of_other_channels_are_left_out(shop: Shop) -> None:
    other = shop.create_channel("outlet")
    Order.objects.filter(pk=shop.checkout({"BEANS": 1})).update(channel=other)

    assert touched(shop, timezone.now() - HOUR) == []


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read two orders at once."""
    monkeypatch.setattr(queries, "BATCH_SIZE", 2)


@pytest.mark.usefixtures("_small_chunks")
@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("count", [4, 5])
def test_no_order_is_skipped_or_doubled_when_there_are_many(
    shop: Shop, count: int, at_once: bool
) -> None:
    pks = [shop.checkout({"BEANS": 1}) for _ in range(count)]
    if at_once and IS_SALEOR_3:
        Order.objects.update(updated_at=timezone.now())

    found = touched(shop, timezone.now() - HOUR)

    assert sorted(found) == sorted(pks)


def test_orders_are_judged_without_a_query_of_their_own(
    shop: Shop, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        shop.checkout({"BEANS": 1})

    # Saleor 3 looks first for orders whose goods came back.
    with django_assert_num_queries(2 if IS_SALEOR_3 else 1):
        names = [
            (
                host().orders.channel(order),
                host().orders.delivery(order, with_mark=True).method_name,
            )
            for order in host().orders.modified_since(shop.channel_pk, timezone.now() - HOUR)
            if host().orders.is_placed(order)
        ]

    assert names == [(shop.channel_pk, "Parcel")] * 3


@pytest.mark.parametrize(
    ("status", "placed"),
    [
        ("draft", False),
        ("unfulfilled", True),
        ("partially fulfilled", True),
        ("fulfilled", False),
        ("canceled", False),
    ],
)
def test_order_is_placed_when_it_is_no_draft_and_not_over(
    shop: Shop, status: str, placed: bool
) -> None:
    assert host().orders.is_placed(Order(status=status)) is placed


# --- how they are delivered


def delivery(pk: str) -> Any:
    return host().orders.delivery(Order.objects.get(pk=pk), with_mark=True)


@only_saleor_3
def test_handled_mark_comes_from_the_method(shop: Shop) -> None:
    marked = delivery(shop.checkout({"BEANS": 1}, shipping_method="Parcel"))
    unmarked = delivery(shop.checkout({"BEANS": 1}, shipping_method="Courier"))

    assert (marked.is_marked, unmarked.is_marked) == (True, False)


@only_saleor_3
@pytest.mark.parametrize("metadata", [{}, {"picqer.handled": "true"}])
def test_delivery_is_the_collection_point_when_the_order_is_collected(
    shop: Shop, metadata: dict[str, str]
) -> None:
    shop.collection_point("Corner shop", private_metadata=metadata)

    found = delivery(shop.begin({"BEANS": 1}).collect("Corner shop").pay().complete())

    assert (found.method_name, found.is_collection) == ("Corner shop", True)
    assert found.is_marked is bool(metadata)


@only_saleor_3
def test_method_fields_come_from_the_collection_point(shop: Shop) -> None:
    shop.collection_point(
        "Corner shop", private_metadata={"picqer.shipping_profile": "4", "erp.id": "9"}
    )

    order = read_order(shop.begin({"BEANS": 1}).collect("Corner shop").pay().complete())

    assert (order.delivery.method_name, order.method_fields) == (
        "Corner shop",
        {"shipping_profile": "4"},
    )


@only_saleor_3
def test_collection_point_is_known_when_it_was_deleted(shop: Shop) -> None:
    shop.collection_point("Corner shop")
    pk = shop.begin({"BEANS": 1}).collect("Corner shop").pay().complete()
    Warehouse.objects.filter(name="Corner shop").delete()

    assert delivery(pk).is_collection
    assert read_order(pk).delivery.method_name == "Corner shop"


def test_order_has_no_delivery_when_nothing_ships(shop: Shop) -> None:
    shop.product("E-BOOK", ships=False, stock=5)

    found = delivery(shop.begin({"E-BOOK": 1}).pay().complete())

    assert (found.method_name, found.is_collection, found.is_marked) == ("", False, False)
