"""The table of endpoints: the operation behind each endpoint, and what is not simulated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from picqer_simulator.rules import (
    allocations,
    backorders,
    comments,
    compositions,
    customers,
    hooks,
    images,
    lifecycle,
    order_fields,
    order_lines,
    orders,
    picklists,
    products,
    reference,
    replenishment,
    shipments,
    stock,
    tags,
    users,
)

Takes = Literal["", "query", "body", "body, query"]


@dataclass(frozen=True)
class Route:
    """One endpoint of the API."""

    method: str
    path: str
    operation: Callable[..., Any]
    # The arguments of the operation after the ids of the path.
    takes: Takes = ""
    status: int = 200
    # Whether the options `action_status` and `action_body` decide about the response.
    action: bool = False
    # What the simulator leaves out, for the README.
    note: str = ""

    @property
    def name(self) -> str:
        """Return method and path template."""
        return f"{self.method} {self.path}"


def _list(path: str, operation: Callable[..., Any], note: str = "") -> Route:
    return Route("GET", path, operation, "query", note=note)


def _get(path: str, operation: Callable[..., Any], note: str = "") -> Route:
    return Route("GET", path, operation, note=note)


def _create(path: str, operation: Callable[..., Any], note: str = "") -> Route:
    return Route("POST", path, operation, "body", status=201, note=note)


def _update(path: str, operation: Callable[..., Any], note: str = "") -> Route:
    return Route("PUT", path, operation, "body", note=note)


def _delete(path: str, operation: Callable[..., Any], takes: Takes = "") -> Route:
    return Route("DELETE", path, operation, takes)


def _action(path: str, operation: Callable[..., Any], takes: Takes = "", note: str = "") -> Route:
    return Route("POST", path, operation, takes, action=True, note=note)


NO_LOCATIONS = "no locations: `idlocation` must be null"

ROUTES: tuple[Route, ...] = (
    _get("/stats", users.list_stats, "three of the statistics are missing"),
    _get("/stats/{key}", users.get_stat),
    _list("/users", users.list_users),
    _get("/users/me", users.me),
    _get("/users/{iduser}", users.get_user, "`rights` is empty"),
    _list("/vatgroups", reference.list_vatgroups),
    _get("/vatgroups/{idvatgroup}", reference.get_vatgroup),
    _list("/warehouses", reference.list_warehouses),
    _get("/warehouses/{idwarehouse}", reference.get_warehouse),
    _list("/warehouses/{idwarehouse}/stock", stock.list_warehouse),
    _list("/templates", reference.list_templates),
    _list("/packagings", reference.list_packagings),
    _list("/shippingproviders", reference.list_shippingproviders),
    _list("/orderfields", reference.list_orderfields),
    _get("/orderfields/{idorderfield}", reference.get_orderfield),
    _list("/customerfields", reference.list_customerfields),
    _list("/productfields", reference.list_productfields),
    _get("/productfields/{idproductfield}", reference.get_productfield),
    _list("/tags", tags.list_),
    _create("/tags", tags.create),
    _get("/tags/{idtag}", tags.get),
    _update("/tags/{idtag}", tags.update),
    _delete("/tags/{idtag}", tags.delete),
    # Products
    _list("/products", products.list_),
    _create("/products", products.create),
    _get("/products/{idproduct}", products.get),
    _update("/products/{idproduct}", products.update),
    _action("/products/{idproduct}/activate", products.activate),
    _action("/products/{idproduct}/inactivate", products.inactivate),
    _list("/products/{idproduct}/images", images.list_),
    _create("/products/{idproduct}/images", images.create, "the URL of an image does not answer"),
    _delete("/products/{idproduct}/images/{idproduct_image}", images.delete),
    _get("/products/{idproduct}/stock", stock.list_),
    _get("/products/{idproduct}/stock/{idwarehouse}", stock.get, "`locations` is empty"),
    Route(
        "POST",
        "/products/{idproduct}/stock/{idwarehouse}",
        stock.change,
        "body",
        200,
        note=NO_LOCATIONS,
    ),
    _get("/products/{idproduct}/warehouses", replenishment.list_),
    _update("/products/{idproduct}/warehouses/{idwarehouse}", replenishment.update),
    _list("/products/{idproduct}/parts", compositions.list_parts),
    _create("/products/{idproduct}/parts", compositions.add_part),
    _get("/products/{idproduct}/parts/{idproduct_part}", compositions.get_part),
    _update("/products/{idproduct}/parts/{idproduct_part}", compositions.update_part),
    _delete("/products/{idproduct}/parts/{idproduct_part}", compositions.remove_part),
    _action("/products/{idproduct}/produce", compositions.produce, "body"),
    _get("/products/{idproduct}/tags", products.list_tags),
    _create("/products/{idproduct}/tags", products.add_tag),
    _delete("/products/{idproduct}/tags/{idtag}", products.remove_tag),
    _list("/products/{idproduct}/comments", comments.list_on_product),
    _create("/products/{idproduct}/comments", comments.add_to_product),
    _list("/stockhistory", stock.list_history),
    _get("/stockhistory/{idproduct_stock_history}", stock.get_history),
    # Customers
    _list("/customers", customers.list_),
    _create("/customers", customers.create),
    _get("/customers/{idcustomer}", customers.get),
    _update("/customers/{idcustomer}", customers.update),
    _delete("/customers/{idcustomer}", customers.delete),
    _list("/customers/{idcustomer}/addresses", customers.list_addresses),
    _create("/customers/{idcustomer}/addresses", customers.add_address),
    _update("/customers/{idcustomer}/addresses/{idcustomer_address}", customers.update_address),
    _delete("/customers/{idcustomer}/addresses/{idcustomer_address}", customers.remove_address),
    _get("/customers/{idcustomer}/tags", customers.list_tags),
    _create("/customers/{idcustomer}/tags", customers.add_tag),
    _delete("/customers/{idcustomer}/tags/{idtag}", customers.remove_tag),
    _list("/customers/{idcustomer}/comments", comments.list_on_customer),
    _create("/customers/{idcustomer}/comments", comments.add_to_customer),
    # Orders
    _list("/orders", orders.list_),
    _create("/orders", orders.create),
    _get("/orders/{idorder}", orders.get),
    _update("/orders/{idorder}", orders.update),
    _delete("/orders/{idorder}", lifecycle.cancel, "query"),
    _action("/orders/{idorder}/process", lifecycle.process),
    _action("/orders/{idorder}/close", lifecycle.process, note="the old name of process"),
    _action("/orders/{idorder}/pause", lifecycle.pause, "body"),
    _action("/orders/{idorder}/resume", lifecycle.resume),
    _action("/orders/{idorder}/change-to-concept", lifecycle.change_to_concept),
    _action("/orders/{idorder}/reopen", lifecycle.reopen),
    _action("/orders/{idorder}/undo-cancellation", lifecycle.undo_cancellation),
    _action("/orders/{idorder}/undo_cancellation", lifecycle.undo_cancellation),
    _action("/orders/{idorder}/allocate", allocations.allocate),
    _action("/orders/{idorder}/deallocate", allocations.deallocate),
    _action("/orders/{idorder}/prioritise", lifecycle.prioritise),
    _action("/orders/{idorder}/process-backorders", lifecycle.process_backorders, "body"),
    _action("/orders/{idorder}/anonymize", lifecycle.anonymise),
    _get("/orders/{idorder}/productstatus", allocations.product_status),
    _list("/orders/{idorder}/products", order_lines.list_),
    _create("/orders/{idorder}/products", order_lines.add),
    _get("/orders/{idorder}/products/{idorder_product}", order_lines.get),
    _update("/orders/{idorder}/products/{idorder_product}", order_lines.update),
    _delete("/orders/{idorder}/products/{idorder_product}", order_lines.remove),
    _list("/orders/{idorder}/backorders", backorders.list_of_order),
    _list("/orders/{idorder}/comments", orders.list_comments),
    _create("/orders/{idorder}/comments", orders.add_comment),
    _get("/orders/{idorder}/notes", orders.list_notes),
    _create("/orders/{idorder}/notes", orders.add_note),
    _get("/orders/{idorder}/tags", orders.list_tags),
    _create("/orders/{idorder}/tags", orders.add_tag),
    _delete("/orders/{idorder}/tags/{idtag}", orders.remove_tag),
    _get("/orders/{idorder}/orderfields", order_fields.list_),
    _update("/orders/{idorder}/orderfields/{idorderfield}", order_fields.update),
    _delete("/orders/{idorder}/orderfields/{idorderfield}", order_fields.remove),
    # Backorders, picklists, shipments
    _list("/backorders", backorders.list_),
    _get("/backorders/{idbackorder}", backorders.get, "`date_available` is always null"),
    _delete("/backorders/{idbackorder}", backorders.delete),
    _action("/backorders/process", backorders.process_all),
    _list("/picklists", picklists.list_, "no filter `idpicklist_batch`"),
    _get("/picklists/{idpicklist}", picklists.get, "no locations: `pick_locations` is empty"),
    _update("/picklists/{idpicklist}", picklists.update),
    _action("/picklists/{idpicklist}/pick", picklists.pick, "body", "no picking by location"),
    _action("/picklists/{idpicklist}/pickall", picklists.pick_all),
    _action("/picklists/{idpicklist}/close", picklists.close),
    _action("/picklists/{idpicklist}/cancel", picklists.cancel),
    _action("/picklists/{idpicklist}/assign", picklists.assign, "body"),
    _action("/picklists/{idpicklist}/unassign", picklists.unassign),
    _action("/picklists/{idpicklist}/snooze", picklists.snooze, "body"),
    _action("/picklists/{idpicklist}/pause", picklists.pause, "body"),
    _action("/picklists/{idpicklist}/resume", picklists.resume),
    _list("/picklists/{idpicklist}/comments", comments.list_on_picklist),
    _create("/picklists/{idpicklist}/comments", comments.add_to_picklist),
    _get("/picklists/{idpicklist}/shippingmethods", shipments.list_methods),
    _list("/picklists/{idpicklist}/shipments", shipments.list_of_picklist),
    Route(
        "POST",
        "/picklists/{idpicklist}/shipments",
        shipments.create,
        "body, query",
        201,
        note="no carrier is asked: labels and tracking pages do not answer",
    ),
    _delete("/picklists/{idpicklist}/shipments/{idshipment}", shipments.cancel),
    _list("/shipments", shipments.list_),
    _get("/shipments/{idshipment}", shipments.get),
    # Hooks
    _list("/hooks", hooks.list_),
    _create("/hooks", hooks.create),
    _get("/hooks/{idhook}", hooks.get),
    _delete("/hooks/{idhook}", hooks.deactivate),
    _action("/hooks/{idhook}/reactivate", hooks.reactivate),
)

# Endpoints of Picqer that the simulator refuses with status 400 and code 8.
NOT_SIMULATED: tuple[str, ...] = (
    "POST /products/{idproduct}/stock/{idwarehouse}/move",
    "GET /products/{idproduct}/locations",
    "POST /products/{idproduct}/locations",
    "PUT /products/{idproduct}/locations/{idlocation}",
    "DELETE /products/{idproduct}/locations/{idlocation}",
    "GET /products/{idproduct}/expected",
    "GET /products/{idproduct}/pricehistory",
    "GET /location-stock-history",
    "GET /pricelists",
    "GET /locations",
    "POST /locations",
    "GET /locationtypes",
    "GET /picklists/{idpicklist}/picklistpdf",
    "GET /picklists/{idpicklist}/packinglistpdf",
    "GET /picklists/batches",
    "POST /picklists/batches",
    "GET /returns",
    "POST /returns",
    "GET /return_statuses",
    "GET /return_reasons",
    "GET /purchaseorders",
    "POST /purchaseorders",
    "GET /receipts",
    "GET /suppliers",
    "GET /movements",
    "GET /tasks",
    "GET /comments",
    "GET /picking-containers",
    "GET /packingstations",
    "GET /webshoporders",
    "GET /fulfilment/customers",
    "GET /companies",
)
