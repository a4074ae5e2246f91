import pytest

from saleor_picqer.errors import NotFoundError
from saleor_picqer.picqer.objects.common import CommentCreate, TagWrite
from saleor_picqer.picqer.objects.customers import (
    CustomerAddressWrite,
    CustomerCreate,
    CustomerUpdate,
)


@pytest.fixture
def customer(writable, name):
    made = writable.customers.create(
        CustomerCreate(
            name=name,
            emailaddress="anna@example.org",
            addresses=[CustomerAddressWrite(name=name, country="NL", defaultdelivery=True)],
        )
    )
    yield made
    writable.customers.delete(made.idcustomer)


def test_customer_is_created_as_described(writable, customer, name):
    read = writable.customers.get(customer.idcustomer)

    assert (read.name, read.emailaddress) == (name, "anna@example.org")
    assert [(a.country, a.defaultdelivery) for a in read.addresses] == [("NL", True)]


def test_customer_is_found_by_search(writable, customer, name):
    found = {entry.idcustomer for entry in writable.customers.list(search=name)}

    assert customer.idcustomer in found


def test_update_changes_only_the_field_that_is_set(writable, customer, name):
    writable.customers.update(customer.idcustomer, CustomerUpdate(telephone="+31201234567"))

    read = writable.customers.get(customer.idcustomer)
    assert (read.name, read.telephone) == (name, "+31201234567")


def test_address_is_added_changed_and_deleted(writable, customer):
    idcustomer = customer.idcustomer
    address = writable.customers.add_address(
        idcustomer, CustomerAddressWrite(name="Office", country="BE")
    )

    writable.customers.update_address(
        idcustomer,
        address.idcustomer_address,
        CustomerAddressWrite(name="Office", city="Gent"),
    )
    addresses = {a.idcustomer_address: a for a in writable.customers.addresses(idcustomer)}
    assert addresses[address.idcustomer_address].city == "Gent"

    writable.customers.delete_address(idcustomer, address.idcustomer_address)
    assert len(list(writable.customers.addresses(idcustomer))) == 1


def test_customer_is_tagged_and_commented(writable, customer, name):
    tag = writable.tags.create(TagWrite(title=name, color="#ff0000", inherit=False))

    writable.customers.add_tag(customer.idcustomer, tag.idtag)
    writable.customers.add_comment(customer.idcustomer, CommentCreate(body="VIP"))

    assert [t.idtag for t in writable.customers.tags(customer.idcustomer)] == [tag.idtag]
    assert [c.body for c in writable.customers.comments(customer.idcustomer)] == ["VIP"]
    writable.customers.remove_tag(customer.idcustomer, tag.idtag)
    writable.tags.delete(tag.idtag)


def test_customer_is_not_found_when_deleted(writable, name):
    made = writable.customers.create(CustomerCreate(name=name))

    writable.customers.delete(made.idcustomer)

    with pytest.raises(NotFoundError):
        writable.customers.get(made.idcustomer)
