import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from saleor_picqer.errors import InvalidResponseError, NotFoundError
from tests.unit.picqer.builders import BASE, client, error_body, order, product


class Listing:
    """`/products` as Picqer pages it: at most 100 from an offset; notes every offset asked for."""

    def __init__(self, ids: Any) -> None:
        self.ids = list(ids)
        self.offsets: list[int] = []
        self.failures: dict[int, int] = {}

    def __call__(self, request: Any) -> Any:
        offset = int(parse_qs(urlsplit(request.url).query)["offset"][0])
        self.offsets.append(offset)
        if self.failures.get(offset, 0) > 0:
            self.failures[offset] -= 1
            return (429, {}, "")
        return self.page(offset)

    def page(self, offset: Any) -> Any:
        rows = [product(idproduct) for idproduct in self.ids[offset : offset + 100]]
        return (200, {}, json.dumps(rows))


@pytest.fixture
def listing(picqer: responses.RequestsMock) -> Any:
    served = Listing([])
    picqer.add_callback("GET", f"{BASE}/products", served)
    return served


def listed() -> Any:
    return [found.idproduct for found in client().products.list()]


@pytest.mark.parametrize(
    ("count", "offsets"),
    [(0, [0]), (1, [0]), (99, [0]), (100, [0, 100]), (101, [0, 100]), (250, [0, 100, 200])],
)
def test_list_ends_with_the_first_page_that_is_not_full(
    listing: Any, count: Any, offsets: Any
) -> None:
    listing.ids = range(1, count + 1)

    assert listed() == list(range(1, count + 1))
    assert listing.offsets == offsets


def test_list_asks_only_for_what_is_consumed(listing: Any) -> None:
    listing.ids = range(1, 1001)

    next(client().products.list())

    assert listing.offsets == [0]


@pytest.mark.parametrize("offset", [0, 100, 200])
def test_list_repeats_and_skips_nothing_when_a_page_is_retried(
    listing: Any, naps: list[float], offset: Any
) -> None:
    listing.ids = range(1, 251)
    listing.failures = {offset: 1}

    assert listed() == list(range(1, 251))
    assert listing.offsets.count(offset) == 2


def test_object_is_listed_once_when_rows_move_while_paging(listing: Any) -> None:
    listing.ids = [*range(1, 101), *range(98, 201)]

    assert listed() == list(range(1, 201))


def test_list_ends_when_the_offset_is_ignored(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/templates", json=[{"idtemplate": n} for n in range(1, 131)])

    assert len(list(client().templates.list())) == 130
    assert len(picqer.calls) == 2


def test_empty_list_may_be_an_object(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/products", body=b"{}")

    assert list(client().products.list()) == []


@pytest.mark.parametrize("body", [b"", b"null", b'{"1": {}}', b"3", b"[1]", b"[[]]", b"[{}]"])
def test_response_is_invalid_when_it_is_no_list(
    picqer: responses.RequestsMock, naps: list[float], body: Any
) -> None:
    picqer.get(f"{BASE}/products", body=body)

    with pytest.raises(InvalidResponseError):
        list(client().products.list())


def test_filters_are_sent_as_picqer_writes_them(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/products", json=[])

    list(client().products.list(inactive=True, idproducts=[1, 2], productcode="a/b+c ü"))

    query = parse_qs(urlsplit(str(picqer.calls[0].request.url)).query)
    assert query == {
        "inactive": ["true"],
        "idproducts": ["1,2"],
        "productcode": ["a/b+c ü"],
        "offset": ["0"],
    }


def test_orders_are_found_by_exact_reference_oldest_first(picqer: responses.RequestsMock) -> None:
    rows = [order(7), order(3), order(5, reference="saleor-10042"), order(6, reference="S")]
    picqer.get(f"{BASE}/orders", json=rows)

    assert [found.idorder for found in client().orders.find("SALEOR-10042")] == [3, 7]


def test_product_is_found_by_exact_code(picqer: responses.RequestsMock) -> None:
    rows = [product(1, productcode="mug-red"), product(2, productcode=" MUG-RED ")]
    picqer.get(f"{BASE}/products", json=rows)

    found = client().products.find(" MUG-RED")

    assert found
    assert found.idproduct == 2
    assert len(picqer.calls) == 1


def test_inactive_product_is_found_by_asking_again(picqer: responses.RequestsMock) -> None:
    def answer(request: Any) -> Any:
        inactive = "inactive=true" in request.url
        return (200, {}, json.dumps([product(9, active=False)] if inactive else []))

    picqer.add_callback("GET", f"{BASE}/products", answer)

    found = client().products.find("MUG-RED")

    assert found
    assert found.idproduct == 9


def test_no_product_is_found_when_there_is_none(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/products", json=[])

    assert client().products.find("MUG-RED") is None
    assert len(picqer.calls) == 2


def test_error_in_the_middle_ends_the_list(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/products", json=error_body(20), status=404)

    with pytest.raises(NotFoundError):
        list(client().products.list())
