import gc
import tracemalloc
from typing import Any

import pytest
from picqer_simulator import SimulatorServer, seeds

from saleor_picqer.picqer.client import PicqerClient

PRODUCTS = 10_000


def seed_products(account: Any, count: Any) -> None:
    seeds.seed(
        account,
        {
            "products": [
                {"productcode": f"P-{number:05}", "name": "Mug", "price": 8.26}
                for number in range(count)
            ]
        },
    )


@pytest.fixture
def listed_route(server: SimulatorServer) -> Any:
    server.account.set_options(rate_limit=1_000_000)
    return lambda: server.runtime.log.summary()["by_route"]["GET /products"]


@pytest.mark.slow
@pytest.mark.parametrize("order", ["oldest_first", "newest_first"])
def test_large_catalogue_is_listed_completely_in_few_requests(
    simulated: PicqerClient, server: SimulatorServer, listed_route: Any, order: Any
) -> None:
    server.account.set_options(list_order=order)
    server.account.run(seed_products, PRODUCTS)

    codes = {product.productcode for product in simulated.products.list()}

    assert codes == {f"P-{number:05}" for number in range(PRODUCTS)}
    assert listed_route() <= PRODUCTS // 100 + 1


@pytest.mark.slow
def test_memory_stays_flat_while_a_large_catalogue_is_listed(
    simulated: PicqerClient, server: SimulatorServer, listed_route: Any
) -> None:
    server.account.run(seed_products, 3_000)
    products = simulated.products.list()
    tracemalloc.start()
    sizes = []
    for number, _ in enumerate(products):
        if number % 500 == 250:
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()

    # The ids that were seen are all that grows, and the simulator's log.
    assert sizes[-1] - sizes[0] < 1_000_000


@pytest.mark.parametrize("page", [0, 1, 2, 3])
@pytest.mark.parametrize("kind", ["429", "500", "drop-after", "truncate"])
def test_list_repeats_and_skips_nothing_when_a_page_is_retried(
    simulated: PicqerClient,
    server: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
    page: Any,
    kind: Any,
) -> None:
    monkeypatch.setattr("saleor_picqer.picqer.transport.sleep", lambda seconds: None)
    server.account.run(seed_products, 350)
    server.runtime.faults.add({"fault": kind, "route": "/products", "skip": page})

    codes = [product.productcode for product in simulated.products.list()]

    assert codes == [f"P-{number:05}" for number in range(350)]


def test_product_that_comes_in_while_paging_is_not_listed_twice(
    simulated: PicqerClient, server: SimulatorServer
) -> None:
    server.account.set_options(list_order="newest_first")
    server.account.run(seed_products, 200)
    listing = simulated.products.list()
    codes = [next(listing).productcode]
    server.account.run(seed_products, 205)

    codes += [product.productcode for product in listing]

    assert len(codes) == len(set(codes))
    assert {f"P-{number:05}" for number in range(200)} <= set(codes)
