"""Owns comments on orders, picklists, products and customers, and the older notes on orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.models import Comment, Wire, public
from picqer_simulator.core.parsing import boolean, read, require, text
from picqer_simulator.core.queries import Query, page
from picqer_simulator.rules.users import OWNER

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

READERS = {"body": text, "show_at_related": boolean, "is_visible_fulfilment": boolean}


def wire(comment: Comment) -> Wire:
    owner = {f"id{comment.owner}": comment.idowner}
    return public(comment) | owner | {"updated_at": comment.created_at}


def note_wire(comment: Comment) -> Wire:
    return {
        "idorder_note": comment.idcomment,
        "idorder": comment.idowner,
        "iduser": comment.iduser,
        "note": comment.body,
        "created": comment.created_at,
    }


def of(simulator: Simulator, owner: str, idowner: int) -> list[Comment]:
    return [
        comment
        for comment in simulator.state.comments.values()
        if (comment.owner, comment.idowner) == (owner, idowner)
    ]


def count(simulator: Simulator, owner: str, idowner: int) -> int:
    return len(of(simulator, owner, idowner))


def list_on(simulator: Simulator, owner: str, idowner: int, query: Query) -> list[Wire]:
    found = page(simulator.knobs, of(simulator, owner, idowner), query)
    return [wire(comment) for comment in found]


def add(simulator: Simulator, owner: str, idowner: int, body: Wire) -> Comment:
    values = read(simulator.knobs, body, READERS)
    require(values, "body")
    comment = Comment(
        idcomment=simulator.state.new_id("comment"),
        owner=owner,
        idowner=idowner,
        body=values["body"],
        show_at_related=values.get("show_at_related", True),
        is_visible_fulfilment=values.get("is_visible_fulfilment", False),
        iduser=OWNER,
        created_at=simulator.clock.stamp(),
    )
    simulator.state.comments[comment.idcomment] = comment
    simulator.emit("comments.created", wire(comment))
    return comment


def list_on_product(simulator: Simulator, idproduct: int, query: Query) -> list[Wire]:
    simulator.find(simulator.state.products, idproduct)
    return list_on(simulator, "product", idproduct, query)


def add_to_product(simulator: Simulator, idproduct: int, body: Wire) -> Wire:
    simulator.find(simulator.state.products, idproduct)
    return wire(add(simulator, "product", idproduct, body))


def list_on_customer(simulator: Simulator, idcustomer: int, query: Query) -> list[Wire]:
    simulator.find(simulator.state.customers, idcustomer)
    return list_on(simulator, "customer", idcustomer, query)


def add_to_customer(simulator: Simulator, idcustomer: int, body: Wire) -> Wire:
    simulator.find(simulator.state.customers, idcustomer)
    return wire(add(simulator, "customer", idcustomer, body))


def list_on_picklist(simulator: Simulator, idpicklist: int, query: Query) -> list[Wire]:
    simulator.find(simulator.state.picklists, idpicklist)
    return list_on(simulator, "picklist", idpicklist, query)


def add_to_picklist(simulator: Simulator, idpicklist: int, body: Wire) -> Wire:
    simulator.find(simulator.state.picklists, idpicklist)
    return wire(add(simulator, "picklist", idpicklist, body))
