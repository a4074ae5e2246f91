from collections.abc import Iterator
from typing import Any

import pytest

from saleor_picqer.errors import RefusedError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.orders import OrderStatus
from saleor_picqer.picqer.objects.picklists import (
    ParcelCreate,
    Pick,
    PicklistStatus,
    ShipmentCreate,
)
from saleor_picqer.picqer.objects.products import Product
from tests.contract import samples


@pytest.fixture
def order(writable: PicqerClient, product: Product, name: str) -> Iterator[Any]:
    made = writable.orders.create(samples.order(name, product.productcode))
    writable.orders.process(made.idorder)
    yield writable.orders.get(made.idorder)
    if writable.orders.get(made.idorder).status == OrderStatus.PROCESSING:
        writable.orders.cancel(made.idorder, force=True)


@pytest.fixture
def picklist(writable: PicqerClient, order: Any) -> Any:
    return writable.picklists.get(order.picklists[0].idpicklist)


@pytest.fixture
def profile(writable: PicqerClient, picklist: Any) -> Any:
    method = next(writable.picklists.shipping_methods(picklist.idpicklist), None)
    if method is None:
        pytest.skip("the account has no shipping method")
    return method.idshippingprovider_profile


def test_picklist_names_the_lines_of_the_order(order: Any, picklist: Any, name: str) -> None:
    assert picklist.status == PicklistStatus.NEW
    assert picklist.reference == name
    assert [
        (line.idorder_product, line.amount, line.amount_picked) for line in picklist.products
    ] == [(order.products[0].idorder_product, 2, 0)]


def test_picklists_are_listed_with_filters(writable: PicqerClient, picklist: Any) -> None:
    listed = writable.picklists.list(status=PicklistStatus.NEW, sinceid=picklist.idpicklist - 1)

    assert picklist.idpicklist in {found.idpicklist for found in listed}


def test_picklist_is_picked_piece_by_piece(writable: PicqerClient, picklist: Any) -> None:
    line = picklist.products[0]

    writable.picklists.pick(
        picklist.idpicklist, Pick(idpicklist_product=line.idpicklist_product, amount=1)
    )

    assert writable.picklists.get(picklist.idpicklist).products[0].amount_picked == 1


def test_picking_too_much_is_refused(writable: PicqerClient, picklist: Any) -> None:
    line = picklist.products[0]

    with pytest.raises(RefusedError):
        writable.picklists.pick(
            picklist.idpicklist, Pick(idpicklist_product=line.idpicklist_product, amount=3)
        )


def test_order_is_completed_when_its_picklist_is_closed(
    writable: PicqerClient, order: Any, picklist: Any
) -> None:
    writable.picklists.pick_all(picklist.idpicklist)
    writable.picklists.close(picklist.idpicklist)

    assert writable.picklists.get(picklist.idpicklist).status == PicklistStatus.CLOSED
    assert writable.orders.get(order.idorder).status == OrderStatus.COMPLETED


def test_picklist_is_cancelled(writable: PicqerClient, picklist: Any) -> None:
    writable.picklists.cancel(picklist.idpicklist)

    assert writable.picklists.get(picklist.idpicklist).status == PicklistStatus.CANCELLED


def test_picklist_is_paused_and_resumed(writable: PicqerClient, picklist: Any) -> None:
    writable.picklists.pause(picklist.idpicklist, "Damaged")
    assert writable.picklists.get(picklist.idpicklist).status == PicklistStatus.PAUSED

    writable.picklists.resume(picklist.idpicklist)
    assert writable.picklists.get(picklist.idpicklist).status == PicklistStatus.NEW


def test_shipment_carries_tracking(
    writable: PicqerClient, order: Any, picklist: Any, profile: Any
) -> None:
    writable.picklists.create_shipment(
        picklist.idpicklist, ShipmentCreate(idshippingprofile=profile, weight=620)
    )

    shipment = next(writable.picklists.shipments(picklist.idpicklist))
    assert shipment.idorder == order.idorder
    assert shipment.tracking[0].code
    assert writable.shipments.get(shipment.idshipment).tracking == shipment.tracking
    assert shipment.idshipment in {entry.idshipment for entry in writable.shipments.list()}


def test_each_parcel_has_its_tracking(writable: PicqerClient, picklist: Any, profile: Any) -> None:
    parcels = [ParcelCreate(weight=300), ParcelCreate(weight=320)]
    writable.picklists.create_shipment(
        picklist.idpicklist, ShipmentCreate(idshippingprofile=profile, parcels=parcels)
    )

    shipment = next(writable.picklists.shipments(picklist.idpicklist))
    assert len({tracking.code for tracking in shipment.tracking}) == 2


def test_shipment_is_cancelled(writable: PicqerClient, picklist: Any, profile: Any) -> None:
    made = writable.picklists.create_shipment(
        picklist.idpicklist, ShipmentCreate(idshippingprofile=profile)
    )
    assert made

    writable.picklists.cancel_shipment(picklist.idpicklist, made.idshipment)

    assert writable.shipments.get(made.idshipment).cancelled
