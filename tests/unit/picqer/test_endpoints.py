"""The table of the client's methods and their documented endpoints."""

import inspect
import json
from decimal import Decimal
from types import GeneratorType
from typing import Any
from urllib.parse import urlsplit

import pytest
import responses

from saleor_picqer.picqer.objects.common import TagWrite
from saleor_picqer.picqer.objects.customers import (
    CustomerCreate,
    CustomerUpdate,
)
from saleor_picqer.picqer.objects.hooks import HookCreate
from saleor_picqer.picqer.objects.orders import (
    OrderCreate,
    OrderLineCreate,
    OrderLineUpdate,
    OrderUpdate,
)
from saleor_picqer.picqer.objects.picklists import Pick, ShipmentCreate
from saleor_picqer.picqer.objects.products import (
    ProductCreate,
    ProductPartCreate,
    ProductPartUpdate,
    ProductUpdate,
    StockChange,
)
from saleor_picqer.picqer.resources.base import Resource
from tests.unit.picqer.builders import BASE, client

TAG = TagWrite(title="Red", color="#f00", inherit=False)
LINE = OrderLineCreate(productcode="MUG-RED", amount=2)

# (resource and method, arguments, endpoint with query, body that is sent)
ENDPOINTS: list[tuple[str, tuple[Any, ...], str, Any]] = [
    ("stats.get", (), "GET /stats", None),
    ("users.me", (), "GET /users/me", None),
    ("warehouses.list", (), "GET /warehouses?offset=0", None),
    ("warehouses.get", (18,), "GET /warehouses/18", None),
    ("warehouses.stock", (18,), "GET /warehouses/18/stock?offset=0", None),
    ("vatgroups.list", (), "GET /vatgroups?offset=0", None),
    ("vatgroups.get", (310,), "GET /vatgroups/310", None),
    ("orderfields.list", (), "GET /orderfields?offset=0", None),
    ("orderfields.get", (35,), "GET /orderfields/35", None),
    ("shippingproviders.list", (), "GET /shippingproviders?offset=0", None),
    ("templates.list", (), "GET /templates?offset=0", None),
    ("tags.list", (), "GET /tags?offset=0", None),
    ("tags.create", (TAG,), "POST /tags", {"title": "Red", "color": "#f00", "inherit": False}),
    ("tags.update", (7, TAG), "PUT /tags/7", {"title": "Red", "color": "#f00", "inherit": False}),
    ("tags.delete", (7,), "DELETE /tags/7", None),
    ("products.list", (), "GET /products?offset=0", None),
    ("products.page", (100,), "GET /products?offset=100", None),
    ("products.get", (1,), "GET /products/1", None),
    (
        "products.create",
        (ProductCreate(productcode="A", name="B", price=Decimal("8.26"), idvatgroup=310),),
        "POST /products",
        {"productcode": "A", "name": "B", "price": 8.26, "idvatgroup": 310},
    ),
    ("products.update", (1, ProductUpdate(active=False)), "PUT /products/1", {"active": False}),
    ("products.activate", (1,), "POST /products/1/activate", None),
    ("products.inactivate", (1,), "POST /products/1/inactivate", None),
    ("products.stock", (1,), "GET /products/1/stock?offset=0", None),
    ("products.stock_in", (1, 18), "GET /products/1/stock/18", None),
    (
        "products.change_stock",
        (1, 18, StockChange(change=-2, reason="Damaged", idlocation=None)),
        "POST /products/1/stock/18",
        {"change": -2, "reason": "Damaged", "idlocation": None},
    ),
    ("products.images", (1,), "GET /products/1/images?offset=0", None),
    ("products.add_image", (1, b"\xff\xd8\xff"), "POST /products/1/images", {"image": "/9j/"}),
    ("products.delete_image", (1, 5), "DELETE /products/1/images/5", None),
    ("products.parts", (1,), "GET /products/1/parts?offset=0", None),
    ("products.get_part", (1, 12), "GET /products/1/parts/12", None),
    (
        "products.add_part",
        (1, ProductPartCreate(idproduct=471, amount=2)),
        "POST /products/1/parts",
        {"idproduct": 471, "amount": 2},
    ),
    (
        "products.update_part",
        (1, 12, ProductPartUpdate(amount=3)),
        "PUT /products/1/parts/12",
        {"amount": 3},
    ),
    ("products.delete_part", (1, 12), "DELETE /products/1/parts/12", None),
    ("products.tags", (1,), "GET /products/1/tags?offset=0", None),
    ("products.add_tag", (1, 7), "POST /products/1/tags", {"idtag": 7}),
    ("products.remove_tag", (1, 7), "DELETE /products/1/tags/7", None),
    ("customers.list", (), "GET /customers?offset=0", None),
    ("customers.get", (1,), "GET /customers/1", None),
    ("customers.create", (CustomerCreate(name="x"),), "POST /customers", {"name": "x"}),
    ("customers.update", (1, CustomerUpdate(name="x")), "PUT /customers/1", {"name": "x"}),
    ("customers.delete", (1,), "DELETE /customers/1", None),
    ("customers.tags", (1,), "GET /customers/1/tags?offset=0", None),
    ("customers.add_tag", (1, 7), "POST /customers/1/tags", {"idtag": 7}),
    ("customers.remove_tag", (1, 7), "DELETE /customers/1/tags/7", None),
    ("orders.list", (), "GET /orders?offset=0", None),
    ("orders.page", (100,), "GET /orders?offset=100", None),
    ("orders.get", (1,), "GET /orders/1", None),
    (
        "orders.create",
        (OrderCreate(idcustomer=3, products=[LINE]),),
        "POST /orders",
        {"idcustomer": 3, "products": [{"productcode": "MUG-RED", "amount": 2}]},
    ),
    ("orders.update", (1, OrderUpdate(reference="R")), "PUT /orders/1", {"reference": "R"}),
    ("orders.cancel", (1,), "DELETE /orders/1", None),
    ("orders.process", (1,), "POST /orders/1/process", None),
    ("orders.allocate", (1,), "POST /orders/1/allocate", None),
    ("orders.deallocate", (1,), "POST /orders/1/deallocate", None),
    ("orders.pause", (1, "why"), "POST /orders/1/pause", {"reason": "why"}),
    ("orders.resume", (1,), "POST /orders/1/resume", None),
    ("orders.change_to_concept", (1,), "POST /orders/1/change-to-concept", None),
    ("orders.reopen", (1,), "POST /orders/1/reopen", None),
    ("orders.undo_cancellation", (1,), "POST /orders/1/undo-cancellation", None),
    ("orders.process_backorders", (1,), "POST /orders/1/process-backorders", None),
    ("orders.product_status", (1,), "GET /orders/1/productstatus", None),
    ("orders.backorders", (1,), "GET /orders/1/backorders?offset=0", None),
    ("orders.lines", (1,), "GET /orders/1/products?offset=0", None),
    ("orders.get_line", (1, 2), "GET /orders/1/products/2", None),
    (
        "orders.add_line",
        (1, LINE),
        "POST /orders/1/products",
        {"productcode": "MUG-RED", "amount": 2},
    ),
    (
        "orders.update_line",
        (1, 2, OrderLineUpdate(amount=3)),
        "PUT /orders/1/products/2",
        {"amount": 3},
    ),
    ("orders.delete_line", (1, 2), "DELETE /orders/1/products/2", None),
    ("orders.tags", (1,), "GET /orders/1/tags?offset=0", None),
    ("orders.add_tag", (1, 7), "POST /orders/1/tags", {"idtag": 7}),
    ("orders.remove_tag", (1, 7), "DELETE /orders/1/tags/7", None),
    ("backorders.list", (), "GET /backorders?offset=0", None),
    ("backorders.get", (1,), "GET /backorders/1", None),
    ("backorders.delete", (1,), "DELETE /backorders/1", None),
    ("backorders.process", (), "POST /backorders/process", None),
    ("picklists.list", (), "GET /picklists?offset=0", None),
    ("picklists.get", (1,), "GET /picklists/1", None),
    (
        "picklists.pick",
        (1, Pick(idpicklist_product=9044, amount=2)),
        "POST /picklists/1/pick",
        {"idpicklist_product": 9044, "amount": 2},
    ),
    ("picklists.pick_all", (1,), "POST /picklists/1/pickall", None),
    ("picklists.close", (1,), "POST /picklists/1/close", None),
    ("picklists.cancel", (1,), "POST /picklists/1/cancel", None),
    ("picklists.pause", (1, "why"), "POST /picklists/1/pause", {"reason": "why"}),
    ("picklists.resume", (1,), "POST /picklists/1/resume", None),
    ("picklists.shipments", (1,), "GET /picklists/1/shipments?offset=0", None),
    ("picklists.shipping_methods", (1,), "GET /picklists/1/shippingmethods?offset=0", None),
    (
        "picklists.create_shipment",
        (1, ShipmentCreate(idshippingprofile=88, weight=620)),
        "POST /picklists/1/shipments?return=shipment",
        {"idshippingprofile": 88, "weight": 620},
    ),
    ("picklists.cancel_shipment", (1, 2), "DELETE /picklists/1/shipments/2", None),
    ("shipments.list", (), "GET /shipments?offset=0", None),
    ("shipments.page", (100,), "GET /shipments?offset=100", None),
    ("shipments.get", (1,), "GET /shipments/1", None),
    ("hooks.list", (), "GET /hooks?offset=0", None),
    ("hooks.get", (1,), "GET /hooks/1", None),
    (
        "hooks.create",
        (HookCreate(name="x", event="orders.created", address="https://x", secret="s"),),
        "POST /hooks",
        {"name": "x", "event": "orders.created", "address": "https://x", "secret": "s"},
    ),
    ("hooks.deactivate", (1,), "DELETE /hooks/1", None),
    ("hooks.reactivate", (1,), "POST /hooks/1/reactivate", None),
]

# Made of other methods; tested with the lists.
COMPOSED = {"orders.find", "products.find"}

# Satisfies every object: each reads the fields that it knows.
ANYTHING = {
    "idbackorder": 1,
    "idcustomer": 1,
    "idcustomer_address": 1,
    "idhook": 1,
    "idorder": 1,
    "idorder_product": 1,
    "idorderfield": 1,
    "idpicklist": 1,
    "idproduct": 1,
    "idproduct_image": 1,
    "idproduct_part": 1,
    "idshipment": 1,
    "idtag": 1,
    "iduser": 1,
    "idvatgroup": 1,
    "idwarehouse": 1,
    "amount": 1,
    "percentage": 1,
}


def call(dotted: Any, arguments: Any) -> Any:
    resource, method = dotted.split(".")
    result = getattr(getattr(client(), resource), method)(*arguments)
    return list(result) if isinstance(result, GeneratorType) else result


@pytest.mark.parametrize(("method", "arguments", "endpoint", "body"), ENDPOINTS)
def test_method_asks_its_documented_endpoint(
    picqer: responses.RequestsMock, method: Any, arguments: Any, endpoint: Any, body: Any
) -> None:
    verb, target = endpoint.split(" ")
    answer = [] if "offset=" in target else ANYTHING
    picqer.add(verb, BASE + urlsplit(target).path, json=answer)

    call(method, arguments)

    request = picqer.calls[0].request
    assert request.url == BASE + target
    assert (json.loads(request.body) if request.body else None) == body
    assert len(picqer.calls) == 1


def test_order_is_cancelled_by_force_with_a_query(picqer: responses.RequestsMock) -> None:
    picqer.delete(f"{BASE}/orders/1", status=204)

    client().orders.cancel(1, force=True)

    assert picqer.calls[0].request.url == f"{BASE}/orders/1?force=true"


def test_parts_are_asked_for_nested_with_a_query(picqer: responses.RequestsMock) -> None:
    picqer.get(f"{BASE}/products/1/parts", json=[])

    list(client().products.parts(1, nested=True))

    assert picqer.calls[0].request.url == f"{BASE}/products/1/parts?nested=true&offset=0"


def test_every_method_of_every_resource_is_in_the_table() -> None:
    resources = {
        name: value for name, value in vars(client()).items() if isinstance(value, Resource)
    }
    methods = {
        f"{name}.{method}"
        for name, resource in resources.items()
        for method, _ in inspect.getmembers(resource, inspect.ismethod)
        if not method.startswith("_")
    }

    assert methods == {row[0] for row in ENDPOINTS} | COMPOSED
