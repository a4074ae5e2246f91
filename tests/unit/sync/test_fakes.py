"""The fake of Picqer behaves like the real gateway on the simulated Picqer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.domain.mapping.customers import CustomerRequest
from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.line_changes import LineChange
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.products import ProductRequest
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus
from saleor_picqer.errors import (
    AlreadyProcessedError,
    NotFoundError,
    PicqerApiError,
    UnknownCustomerError,
    UnknownProductError,
    WrongStatusError,
)
from saleor_picqer.sync.ports import Picqer
from tests.unit.domain.builders import line, order, request_of
from tests.unit.sync.fakes.account import Account
from tests.unit.sync.fakes.picqer import FakePicqer
from tests.unit.sync.simulated import simulated_picqer

ANNA = {"name": "Anna", "emailaddress": "Anna@example.org"}


def fake() -> Picqer:
    return FakePicqer(Account())


@pytest.fixture(params=[fake, simulated_picqer])
def picqer(request: pytest.FixtureRequest) -> Picqer:
    make: Callable[[], Picqer] = request.param
    return make()


def order_request(**changes: Any) -> OrderRequest:
    return replace(request_of(order(line("MUG", 2))), **changes)


def made(picqer: Picqer, status: RemoteStatus = RemoteStatus.CONCEPT) -> RemoteOrder:
    """Create an order and bring it into a status."""
    remote = picqer.orders.create(order_request())
    if status is RemoteStatus.PROCESSING:
        picqer.orders.process(remote.id)
    if status is RemoteStatus.CANCELLED:
        picqer.orders.cancel(remote.id, force=False)
    return picqer.orders.get(remote.id)


def test_new_order_is_a_concept(picqer: Picqer) -> None:
    remote = made(picqer)

    assert remote.status is RemoteStatus.CONCEPT
    assert (remote.reference, remote.amounts, remote.picked) == ("10042", {"MUG": 2}, False)
    assert remote.contact["deliverycity"] == "Amsterdam"


def test_references_are_not_unique(picqer: Picqer) -> None:
    first, second = made(picqer), made(picqer, RemoteStatus.CANCELLED)

    found = picqer.orders.find("10042")

    assert [remote.id for remote in found] == [first.id, second.id]
    assert picqer.orders.find("1004") == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"lines": (LineRequest("NONE", 1, Decimal(1)),)}, UnknownProductError),
        ({"customer_id": 999_999}, UnknownCustomerError),
    ],
)
def test_order_is_refused_when_product_or_customer_is_unknown(
    picqer: Picqer, fields: dict[str, Any], error: type[PicqerApiError]
) -> None:
    with pytest.raises(error):
        picqer.orders.create(order_request(**fields))

    assert picqer.orders.find("10042") == []


ACTIONS: dict[str, Callable[[Picqer, int], object]] = {
    "process": lambda picqer, idorder: picqer.orders.process(idorder),
    "allocate": lambda picqer, idorder: picqer.orders.allocate(idorder),
    "cancel": lambda picqer, idorder: picqer.orders.cancel(idorder, force=False),
    "cancel by force": lambda picqer, idorder: picqer.orders.cancel(idorder, force=True),
    "change header": lambda picqer, idorder: picqer.orders.update(
        idorder, HeaderChanges({"telephone": "1"}, {})
    ),
    "change line": lambda picqer, idorder: picqer.lines.update(
        idorder, picqer.lines.list(idorder)[0].id, LineChange(amount=1)
    ),
    "delete line": lambda picqer, idorder: picqer.lines.delete(
        idorder, picqer.lines.list(idorder)[0].id
    ),
}

CONCEPT, PROCESSING, CANCELLED = (
    RemoteStatus.CONCEPT,
    RemoteStatus.PROCESSING,
    RemoteStatus.CANCELLED,
)


@pytest.mark.parametrize(
    ("action", "status", "then"),
    [
        ("process", CONCEPT, PROCESSING),
        ("allocate", CONCEPT, CONCEPT),
        ("cancel", CONCEPT, CANCELLED),
        ("cancel by force", CONCEPT, CANCELLED),
        ("cancel by force", PROCESSING, CANCELLED),
        ("change header", CONCEPT, CONCEPT),
        ("change header", PROCESSING, PROCESSING),
        ("change line", CONCEPT, CONCEPT),
    ],
)
def test_action_is_done_when_the_status_allows_it(
    picqer: Picqer, action: str, status: RemoteStatus, then: RemoteStatus
) -> None:
    remote = made(picqer, status)

    ACTIONS[action](picqer, remote.id)

    assert picqer.orders.get(remote.id).status is then


@pytest.mark.parametrize(
    ("action", "status", "error"),
    [
        ("process", PROCESSING, AlreadyProcessedError),
        ("process", CANCELLED, WrongStatusError),
        ("allocate", PROCESSING, AlreadyProcessedError),
        ("allocate", CANCELLED, WrongStatusError),
        ("cancel", PROCESSING, WrongStatusError),
        ("cancel by force", CANCELLED, WrongStatusError),
        ("change header", CANCELLED, WrongStatusError),
        ("change line", PROCESSING, WrongStatusError),
        ("delete line", PROCESSING, WrongStatusError),
    ],
)
def test_action_is_refused_when_the_status_forbids_it(
    picqer: Picqer, action: str, status: RemoteStatus, error: type[PicqerApiError]
) -> None:
    remote = made(picqer, status)

    with pytest.raises(error):
        ACTIONS[action](picqer, remote.id)

    assert picqer.orders.get(remote.id) == remote


def test_get_raises_not_found_when_the_order_is_unknown(picqer: Picqer) -> None:
    with pytest.raises(NotFoundError):
        picqer.orders.get(999_999)


def test_lines_can_be_read_added_changed_and_deleted(picqer: Picqer) -> None:
    remote = made(picqer)
    (mug,) = picqer.lines.list(remote.id)
    cup = picqer.products.find("CUP")
    assert cup

    assert mug.price
    picqer.lines.add(remote.id, LineRequest("CUP", 3, mug.price, product_id=cup.id))
    picqer.lines.update(remote.id, mug.id, LineChange(amount=5, remarks="Gift"))
    lines = {ln.sku: (ln.amount, ln.price, ln.remarks) for ln in picqer.lines.list(remote.id)}
    assert lines == {"MUG": (5, mug.price, "Gift"), "CUP": (3, mug.price, "")}

    picqer.lines.delete(remote.id, mug.id)
    assert [*picqer.orders.get(remote.id).amounts] == ["CUP"]


def test_product_is_refused_when_its_code_is_in_use(picqer: Picqer) -> None:
    fields = {"productcode": "POT2", "name": "Pot", "price": Decimal(1), "idvatgroup": 1}
    product = ProductRequest(fields)
    made = picqer.products.create(product)

    with pytest.raises(PicqerApiError):
        picqer.products.create(product)

    found = picqer.products.find("POT2")
    assert (found and found.id) == made.id
    assert picqer.products.find("POT3") is None


def test_customer_is_found_by_exactly_the_address(picqer: Picqer) -> None:
    idcustomer = picqer.customers.create(CustomerRequest(ANNA["emailaddress"], ANNA))

    assert picqer.customers.find("anna@example.org") == [idcustomer]
    assert picqer.customers.find("nna@example.org") == []
