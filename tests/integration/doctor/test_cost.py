"""What an examination costs: requests to Picqer, and statements however large the shop is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.order.models import Order

from saleor_picqer import doctor
from saleor_picqer.hosts import host
from saleor_picqer.models import CatalogueProduct, InboxEvent, OutboxOrder
from tests.integration.doctor.conftest import Patient
from tests.integration.support.bulk_products import add_variants
from tests.integration.support.order_copies import copy_order

MANY = 1_000


def test_an_examination_costs_nine_requests_and_one_for_each_list_of_the_settings(
    patient: Patient,
) -> None:
    patient.connected.reset_requests()

    patient.examine()

    assert patient.connected.requests() == {
        "GET /users/me": 1,
        # The right, and the inactive ones.
        "GET /products": 2,
        "GET /warehouses": 1,
        # The rates of products, and the setting Default VAT rate.
        "GET /vatgroups": 2,
        "GET /orders": 1,
        "GET /picklists": 1,
        "GET /shipments": 1,
        "GET /hooks": 1,
    }
    assert len(patient.address.received) == 1


def test_statements_do_not_depend_on_the_size_of_the_shop(patient: Patient) -> None:
    order = patient.connected.place(BEANS=1)
    # Saleor reads its site once, and keeps it in memory.
    examine(patient)
    with counted() as few:
        examine(patient)
    fill(patient, order)

    with counted() as many:
        found = examine(patient)

    assert "1,002 variants" in " ".join(found)
    assert tables(many) == tables(few)
    assert len(many) < 100


def tables(statements: CaptureQueriesContext) -> list[str]:
    """Return the first table of each statement."""
    return [query["sql"].partition(" FROM ")[2].partition(" ")[0] for query in statements]


def examine(patient: Patient) -> list[str]:
    configuration = host().channels.configuration(patient.connected.shop.channel_pk)
    return [one.finding.text for one in doctor.examine_channel(configuration)]


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as statements:
        yield statements


def fill(patient: Patient, order: str) -> None:
    """Add a thousand variants, orders, and rows of outbox and inbox."""
    shop = patient.connected
    add_variants(shop, MANY)
    pks = copy_order(order, MANY)
    assert Order.objects.count() > MANY
    row = OutboxOrder.objects.get(order_pk=order)
    OutboxOrder.objects.bulk_create(
        OutboxOrder(order_pk=pk, channel=row.channel, account=row.account, stage="failed")
        for pk in pks
    )
    account, channel = shop.server.url.partition("://")[2], row.channel
    event = InboxEvent.objects.order_by("pk").first()
    assert event is not None
    InboxEvent.objects.bulk_create(
        InboxEvent(
            channel=channel, account=account, body_hash=str(n), received_at=event.received_at
        )
        for n in range(MANY)
    )
    CatalogueProduct.objects.bulk_create(
        CatalogueProduct(account=account, variant_pk=-n, last_error="x") for n in range(1, MANY)
    )
