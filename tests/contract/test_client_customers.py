import logging
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from saleor_picqer.errors import NotFoundError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.common import TagWrite
from saleor_picqer.picqer.objects.customers import (
    CustomerAddressWrite,
    CustomerCreate,
    CustomerUpdate,
)


@pytest.fixture
def customer(writable: PicqerClient, name: str) -> Iterator[Any]:
    made = writable.customers.create(
        CustomerCreate(
            name=name,
            emailaddress="anna@example.org",
            addresses=[CustomerAddressWrite(name=name, country="NL", defaultdelivery=True)],
        )
    )
    yield made
    writable.customers.delete(made.idcustomer)


def test_customer_is_created_as_described(writable: PicqerClient, customer: Any, name: str) -> None:
    read = writable.customers.get(customer.idcustomer)

    assert (read.name, read.emailaddress) == (name, "anna@example.org")
    assert [(a.country, a.defaultdelivery) for a in read.addresses] == [("NL", True)]


def test_search_is_shown_neither_in_logs_nor_to_error_reports(
    picqer: PicqerClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Failure mode F111: error reports take their breadcrumbs from http.client."""
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    put = HTTPConnection.putrequest

    def look(connection: HTTPConnection, method: str, url: str, **options: Any) -> None:
        seen.append(url)
        put(connection, method, url, **options)

    monkeypatch.setattr(HTTPConnection, "putrequest", look)

    list(picqer.customers.list(search="bob@example.org"))

    assert seen
    assert all(url.endswith("/customers") for url in seen)
    logged = [log.getMessage() for log in caplog.records if log.name.startswith("urllib3")]
    assert any("/customers" in line for line in logged)
    assert not [line for line in logged if "bob" in line]


def test_customer_is_found_by_search(writable: PicqerClient, customer: Any, name: str) -> None:
    found = {entry.idcustomer for entry in writable.customers.list(search=name)}

    assert customer.idcustomer in found


def test_update_changes_only_the_field_that_is_set(
    writable: PicqerClient, customer: Any, name: str
) -> None:
    writable.customers.update(customer.idcustomer, CustomerUpdate(telephone="+31201234567"))

    read = writable.customers.get(customer.idcustomer)
    assert (read.name, read.telephone) == (name, "+31201234567")


def test_customer_is_tagged(writable: PicqerClient, customer: Any, name: str) -> None:
    tag = writable.tags.create(TagWrite(title=name, color="#ff0000", inherit=False))

    writable.customers.add_tag(customer.idcustomer, tag.idtag)

    assert [t.idtag for t in writable.customers.tags(customer.idcustomer)] == [tag.idtag]
    writable.customers.remove_tag(customer.idcustomer, tag.idtag)
    writable.tags.delete(tag.idtag)


def test_customer_is_not_found_when_deleted(writable: PicqerClient, name: str) -> None:
    made = writable.customers.create(CustomerCreate(name=name))

    writable.customers.delete(made.idcustomer)

    with pytest.raises(NotFoundError):
        writable.customers.get(made.idcustomer)
