import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from picqer_simulator import SimulatorServer
from picqer_simulator.rules import orders as simulated_orders

from saleor_picqer.errors import (
    AlreadyProcessedError,
    InvalidRequestError,
    RefusedError,
    UnknownProductError,
    WrongStatusError,
)
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.common import TagWrite
from saleor_picqer.picqer.objects.orders import (
    OrderLineCreate,
    OrderLineUpdate,
    OrderStatus,
    OrderUpdate,
    PickupPoint,
)
from saleor_picqer.picqer.objects.products import Product, StockChange
from saleor_picqer.picqer.objects.reference import Warehouse
from tests.contract import samples


@pytest.fixture
def order(writable: PicqerClient, product: Product, name: str) -> Iterator[Any]:
    """Yield a concept order of two pieces, and cancel the order afterwards."""
    made = writable.orders.create(samples.order(name, product.productcode))
    yield made
    if writable.orders.get(made.idorder).status != OrderStatus.CANCELLED:
        writable.orders.cancel(made.idorder, force=True)


def status(client: Any, order: Any) -> Any:
    return client.orders.get(order.idorder).status


def test_order_is_created_as_a_concept(
    writable: PicqerClient, order: Any, product: Product, name: str
) -> None:
    read = writable.orders.get(order.idorder)

    assert (read.status, read.reference, read.idcustomer) == (OrderStatus.CONCEPT, name, None)
    assert [(line.productcode, line.amount) for line in read.products] == [(product.productcode, 2)]


def test_line_has_its_own_price_and_vat_group(
    writable: PicqerClient, product: Product, name: str
) -> None:
    vatgroup = list(writable.vatgroups.list())[-1]
    line = OrderLineCreate(
        idproduct=product.idproduct,
        amount=1,
        price=Decimal("7.99"),
        idvatgroup=vatgroup.idvatgroup,
    )

    made = writable.orders.create(samples.order(name, products=[line]))

    assert made.products[0].price == Decimal("7.99")
    assert made.products[0].idvatgroup == vatgroup.idvatgroup
    writable.orders.cancel(made.idorder)


def test_order_is_found_by_its_exact_reference(
    writable: PicqerClient, order: Any, name: str
) -> None:
    assert [found.idorder for found in writable.orders.find(name)] == [order.idorder]
    assert writable.orders.find(f"{name}x") == []


def test_reference_is_compared_exactly_when_picqer_does_not(
    writable: PicqerClient, order: Any, name: str
) -> None:
    assert writable.orders.find(name.upper()) == []


def test_orders_are_found_oldest_first_when_they_share_a_reference(
    writable: PicqerClient, order: Any, product: Product, name: str
) -> None:
    twin = writable.orders.create(samples.order(name, product.productcode))

    assert [o.idorder for o in writable.orders.find(name)] == [order.idorder, twin.idorder]
    writable.orders.cancel(twin.idorder)


def test_orders_are_listed_by_status(writable: PicqerClient, order: Any) -> None:
    listed = writable.orders.list(status=OrderStatus.CONCEPT, sinceid=order.idorder - 1)

    assert order.idorder in {found.idorder for found in listed}


def test_unknown_product_is_told_from_other_refusals(writable: PicqerClient, name: str) -> None:
    with pytest.raises(UnknownProductError) as caught:
        writable.orders.create(samples.order(name, f"{name}-unknown"))

    assert caught.value.code == 24
    assert writable.orders.find(name) == []


def test_order_is_refused_when_its_customer_does_not_exist(
    writable: PicqerClient, product: Product, name: str
) -> None:
    with pytest.raises(InvalidRequestError):
        writable.orders.create(samples.order(name, product.productcode, idcustomer=2_000_000_000))


def test_header_is_updated_without_the_lines(writable: PicqerClient, order: Any) -> None:
    body = OrderUpdate(
        deliveryname="Anna de Visser",
        customer_remarks=None,
        preferred_delivery_date=dt.date(2030, 1, 2),
        pickup_point_data=PickupPoint(carrier="dhl", id="550017342"),
    )
    writable.orders.update(order.idorder, body)

    read = writable.orders.get(order.idorder)
    assert read.deliveryname == "Anna de Visser"
    assert read.preferred_delivery_date == "2030-01-02"
    assert read.pickup_point_data["carrier"] == "dhl"
    assert len(read.products) == 1


def test_order_is_processed_once(writable: PicqerClient, order: Any) -> None:
    writable.orders.process(order.idorder)
    assert status(writable, order) == OrderStatus.PROCESSING

    with pytest.raises(AlreadyProcessedError):
        writable.orders.process(order.idorder)


def test_stock_is_allocated_and_freed(
    writable: PicqerClient, order: Any, product: Product, warehouse: Warehouse
) -> None:
    def freestock() -> Any:
        return writable.products.stock_in(product.idproduct, warehouse.idwarehouse).freestock

    writable.orders.allocate(order.idorder)
    assert freestock() == 8
    assert writable.orders.product_status(order.idorder).products[0].allocated

    writable.orders.deallocate(order.idorder)
    assert freestock() == 10


def test_order_is_paused_and_resumed(writable: PicqerClient, order: Any) -> None:
    writable.orders.pause(order.idorder, "Check the address")
    assert status(writable, order) == OrderStatus.PAUSED

    writable.orders.resume(order.idorder)
    assert status(writable, order) != OrderStatus.PAUSED


def test_cancellation_of_a_concept_is_undone(writable: PicqerClient, order: Any) -> None:
    writable.orders.cancel(order.idorder)
    assert status(writable, order) == OrderStatus.CANCELLED

    writable.orders.undo_cancellation(order.idorder)
    assert status(writable, order) != OrderStatus.CANCELLED


def test_processing_order_is_cancelled_only_by_force(writable: PicqerClient, order: Any) -> None:
    writable.orders.process(order.idorder)
    with pytest.raises(RefusedError):
        writable.orders.cancel(order.idorder)

    writable.orders.cancel(order.idorder, force=True)
    assert status(writable, order) == OrderStatus.CANCELLED


def test_order_is_reopened(writable: PicqerClient, order: Any) -> None:
    writable.orders.process(order.idorder)

    writable.orders.reopen(order.idorder)

    assert status(writable, order) != OrderStatus.PROCESSING


def test_concept_is_not_changed_to_concept_again(writable: PicqerClient, order: Any) -> None:
    with pytest.raises(RefusedError):
        writable.orders.change_to_concept(order.idorder)


def test_lines_of_a_concept_are_changed(
    writable: PicqerClient, order: Any, product: Product
) -> None:
    line = OrderLineCreate(idproduct=product.idproduct, amount=1)
    writable.orders.add_line(order.idorder, line)
    lines = list(writable.orders.lines(order.idorder))
    assert [entry.amount for entry in lines] == [2, 1]

    last = lines[-1].idorder_product
    writable.orders.update_line(order.idorder, last, OrderLineUpdate(amount=4))
    assert writable.orders.get_line(order.idorder, last).amount == 4

    writable.orders.delete_line(order.idorder, last)
    assert len(list(writable.orders.lines(order.idorder))) == 1


def test_lines_of_a_processing_order_are_locked(writable: PicqerClient, order: Any) -> None:
    writable.orders.process(order.idorder)

    with pytest.raises(WrongStatusError):
        writable.orders.delete_line(order.idorder, order.products[0].idorder_product)


def test_order_is_tagged(writable: PicqerClient, order: Any, name: str) -> None:
    orders, idorder = writable.orders, order.idorder
    tag = writable.tags.create(TagWrite(title=name, color="#ff0000", inherit=False))

    orders.add_tag(idorder, tag.idtag)

    assert [t.title for t in orders.tags(idorder)] == [name]
    orders.remove_tag(idorder, tag.idtag)
    assert list(orders.tags(idorder)) == []
    writable.tags.delete(tag.idtag)


def test_short_order_waits_as_backorder(
    writable: PicqerClient, product: Product, name: str
) -> None:
    order = writable.orders.create(samples.order(name, product.productcode, amount=12))
    writable.orders.process(order.idorder)

    backorders = list(writable.orders.backorders(order.idorder))
    assert sum(entry.amount for entry in backorders) == 2
    listed = list(writable.backorders.list(idorder=order.idorder))
    assert [b.idbackorder for b in listed] == [b.idbackorder for b in backorders]
    assert writable.backorders.get(backorders[0].idbackorder).idorder == order.idorder

    writable.backorders.delete(backorders[0].idbackorder)
    assert list(writable.orders.backorders(order.idorder)) == []
    writable.orders.cancel(order.idorder, force=True)


def test_backorders_of_one_order_become_a_picklist_when_goods_arrive(
    writable: PicqerClient, product: Product, warehouse: Warehouse, name: str
) -> None:
    order = writable.orders.create(samples.order(name, product.productcode, amount=12))
    writable.orders.process(order.idorder)
    writable.products.change_stock(
        product.idproduct, warehouse.idwarehouse, StockChange(change=9, reason="Delivery")
    )

    writable.orders.process_backorders(order.idorder)

    assert list(writable.orders.backorders(order.idorder)) == []
    assert len(writable.orders.get(order.idorder).picklists) == 2
    writable.orders.cancel(order.idorder, force=True)


def test_all_backorders_become_picklists_when_goods_arrive(
    simulated: PicqerClient, server: SimulatorServer, name: str
) -> None:
    idwarehouse = next(simulated.warehouses.list()).idwarehouse
    made = simulated.products.create(samples.product(simulated, name))
    order = simulated.orders.create(samples.order(name, name, amount=2))
    simulated.orders.process(order.idorder)
    simulated.products.change_stock(made.idproduct, idwarehouse, samples.TEN_PIECES)

    simulated.backorders.process()

    assert list(simulated.backorders.list()) == []
    assert len(list(simulated.picklists.list())) == 1


def test_expected_order_becomes_a_concept(
    simulated: PicqerClient, server: SimulatorServer, name: str
) -> None:
    simulated.products.create(samples.product(simulated, name))
    body = samples.order(name, name).model_dump(mode="json", exclude_unset=True)
    expected = server.account.run(simulated_orders.create, body, status="expected")

    simulated.orders.change_to_concept(expected["idorder"])

    assert simulated.orders.get(expected["idorder"]).status == OrderStatus.CONCEPT
